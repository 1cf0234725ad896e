"""Empty files to fill in: columns named so that every one is recognised."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from typing import Final

from landbridge.discovery.vocabulary import ATTRIBUTES


class Template(StrEnum):
    """Which columns a template has."""

    REQUIRED = "required"  # what names an asset, and what most decisions need
    FULL = "full"  # everything that can be known of an asset


_REQUIRED: Final = ("hostname", "ip_address", "os_name", "environment", "application_name")
_OF_CONNECTIONS: Final = frozenset(
    ("rel_source", "rel_target", "rel_type", "source_ip", "target_ip", "port", "protocol",
     "process_name")
)  # fmt: skip


def template_columns(template: Template) -> list[str]:
    """The columns of a template."""
    if template is Template.REQUIRED:
        return list(_REQUIRED)
    return [a for a in ATTRIBUTES if a not in _OF_CONNECTIONS and not a.startswith("component_")]


def template_csv(template: Template) -> str:
    """The template as CSV: a header and no rows."""
    out = io.StringIO()
    csv.writer(out).writerow(template_columns(template))
    return "\ufeff" + out.getvalue()
