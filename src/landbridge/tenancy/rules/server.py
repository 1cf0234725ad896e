"""The server: what is installed beside us, and what its version lets slip."""

from __future__ import annotations

from landbridge.database.hardening import RISKY_FUNCTIONS
from landbridge.tenancy.rules.rule import Rule

MINIMUM_MINOR = {15: 16, 16: 12, 17: 8, 18: 2}
EXTENSIONS = ("plpgsql", "pg_trgm", "btree_gin", "btree_gist")

_versions = ", ".join(f"({major}, {minor})" for major, minor in MINIMUM_MINOR.items())
_extensions = ", ".join(f"'{name}'" for name in EXTENSIONS)
_risky = ", ".join(f"'{name}'" for name in RISKY_FUNCTIONS)

RULES = (
    Rule(
        "SERVER_VERSION",
        "The server's version has no known hole in row-level security.",
        "Upgrade PostgreSQL to the newest minor version.",
        f"""
        with fixed (major, minor) as (values {_versions}),
        here as (select current_setting('server_version_num')::int / 10000 as major,
                        current_setting('server_version_num')::int % 10000 as minor)
        select 'server', format('%s.%s', here.major, here.minor)
          from here left join fixed using (major)
         where here.major < 15 or here.minor < fixed.minor""",
    ),
    Rule(
        "EXTENSION_NOT_ALLOWED",
        "No extension is installed but the allowed ones.",
        "drop extension ….",
        f"select extname::text, 'version ' || extversion from pg_extension "
        f"where extname not in ({_extensions})",
    ),
    Rule(
        "UNTRUSTED_LANGUAGE",
        "No untrusted language is installed.",
        "drop language … cascade.",
        "select lanname::text, 'untrusted' from pg_language "
        "where not lanpltrusted and lanname not in ('internal', 'c')",
    ),
    Rule(
        "SYSTEM_FUNCTION_OPEN",
        "Our logins cannot see or disturb other sessions, nor use large objects.",
        "Run 'landbridge db migrate' as a superuser; other roles cannot revoke this.",
        f"""
        select p.oid::regprocedure::text, 'app_rw may execute'
          from unnest(array[{_risky}]) as w (signature)
          join pg_proc p on p.oid = to_regprocedure(w.signature)
         where has_function_privilege('app_rw', p.oid, 'execute')
           and (select rolsuper from pg_roles where rolname = session_user)""",
    ),
)
