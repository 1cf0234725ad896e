"""Sending: from a delivery that is due to an attempt that is recorded."""
