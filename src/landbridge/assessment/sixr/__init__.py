"""Migration strategies by readable rules, with evidence, confidence and alternatives."""
