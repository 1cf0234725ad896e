"""Webhooks: signed messages about flows, sent to addresses that a client account chooses."""
