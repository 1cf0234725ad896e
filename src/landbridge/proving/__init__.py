"""The proof of isolation: attacks on every relation and every route, made from the catalog."""
