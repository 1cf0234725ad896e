"""The dependency graph as a whole: groups that move together, and waves in which they move."""
