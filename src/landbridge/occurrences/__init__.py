"""Errors that occurred: noted where they happen, written down by one thread."""
