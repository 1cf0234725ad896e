"""The error catalogue: every failure has a code, a cause and a remedy."""
