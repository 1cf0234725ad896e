"""Roles: our logins own nothing, can bypass nothing, and can become nobody else."""

from __future__ import annotations

from landbridge.tenancy.rules.rule import OUR_SCHEMAS, Rule

LOGINS = "('app_rw', 'app_worker')"
OURS = "('app_owner', 'app_rw', 'app_worker')"

RULES = (
    Rule(
        "ROLE_ATTRIBUTES",
        "None of our roles is a superuser, bypasses row-level security, replicates, or makes "
        "roles or databases; app_owner cannot log in.",
        "alter role … nosuperuser nobypassrls noreplication nocreaterole nocreatedb.",
        f"""
        select rolname::text, format('super %s, bypassrls %s, replication %s, createrole %s, '
               'createdb %s, login %s', rolsuper, rolbypassrls, rolreplication, rolcreaterole,
               rolcreatedb, rolcanlogin)
          from pg_roles
         where rolname in {OURS} and (rolsuper or rolbypassrls or rolreplication
               or rolcreaterole or rolcreatedb or (rolname = 'app_owner' and rolcanlogin))
        union all
        select w.name, 'missing' from unnest(array['app_owner', 'app_rw', 'app_worker']) w (name)
         where to_regrole(w.name) is null""",
    ),
    Rule(
        "ROLE_MEMBERSHIP",
        "Our logins can become no other role, at any remove, but app_worker as app_rw.",
        "revoke … from ….",
        f"""
        with recursive reach (member, role) as (
          select m.member, m.roleid from pg_auth_members m
            join pg_roles r on r.oid = m.member and r.rolname in {OURS}
          union
          select reach.member, m.roleid from reach join pg_auth_members m on m.member = reach.role)
        select member::regrole::text, 'is a member of ' || role::regrole::text from reach
         where (member::regrole::text, role::regrole::text) not in (
               ('app_worker', 'app_rw'), ('app_owner', 'app_rw'))""",
    ),
    Rule(
        "ROLE_OWNS",
        "Our logins own nothing.",
        "alter … owner to app_owner.",
        f"""
        select r.rolname::text, d.classid::regclass::text || ' ' || d.objid
          from pg_shdepend d join pg_roles r on r.oid = d.refobjid
         where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o' and r.rolname in {LOGINS}
           and d.dbid in (0, (select oid from pg_database where datname = current_database()))""",
    ),
    Rule(
        "ROLE_SETTING",
        "No role or database has settings that name a context, a role or row security.",
        "alter role … reset ….",
        """
        select coalesce(nullif(s.setrole, 0)::regrole::text, 'database'), c.setting
          from pg_db_role_setting s, unnest(s.setconfig) as c (setting)
         where c.setting ~* '^(app\\.|role=|row_security=|session_authorization=|'
               'session_replication_role=|search_path=)'
           and (s.setdatabase = 0 or s.setdatabase =
                (select oid from pg_database where datname = current_database()))
           and (s.setrole = 0 or s.setrole::regrole::text in ('app_owner', 'app_rw', 'app_worker'))
        """,
    ),
    Rule(
        "PARAMETER_GRANT",
        "Our logins may set no protected parameter.",
        "revoke set on parameter … from ….",
        f"""
        select p.parname, coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC')
          from pg_parameter_acl p, aclexplode(p.paracl) a
         where a.grantee = 0 or a.grantee::regrole::text in {OURS}""",
    ),
    Rule(
        "OTHER_BYPASS_LOGIN",
        "No other login can bypass row-level security.",
        "alter role … nosuperuser nobypassrls, or allow-list the role with its reason.",
        """
        select rolname::text, format('super %s, bypassrls %s', rolsuper, rolbypassrls)
          from pg_roles
         where rolcanlogin and (rolsuper or rolbypassrls) and oid <> 10
           and rolname <> session_user""",
    ),
    Rule(
        "TABLE_GRANT_TOO_WIDE",
        "Our logins hold no right on a table that row-level security does not filter.",
        "revoke truncate, references, trigger on … from ….",
        f"""
        select c.oid::regclass::text, a.privilege_type || ' to '
               || coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC')
          from pg_class c join pg_namespace n on n.oid = c.relnamespace,
               aclexplode(c.relacl) a
         where n.nspname in {OUR_SCHEMAS} and c.relkind in ('r', 'p', 'v', 'm', 'f')
           and a.grantee <> c.relowner
           and a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')""",
    ),
    Rule(
        "AUDIT_LOG_WRITABLE",
        "Our logins read the audit log; only the database's own functions write it.",
        "revoke insert, update, delete on … from app_rw, app_worker.",
        f"""
        select c.oid::regclass::text, a.privilege_type || ' to ' || a.grantee::regrole::text
          from pg_class c, aclexplode(c.relacl) a
         where c.relnamespace = to_regnamespace('app') and c.relname like 'audit\\_%'
           and a.grantee::regrole::text in {LOGINS} and a.privilege_type <> 'SELECT'""",
    ),
    Rule(
        "GRANTED_TO_STRANGER",
        "Only our logins hold rights on our schemas, tables and columns.",
        "revoke all on … from ….",
        f"""
        with granted as (
          select c.oid::regclass::text as object, a.grantee, a.privilege_type, c.relowner as owner
            from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
           where n.nspname in {OUR_SCHEMAS}
          union all
          select c.oid::regclass::text || '.' || t.attname, a.grantee, a.privilege_type, c.relowner
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
           where n.nspname in {OUR_SCHEMAS}
          union all
          select 'schema ' || n.nspname, a.grantee, a.privilege_type, n.nspowner
            from pg_namespace n, aclexplode(n.nspacl) a where n.nspname in {OUR_SCHEMAS})
        select object, privilege_type || ' to '
               || coalesce(nullif(grantee, 0)::regrole::text, 'PUBLIC')
          from granted where grantee <> owner
           and coalesce(nullif(grantee, 0)::regrole::text, 'PUBLIC') not in {LOGINS}""",
    ),
    Rule(
        "PRIVATE_TABLE_GRANTED",
        "Our logins read no table of app_private but the allow-listed ones.",
        "revoke all on … from …; reach it through a definer function.",
        """
        select c.oid::regclass::text, a.privilege_type || ' to ' || a.grantee::regrole::text
          from pg_class c, aclexplode(c.relacl) a
         where c.relnamespace = to_regnamespace('app_private') and c.relkind in ('r', 'p', 'v')
           and a.grantee <> c.relowner and a.grantee <> 0
        union all
        select c.oid::regclass::text || '.' || t.attname,
               a.privilege_type || ' to ' || a.grantee::regrole::text
          from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
         where c.relnamespace = to_regnamespace('app_private') and a.grantee <> c.relowner
           and a.grantee <> 0""",
    ),
    Rule(
        "SCHEMA_CREATE",
        "Our logins can create nothing but temporary tables.",
        "revoke create on schema … from ….",
        f"""
        select 'schema ' || n.nspname, r.rolname || ' may create'
          from pg_namespace n cross join pg_roles r
         where r.rolname in {LOGINS} and n.nspname !~ '^pg_(toast_)?temp_'
           and has_schema_privilege(r.oid, n.oid, 'create')
        union all
        select 'database ' || current_database(), r.rolname || ' may create' from pg_roles r
         where r.rolname in {LOGINS}
           and has_database_privilege(r.oid, current_database(), 'create')""",
    ),
    Rule(
        "PUBLIC_GRANT",
        "PUBLIC has no right on this database or on the schema public.",
        "revoke all on … from public.",
        """
        select 'database ' || d.datname, a.privilege_type
          from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
         where d.datname = current_database() and a.grantee = 0
        union all
        select 'schema public', a.privilege_type from pg_namespace n,
               aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
         where n.nspname = 'public' and a.grantee = 0""",
    ),
    Rule(
        "DEFAULT_PRIVILEGES",
        "New objects of app_owner are granted to nobody by default.",
        "alter default privileges … revoke ….",
        """
        select coalesce(nullif(d.defaclnamespace, 0)::regnamespace::text, 'every schema'),
               a.privilege_type || ' to ' || coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC')
          from pg_default_acl d, aclexplode(d.defaclacl) a
         where d.defaclrole = to_regrole('app_owner') and a.grantee <> d.defaclrole
        union all
        select 'every schema', 'new functions are executable by PUBLIC'
         where not exists (select from pg_default_acl d where d.defaclnamespace = 0
                 and d.defaclrole = to_regrole('app_owner') and d.defaclobjtype = 'f')""",
    ),
)
