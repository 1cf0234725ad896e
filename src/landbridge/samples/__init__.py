"""A generated sample estate whose truth is known."""
