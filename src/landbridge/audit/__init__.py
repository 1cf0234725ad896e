"""The audit log: who did what, when, from where, on what and why – and the proof of it."""
