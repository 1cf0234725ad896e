"""The landbridge command line."""
