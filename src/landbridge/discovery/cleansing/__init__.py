"""Phase 3, data_cleansing: texts to typed values, with lineage."""
