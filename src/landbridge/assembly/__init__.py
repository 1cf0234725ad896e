"""Puts the parts together: which flow types, which catalogue, which orchestrator."""
