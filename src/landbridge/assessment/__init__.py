"""Assessment: what becomes of each application, when it moves, and into which size."""
