"""The implementations of the port: rules only, recordings, and the library that asks models."""
