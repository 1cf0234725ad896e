"""Cleansing rules: pure functions from a text and a column's hints to typed values."""

from landbridge.discovery.cleansing.rules.base import Cleansed
from landbridge.discovery.cleansing.rules.dispatch import cleanse, is_change

__all__ = ["Cleansed", "cleanse", "is_change"]
