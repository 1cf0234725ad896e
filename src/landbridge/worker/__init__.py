"""The process that executes flows."""
