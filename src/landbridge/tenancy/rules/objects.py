"""Everything beside tables that can hold or show rows."""

from __future__ import annotations

from landbridge.tenancy.rules.rule import OUR_SCHEMAS, Rule

RULES = (
    Rule(
        "VIEW_NOT_INVOKER",
        "Every view reads with the rights of who asks.",
        "create view … with (security_invoker = true).",
        f"""
        select c.oid::regclass::text, 'security_invoker is not set'
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in {OUR_SCHEMAS} and c.relkind = 'v' and not exists (
               select from unnest(c.reloptions) as o
                where lower(o) in ('security_invoker=true', 'security_invoker=on',
                                   'security_invoker=1', 'security_invoker=yes'))""",
    ),
    Rule(
        "MATERIALIZED_OR_FOREIGN",
        "There are no materialised views and no foreign tables: row-level security does not "
        "reach them.",
        "Drop it; use a view with security_invoker, or a protected table.",
        """
        select c.oid::regclass::text, 'kind ' || c.relkind::text
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('m', 'f') and n.nspname not in ('pg_catalog', 'information_schema')""",
    ),
    Rule(
        "RULE_ON_TABLE",
        "No rewrite rule changes what a statement does.",
        "Drop the rule.",
        f"""
        select r.ev_class::regclass::text, r.rulename::text
          from pg_rewrite r join pg_class c on c.oid = r.ev_class
          join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in {OUR_SCHEMAS} and r.rulename <> '_RETURN'""",
    ),
    Rule(
        "SEQUENCE",
        "Tenants share no sequence: its values tell how much others do.",
        "Use uuid keys, or count within the tenant.",
        """
        select c.oid::regclass::text, 'sequence' from pg_class c
         where c.relkind = 'S' and c.relnamespace = to_regnamespace('app')""",
    ),
    Rule(
        "FOREIGN_SCHEMA",
        "Only our schemas hold relations.",
        "Move the relation to the schema app and protect it, or drop it.",
        f"""
        select c.oid::regclass::text, 'in schema ' || n.nspname
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'S')
           and n.nspname not in {OUR_SCHEMAS}
           and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
           and n.nspname !~ '^pg_(toast_)?temp_'""",
    ),
    Rule(
        "OWNER",
        "Everything in our schemas belongs to app_owner, who cannot bypass row-level security.",
        "alter … owner to app_owner.",
        f"""
        select c.oid::regclass::text, 'owned by ' || c.relowner::regrole::text
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in {OUR_SCHEMAS} and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
           and c.relowner is distinct from to_regrole('app_owner')
        union all
        select p.oid::regprocedure::text, 'owned by ' || p.proowner::regrole::text
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in {OUR_SCHEMAS} and p.proowner is distinct from to_regrole('app_owner')
        union all
        select n.nspname::text, 'owned by ' || n.nspowner::regrole::text from pg_namespace n
         where n.nspname in {OUR_SCHEMAS} and n.nspowner is distinct from to_regrole('app_owner')
        """,
    ),
    Rule(
        "PUBLICATION",
        "Nothing is published by logical replication, which ignores row-level security.",
        "drop publication ….",
        "select pubname::text, 'publication' from pg_publication",
    ),
    Rule(
        "LARGE_OBJECT",
        "There are no large objects: they have no tenant.",
        "Store bytes in app.file_pieces and remove the object.",
        "select oid::text, 'large object' from pg_largeobject_metadata",
    ),
    Rule(
        "EVENT_TRIGGER",
        "No event trigger runs code on schema changes.",
        "drop event trigger ….",
        "select evtname::text, 'event trigger' from pg_event_trigger",
    ),
    Rule(
        "FOREIGN_SERVER",
        "The database reaches no other server.",
        "drop server … cascade.",
        "select srvname::text, 'foreign server' from pg_foreign_server",
    ),
)
