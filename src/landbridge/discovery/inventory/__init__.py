"""Phase 4, asset_inventory: records to deduplicated assets."""
