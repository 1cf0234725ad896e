"""The Master Flow Orchestrator and everything a flow's life consists of."""
