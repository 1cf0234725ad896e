"""Agents: what may be asked of a language model, behind one port, booked to the client account."""
