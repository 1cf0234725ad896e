"""Phase 5, dependency_analysis: evidence to typed edges."""
