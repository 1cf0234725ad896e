"""Every rule that keeps one client's rows from another, each a query over the catalog."""

from __future__ import annotations

from landbridge.tenancy.rules.functions import RULES as FUNCTIONS
from landbridge.tenancy.rules.keys import RULES as KEYS
from landbridge.tenancy.rules.objects import RULES as OBJECTS
from landbridge.tenancy.rules.roles import RULES as ROLES
from landbridge.tenancy.rules.rule import Rule as Rule
from landbridge.tenancy.rules.server import RULES as SERVER
from landbridge.tenancy.rules.tables import RULES as TABLES

RULES: tuple[Rule, ...] = (*TABLES, *KEYS, *OBJECTS, *FUNCTIONS, *ROLES, *SERVER)
