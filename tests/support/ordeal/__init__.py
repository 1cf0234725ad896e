"""The ordeal: flows of many shapes, workers and a server that are treated badly, a verdict."""
