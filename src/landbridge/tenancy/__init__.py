"""Client accounts and the lints that prove their isolation."""
