"""Landbridge: a multi-tenant control plane for agentic cloud-migration flows."""
