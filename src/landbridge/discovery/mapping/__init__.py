"""Phase 2, field_mapping: columns to canonical attributes."""
