"""The end of a client account: everything out, everything gone, and the proof of both."""
