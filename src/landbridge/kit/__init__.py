"""Small shared building blocks: settings, ids, clock, JSON, logging."""
