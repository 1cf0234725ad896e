"""Phase 1, data_import: files in, verbatim rows and issues out."""
