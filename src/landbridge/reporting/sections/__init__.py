"""The parts of the report. Each reads what its part of the product says, or is left out."""
