"""Phase 6, tech_debt_assessment: assets to dated findings."""
