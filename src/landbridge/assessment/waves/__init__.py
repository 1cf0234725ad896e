"""Waves: when each application moves, and why."""
