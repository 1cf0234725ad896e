"""Applications of assets of which no source says what they are for."""
