"""Tables: each carries its tenant, under exactly the two policies."""

from __future__ import annotations

from landbridge.tenancy.rules.rule import TENANT_TABLES, Rule

PROTECT = "Create the table with its tenant column and call app_private.protect() on it."

RULES = (
    Rule(
        "TABLE_WITHOUT_TENANT",
        "Every table of the schema app has a tenant column.",
        PROTECT,
        TENANT_TABLES + "select oid::regclass::text, 'no client_account_id' from t "
        "where tenant is null",
    ),
    Rule(
        "TENANT_COLUMN_SHAPE",
        "The tenant column is a uuid and never null.",
        "Make client_account_id uuid not null.",
        TENANT_TABLES
        + """
        select oid::regclass::text, format('type %s, not null %s', atttypid::regtype, attnotnull)
          from t where tenant is not null and (atttypid <> 'uuid'::regtype or not attnotnull)""",
    ),
    Rule(
        "ROW_SECURITY_OFF",
        "Row-level security is enabled and forced on every table of the schema app.",
        PROTECT,
        TENANT_TABLES
        + """
        select oid::regclass::text,
               format('enabled %s, forced %s', relrowsecurity, relforcerowsecurity)
          from t where not (relrowsecurity and relforcerowsecurity)""",
    ),
    Rule(
        "PRIVATE_ROW_SECURITY_OFF",
        "Row-level security is enabled on every table of the schema app_private, so that a "
        "careless grant shows nothing.",
        "alter table … enable row level security.",
        """
        select c.oid::regclass::text, 'not enabled' from pg_class c
         where c.relnamespace = to_regnamespace('app_private') and c.relkind in ('r', 'p')
           and not c.relrowsecurity""",
    ),
    Rule(
        "POLICIES_CHANGED",
        "Every table has exactly the two policies that protect() makes.",
        "Drop the other policy, or drop both and call app_private.protect() again.",
        TENANT_TABLES
        + """
        , wanted (name, permissive, roles) as (
            values ('tenant', true, array['app_rw'::regrole::oid]),
                   ('tenant_floor', false, array[0::oid])),
        given as (
          select t.oid, p.polname, p.polpermissive, p.polroles::oid[] as roles, p.polcmd,
                 pg_get_expr(p.polqual, p.polrelid) as reads,
                 pg_get_expr(p.polwithcheck, p.polrelid) as writes,
                 format('(%s = ( SELECT app.tenant() AS tenant))', a.attname) as right_text
            from t join pg_policy p on p.polrelid = t.oid
            left join pg_attribute a on a.attrelid = t.oid and a.attnum = t.tenant)
        select coalesce(g.oid, w.oid)::regclass::text,
               case when g.oid is null then 'policy ' || w.name || ' is missing'
                    else 'policy ' || g.polname || ' is not one of the two' end
          from (select t.oid, wanted.* from t cross join wanted) w
          full join given g on g.oid = w.oid and g.polname = w.name
               and g.polpermissive = w.permissive and g.roles = w.roles and g.polcmd = '*'
               and g.reads = g.right_text and g.writes = g.right_text
         where g.oid is null or w.oid is null""",
    ),
    Rule(
        "TENANT_DEFAULT",
        "The tenant column fills itself from the open context.",
        PROTECT,
        TENANT_TABLES
        + """
        select t.oid::regclass::text,
               coalesce('default is ' || pg_get_expr(d.adbin, d.adrelid), 'no default')
          from t left join pg_attrdef d on d.adrelid = t.oid and d.adnum = t.tenant
         where t.tenant is not null and t.relname <> 'client_accounts'
           and pg_get_expr(d.adbin, d.adrelid) is distinct from 'app.tenant()'""",
    ),
    Rule(
        "PARTITION_OR_CHILD",
        "No table is partitioned or inherits: a grant on a child goes around the parent's "
        "policies.",
        "Use one plain table with the tenant in front of its keys.",
        """
        select i.inhrelid::regclass::text, 'child of ' || i.inhparent::regclass::text
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where c.relkind in ('r', 'p', 'f') and c.relnamespace in (
               to_regnamespace('app'), to_regnamespace('app_private'))
        union all
        select c.oid::regclass::text, 'partitioned' from pg_class c
         where c.relkind = 'p' and c.relnamespace in (
               to_regnamespace('app'), to_regnamespace('app_private'))""",
    ),
    Rule(
        "LEAKY_INDEX",
        "Every index can serve queries under row-level security: its operators are leakproof.",
        "Index a plain text, bigint, uuid or timestamptz column; search through a definer "
        "function that returns ids.",
        TENANT_TABLES
        + """
        select distinct i.indexrelid::regclass::text,
               'operator ' || o.oid::regoperator::text || ' is not leakproof'
          from t join pg_index i on i.indrelid = t.oid
          cross join unnest(i.indclass::oid[]) as k (opclass)
          join pg_opclass c on c.oid = k.opclass
          join pg_amop m on m.amopfamily = c.opcfamily
               and m.amoplefttype = c.opcintype and m.amoprighttype = c.opcintype
               and m.amoppurpose = 's'
          join pg_operator o on o.oid = m.amopopr
          join pg_proc p on p.oid = o.oprcode
         where not p.proleakproof""",
    ),
    Rule(
        "LEAKY_INDEX_EXPRESSION",
        "No index relies on a function that row-level security cannot push down.",
        "Keep the value in a column of its own and index that.",
        TENANT_TABLES
        + """
        select distinct i.indexrelid::regclass::text, 'uses ' || p.oid::regprocedure::text
          from t join pg_index i on i.indrelid = t.oid
          join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
               and d.refclassid = 'pg_proc'::regclass
          join pg_proc p on p.oid = d.refobjid
         where i.indexprs is not null and not p.proleakproof
        union
        select i.indexrelid::regclass::text, 'is over an expression'
          from t join pg_index i on i.indrelid = t.oid where i.indexprs is not null""",
    ),
)
