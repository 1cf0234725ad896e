"""The map of dependencies: what is drawn, where, and what it hides."""
