"""Right-sizing: what size a server needs, worked out from its measured utilisation."""
