"""Keys: the tenant is part of every one, so that no key joins or collides across tenants."""

from __future__ import annotations

from landbridge.tenancy.rules.rule import TENANT_TABLES, Rule

RULES = (
    Rule(
        "PRIMARY_KEY",
        "Every primary key exists and leads with the tenant.",
        "primary key (client_account_id, id).",
        TENANT_TABLES
        + """
        select t.oid::regclass::text,
               coalesce(pg_get_constraintdef(k.oid), 'no primary key')
          from t left join pg_constraint k on k.conrelid = t.oid and k.contype = 'p'
         where k.oid is null or k.conkey[1] is distinct from t.tenant""",
    ),
    Rule(
        "UNIQUE_WITHOUT_TENANT",
        "Every unique index and exclusion includes the tenant, so that no insert tells whether "
        "another tenant has a value.",
        "unique (client_account_id, …).",
        TENANT_TABLES
        + """
        select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
          from t join pg_index i on i.indrelid = t.oid
         where (i.indisunique or i.indisexclusion) and coalesce(
               t.tenant <> all ((i.indkey::int2[])[0:i.indnkeyatts - 1]), true)""",
    ),
    Rule(
        "FOREIGN_KEY_WITHOUT_TENANT",
        "Every foreign key between tenants' tables carries the tenant on both sides.",
        "foreign key (client_account_id, x_id) references x (client_account_id, id).",
        TENANT_TABLES
        + """
        select k.conrelid::regclass::text, pg_get_constraintdef(k.oid)
          from pg_constraint k
          join t on t.oid = k.conrelid
          left join t r on r.oid = k.confrelid
         where k.contype = 'f' and not exists (
               select from unnest(k.conkey, k.confkey) as pair (mine, theirs)
                where pair.mine = t.tenant and pair.theirs = r.tenant)""",
    ),
    Rule(
        "FOREIGN_KEY_CHANGES_TENANT",
        "No foreign key's action can set a tenant column.",
        "Use on delete cascade, or on delete set null (x_id).",
        TENANT_TABLES
        + """
        select k.conrelid::regclass::text, pg_get_constraintdef(k.oid)
          from pg_constraint k join t on t.oid = k.conrelid
         where k.contype = 'f' and (
               (k.confdeltype in ('n', 'd') and t.tenant = any (
                  case when cardinality(k.confdelsetcols) > 0 then k.confdelsetcols
                       else k.conkey end))
            or (k.confupdtype in ('n', 'd', 'c')))""",
    ),
    Rule(
        "CONSTRAINT_NOT_VALID",
        "Every constraint is validated and enforced.",
        "alter table … validate constraint ….",
        """
        select k.conrelid::regclass::text, k.conname::text
          from pg_constraint k
         where k.connamespace in (to_regnamespace('app'), to_regnamespace('app_private'))
           and (not k.convalidated or (to_jsonb(k) ->> 'conenforced') = 'false')""",
    ),
    Rule(
        "FOREIGN_KEY_NOT_INDEXED",
        "Every foreign key is the head of an index, so that a delete scans no other tenant's rows.",
        "create index on … (client_account_id, x_id).",
        """
        select k.conrelid::regclass::text, pg_get_constraintdef(k.oid)
          from pg_constraint k
         where k.contype = 'f' and k.connamespace in (
               to_regnamespace('app'), to_regnamespace('app_private'))
           and not exists (
               select from pg_index i
                where i.indrelid = k.conrelid and i.indpred is null and i.indisvalid
                  and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)""",
    ),
    Rule(
        "ASSET_NOT_CHECKED",
        "What refers to assets does so by a foreign key, or its statements are checked as one.",
        "Add the foreign key, or the triggers know_assets_insert and know_assets_update, and name "
        "the column to the trigger forget_assets of app.assets.",
        """
        with told (t, event, arguments) as (
          select g.tgrelid, g.tgname, string_to_array(encode(g.tgargs, 'escape'), '\\000')
            from pg_trigger g join pg_proc p on p.oid = g.tgfoid
           where p.pronamespace = to_regnamespace('app_private') and (
                 (p.proname = 'know_assets' and g.tgnewtable is not null)
                 or (p.proname = 'forget_assets' and g.tgoldtable is not null)))
        select a.attrelid::regclass::text, a.attname::text
          from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
         where c.relnamespace = to_regnamespace('app') and not a.attisdropped
           and a.attname ~ '(^|_)asset_id$' and not exists (
             select from pg_constraint k
              where k.contype = 'f' and k.conrelid = c.oid and a.attnum = any(k.conkey)
                and k.confrelid = to_regclass('app.assets'))
           and ((select count(*) from told
                  where t = c.oid and event in ('know_assets_insert', 'know_assets_update')
                    and a.attname = any(arguments)) <> 2
             or not exists (
               select from told, generate_subscripts(arguments, 1) n
                where t = to_regclass('app.assets') and event = 'forget_assets' and n % 2 = 1
                  and arguments[n] = 'app.' || c.relname and arguments[n + 1] = a.attname))""",
    ),
    Rule(
        "TRIGGER_DISABLED",
        "Every trigger fires, those of foreign keys included.",
        "alter table … enable trigger all.",
        """
        select g.tgrelid::regclass::text, g.tgname::text
          from pg_trigger g join pg_class c on c.oid = g.tgrelid
         where g.tgenabled <> 'O' and c.relnamespace in (
               to_regnamespace('app'), to_regnamespace('app_private'))""",
    ),
    Rule(
        "TRIGGER_NOT_ALLOWED",
        "Tables have no trigger but the allow-listed ones.",
        "Do the work in code, or allow-list the trigger with its reason.",
        """
        select g.tgrelid::regclass::text || '.' || g.tgname,
               'calls ' || g.tgfoid::regprocedure::text
          from pg_trigger g join pg_class c on c.oid = g.tgrelid
         where not g.tgisinternal and c.relnamespace in (
               to_regnamespace('app'), to_regnamespace('app_private'))""",
    ),
)
