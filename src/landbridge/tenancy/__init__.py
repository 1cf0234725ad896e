"""Isolation between client accounts: the rules of the schema, and what checks them."""
