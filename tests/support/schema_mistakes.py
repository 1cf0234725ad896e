"""Mistakes in a schema, each as the statements that plant it: SQL and what the lint calls it."""

from __future__ import annotations

TABLE = """
create table app.extras (
  client_account_id uuid not null references app.client_accounts (id), id uuid not null,
  note text, primary key (client_account_id, id));
select app_private.protect('app.extras');
"""

LINTED: dict[str, tuple[str, str]] = {
    "a table without a tenant": (
        "create table app.notes (id uuid primary key)",
        "TABLE_WITHOUT_TENANT",
    ),
    "a nullable tenant": (
        "create table app.notes (client_account_id uuid, id uuid)",
        "TENANT_COLUMN_SHAPE",
    ),
    "a tenant of type text": (
        "create table app.notes (client_account_id text not null, id uuid)",
        "TENANT_COLUMN_SHAPE",
    ),
    "row security switched off": (
        "alter table app.assets disable row level security",
        "ROW_SECURITY_OFF",
    ),
    "row security not forced": (
        "alter table app.assets no force row level security",
        "ROW_SECURITY_OFF",
    ),
    "row security off on credentials": (
        "alter table app_private.credentials disable row level security",
        "PRIVATE_ROW_SECURITY_OFF",
    ),
    "a third policy that lets everybody read": (
        "create policy everybody on app.assets for select using (true)",
        "POLICIES_CHANGED",
    ),
    "the floor dropped": (
        "drop policy tenant_floor on app.assets",
        "POLICIES_CHANGED",
    ),
    "a policy that reads everything": (
        "alter policy tenant on app.assets using (true)",
        "POLICIES_CHANGED",
    ),
    "a policy that writes anything": (
        "alter policy tenant_floor on app.assets with check (true)",
        "POLICIES_CHANGED",
    ),
    "a policy for another role": (
        "alter policy tenant on app.assets to public",
        "POLICIES_CHANGED",
    ),
    "a policy on the bare setting": (
        "alter policy tenant on app.assets using "
        "(client_account_id = current_setting('app.client')::uuid)",
        "POLICIES_CHANGED",
    ),
    "no default for the tenant": (
        "alter table app.assets alter client_account_id drop default",
        "TENANT_DEFAULT",
    ),
    "a default that is a constant": (
        "alter table app.assets alter client_account_id set default gen_random_uuid()",
        "TENANT_DEFAULT",
    ),
    "a child table": (
        "create table app.old_assets () inherits (app.assets); "
        "grant select on app.old_assets to app_rw",
        "PARTITION_OR_CHILD",
    ),
    "a partitioned table": (
        "create table app.parts (client_account_id uuid not null, id uuid) "
        "partition by list (client_account_id)",
        "PARTITION_OR_CHILD",
    ),
    "an index over jsonb": (
        "create index on app.assets using gin (attributes)",
        "LEAKY_INDEX",
    ),
    "an index over numeric": (
        TABLE + "alter table app.extras add n numeric; create index on app.extras (n)",
        "LEAKY_INDEX",
    ),
    "an index over an expression": (
        "create index on app.assets (client_account_id, (upper(os_name)))",
        "LEAKY_INDEX_EXPRESSION",
    ),
    "a primary key without the tenant in front": (
        "create table app.notes (client_account_id uuid not null, id uuid, "
        "primary key (id, client_account_id))",
        "PRIMARY_KEY",
    ),
    "no primary key": (
        "create table app.notes (client_account_id uuid not null, id uuid)",
        "PRIMARY_KEY",
    ),
    "a global unique name": (
        "create unique index on app.assets (name)",
        "UNIQUE_WITHOUT_TENANT",
    ),
    "a unique index that only includes the tenant": (
        "create unique index on app.assets (name) include (client_account_id)",
        "UNIQUE_WITHOUT_TENANT",
    ),
    "an exclusion without the tenant": (
        TABLE + "alter table app.extras add exclude using btree (note with =)",
        "UNIQUE_WITHOUT_TENANT",
    ),
    "a foreign key without the tenant": (
        TABLE + "create unique index flows_global on app.flows (id); "
        "alter table app.extras add foreign key (id) references app.flows (id)",
        "FOREIGN_KEY_WITHOUT_TENANT",
    ),
    "a foreign key with the tenant crossed": (
        TABLE + "alter table app.extras add other uuid; alter table app.extras "
        "add foreign key (other, id) references app.flows (client_account_id, id)",
        "FOREIGN_KEY_WITHOUT_TENANT",
    ),
    "a foreign key that sets the tenant null": (
        TABLE + "alter table app.extras add f uuid; alter table app.extras add "
        "foreign key (client_account_id, f) references app.flows (client_account_id, id) "
        "on delete set null",
        "FOREIGN_KEY_CHANGES_TENANT",
    ),
    "a foreign key that follows an update of the tenant": (
        TABLE + "alter table app.extras add f uuid; alter table app.extras add "
        "foreign key (client_account_id, f) references app.flows (client_account_id, id) "
        "on update cascade",
        "FOREIGN_KEY_CHANGES_TENANT",
    ),
    "a constraint that is not validated": (
        "alter table app.assets add foreign key (client_account_id, first_seen_flow_id) "
        "references app.flows (client_account_id, id) not valid",
        "CONSTRAINT_NOT_VALID",
    ),
    "a foreign key without an index": (
        TABLE + "alter table app.extras add f uuid; alter table app.extras add "
        "foreign key (client_account_id, f) references app.flows (client_account_id, id)",
        "FOREIGN_KEY_NOT_INDEXED",
    ),
    "assets that are not checked": (
        "drop trigger know_assets_insert on app.asset_keys",
        "ASSET_NOT_CHECKED",
    ),
    "assets that are checked in inserts only": (
        "drop trigger know_assets_update on app.findings",
        "ASSET_NOT_CHECKED",
    ),
    "another column checked than the one that names the asset": (
        "drop trigger know_assets_insert on app.dependencies; create trigger know_assets_insert "
        "after insert on app.dependencies referencing new table as written for each statement "
        "execute function app_private.know_assets('from_asset_id', 'from_asset_id')",
        "ASSET_NOT_CHECKED",
    ),
    "rows left behind by a deleted asset": (
        "drop trigger forget_assets on app.assets",
        "ASSET_NOT_CHECKED",
    ),
    "a table of assets without a foreign key": (
        "alter table app.asset_components drop constraint "
        "asset_components_client_account_id_asset_id_fkey",
        "ASSET_NOT_CHECKED",
    ),
    "a check of assets that checks nothing": (
        "create or replace function app_private.know_assets() returns trigger language plpgsql "
        "as 'begin return null; end'",
        "TENANT_FUNCTION_CHANGED",
    ),
    "triggers of foreign keys switched off": (
        "alter table app.assets disable trigger all",
        "TRIGGER_DISABLED",
    ),
    "a trigger nobody allowed": (
        "create function app.meddle() returns trigger language plpgsql as "
        "'begin return new; end'; create trigger meddle before insert on app.assets "
        "for each row execute function app.meddle()",
        "TRIGGER_NOT_ALLOWED",
    ),
    "a view with its owner's eyes": (
        "create view app.all_assets as select * from app.assets",
        "VIEW_NOT_INVOKER",
    ),
    "a materialised view": (
        "create materialized view app.totals as select 1 as n",
        "MATERIALIZED_OR_FOREIGN",
    ),
    "a rewrite rule": (
        "create rule quiet as on delete to app.assets do instead nothing",
        "RULE_ON_TABLE",
    ),
    "a sequence shared by tenants": ("create sequence app.counter", "SEQUENCE"),
    "a table in public": ("create table public.copy (id int)", "FOREIGN_SCHEMA"),
    "a table in a schema of its own": (
        "create schema exports; create table exports.assets (id int)",
        "FOREIGN_SCHEMA",
    ),
    "a table owned by the superuser": (
        TABLE + "alter table app.extras owner to postgres",
        "OWNER",
    ),
    "a definer function owned by the superuser": (
        "alter function app.who(bytea) owner to postgres",
        "OWNER",
    ),
    "a publication": ("create publication everything for all tables", "PUBLICATION"),
    "a large object": ("select lo_create(0)", "LARGE_OBJECT"),
    "an event trigger": (
        "create function app.watch() returns event_trigger language plpgsql as 'begin end'; "
        "create event trigger watch on ddl_command_end execute function app.watch()",
        "EVENT_TRIGGER",
    ),
    "a definer function outside the list": (
        "create function app.peek() returns bigint language sql security definer "
        "set search_path = pg_catalog, pg_temp as 'select count(*) from app.assets'",
        "DEFINER_NOT_ALLOWED",
    ),
    "a definer function without a search path": (
        "alter function app.who(bytea) reset search_path",
        "SEARCH_PATH_NOT_PINNED",
    ),
    "a definer function with a loose search path": (
        "alter function app.who(bytea) set search_path = public, pg_catalog",
        "SEARCH_PATH_NOT_PINNED",
    ),
    "a function that PUBLIC may execute": (
        "grant execute on function app.members() to public",
        "EXECUTE_BY_PUBLIC",
    ),
    "the mint in the API's hands": (
        "grant execute on function app_private.mint(uuid, uuid, text) to app_rw",
        "PRIVATE_FUNCTION_GRANTED",
    ),
    "the worker's door in the API's hands": (
        "grant execute on function app.open_job(uuid, uuid) to app_rw",
        "WORKER_FUNCTION_GRANTED",
    ),
    "a tenant function that trusts the setting": (
        "create or replace function app.tenant() returns uuid language sql stable "
        "return current_setting('app.client')::uuid",
        "TENANT_FUNCTION_CHANGED",
    ),
    "a context function without its seal": (
        "create or replace function app.ctx() returns text[] language plpgsql stable "
        "security definer set search_path = pg_catalog, pg_temp as "
        "$$ begin return string_to_array(current_setting('app.ctx'), '|'); end $$",
        "TENANT_FUNCTION_CHANGED",
    ),
    "a leakproof function": (
        "create function app.same(a text, b text) returns boolean language sql "
        "leakproof as 'select a = b'",
        "LEAKPROOF_FUNCTION",
    ),
    "a search operator marked leakproof": (
        "alter function pg_catalog.texticlike(text, text) leakproof",
        "SYSTEM_FUNCTION_LEAKPROOF",
    ),
    "an immutable function that reads the context": (
        "create function app.mine() returns uuid language sql immutable return app.tenant()",
        "IMMUTABLE_READS_CONTEXT",
    ),
    "an immutable function that reads a setting": (
        "create function app.mine() returns text language plpgsql immutable as "
        "'begin return current_setting(''app.ctx''); end'",
        "IMMUTABLE_READS_CONTEXT",
    ),
    "a function in C": (
        "create function app.c_add(int, int) returns int language internal as 'int4pl'",
        "UNTRUSTED_FUNCTION",
    ),
    "a function in public": (
        "create function public.helper() returns int language sql return 1",
        "FUNCTION_IN_PUBLIC",
    ),
    "a login that bypasses row security": ("alter role app_rw bypassrls", "ROLE_ATTRIBUTES"),
    "a worker that is a superuser": ("alter role app_worker superuser", "ROLE_ATTRIBUTES"),
    "an owner that can log in": ("alter role app_owner login", "ROLE_ATTRIBUTES"),
    "a login that may read all data": (
        "grant pg_read_all_data to app_rw",
        "ROLE_MEMBERSHIP",
    ),
    "a login that writes all data, at one remove": (
        "create role middle; grant pg_write_all_data to middle; grant middle to app_rw",
        "ROLE_MEMBERSHIP",
    ),
    "a login that owns a table": (
        TABLE + "alter table app.extras owner to app_rw",
        "ROLE_OWNS",
    ),
    "a context set for a role": (
        "alter role app_rw set app.ctx = 'anything'",
        "ROLE_SETTING",
    ),
    "row security off for a role": (
        "alter role app_worker set row_security = off",
        "ROLE_SETTING",
    ),
    "a parameter that switches foreign keys off": (
        "grant set on parameter session_replication_role to app_rw",
        "PARAMETER_GRANT",
    ),
    "another login that bypasses": (
        "create role reporting login bypassrls",
        "OTHER_BYPASS_LOGIN",
    ),
    "the right to truncate": ("grant truncate on app.assets to app_rw", "TABLE_GRANT_TOO_WIDE"),
    "an audit log that the API may write": (
        "grant insert on app.audit_entries to app_rw",
        "AUDIT_LOG_WRITABLE",
    ),
    "an audit trigger dropped": (
        "drop trigger audit_update on app.findings",
        "ALLOWANCE_WITHOUT_OBJECT",
    ),
    "an audit trigger switched off": (
        "alter table app.approvals disable trigger audit_update",
        "TRIGGER_DISABLED",
    ),
    "an audit function that forgets": (
        "create or replace function app_private.audit_row() returns trigger language plpgsql "
        "security definer set search_path = pg_catalog, pg_temp as 'begin return null; end'",
        "TENANT_FUNCTION_CHANGED",
    ),
    "the right to add triggers": (
        "grant trigger on app.assets to app_worker",
        "TABLE_GRANT_TOO_WIDE",
    ),
    "a stranger with a grant": (
        "create role analyst; grant select on app.assets to analyst",
        "GRANTED_TO_STRANGER",
    ),
    "a column granted to everybody": (
        "grant select (name) on app.assets to public",
        "GRANTED_TO_STRANGER",
    ),
    "the seal readable": (
        "grant select on app_private.seal to app_rw",
        "PRIVATE_TABLE_GRANTED",
    ),
    "a column of credentials readable": (
        "grant select (hash) on app_private.credentials to app_rw",
        "PRIVATE_TABLE_GRANTED",
    ),
    "a login that may create tables": ("grant create on schema app to app_rw", "SCHEMA_CREATE"),
    "everybody may use public": ("grant usage on schema public to public", "PUBLIC_GRANT"),
    "everybody may connect": (
        "do $$ begin execute format('grant connect on database %I to public', "
        "current_database()); end $$",
        "PUBLIC_GRANT",
    ),
    "new tables granted to everybody": (
        "alter default privileges for role app_owner grant select on tables to public",
        "DEFAULT_PRIVILEGES",
    ),
    "new functions executable by everybody": (
        "alter default privileges for role app_owner grant execute on functions to public",
        "DEFAULT_PRIVILEGES",
    ),
    "an extension that reaches elsewhere": ("create extension dblink", "EXTENSION_NOT_ALLOWED"),
    "a foreign server": (
        "create extension postgres_fdw; create server far foreign data wrapper postgres_fdw",
        "FOREIGN_SERVER",
    ),
    "other sessions visible": (
        "grant execute on function pg_stat_get_activity(int) to public",
        "SYSTEM_FUNCTION_OPEN",
    ),
    "an allowance that has lost its object": (
        "drop trigger keep_name on app.client_accounts",
        "ALLOWANCE_WITHOUT_OBJECT",
    ),
}
"""What it is called → the statements, and the code of the rule that finds it."""

LEAKING: dict[str, str] = {
    "no row security, and no policy left": (
        "drop policy tenant on app.assets; drop policy tenant_floor on app.assets; "
        "alter table app.assets disable row level security"
    ),
    "both policies let everybody read": (
        "alter policy tenant on app.assets using (true); "
        "alter policy tenant_floor on app.assets using (true)"
    ),
    "both policies let everybody write": (
        "alter policy tenant on app.assets with check (true); "
        "alter policy tenant_floor on app.assets with check (true)"
    ),
    "a tenant function that answers for any account": (
        "create or replace function app.tenant() returns uuid language sql stable "
        "return split_part(current_setting('app.ctx'), '|', 1)::uuid"
    ),
    "a context function that checks no end": (
        "create or replace function app.ctx() returns text[] language plpgsql stable "
        "security definer set search_path = pg_catalog, pg_temp as $$ "
        "declare t text := current_setting('app.ctx'); p text[] := string_to_array(t, '|'); begin "
        "if app_private.mac(left(t, length(t) - 65), p[5]::int) is distinct from p[6] "
        "then raise exception 'no' using errcode = '42501'; end if; return p; end $$"
    ),
    "a context function that lets nobody in as somebody": (
        "create or replace function app.tenant() returns uuid language sql stable return "
        "coalesce(nullif(split_part(current_setting('app.ctx', true), '|', 1), '')::uuid, "
        "(select id from app_private.account_names limit 1)); "
        "grant select on app_private.account_names to app_rw, app_worker"
    ),
    "a definer function that counts every account's rows": (
        "create function app.how_many() returns bigint language plpgsql stable security definer "
        "set search_path = pg_catalog, pg_temp as $$ begin "
        "set local role postgres; return (select count(*) from app.assets); end $$; "
        "alter function app.how_many() owner to postgres; "
        "create or replace function app.how_many() returns bigint language sql stable "
        "security definer set search_path = pg_catalog, pg_temp as "
        "'select count(*) from app.assets'; grant execute on function app.how_many() to app_rw"
    ),
    "a definer function that finds by name across accounts": (
        "create function app.suggest(q text) returns setof text language sql stable "
        "security definer set search_path = pg_catalog, pg_temp as "
        "'select name from app.assets order by created_at desc limit 20'; "
        "alter function app.suggest(text) owner to postgres; "
        "grant execute on function app.suggest(text) to app_rw"
    ),
    "a view with the superuser's eyes": (
        "create view app.all_assets as select * from app.assets; "
        "grant select on app.all_assets to app_rw"
    ),
    "names of every account readable": (
        "alter table app_private.account_names disable row level security; "
        "grant select on app_private.account_names to app_rw"
    ),
    "a global unique name": "create unique index everywhere on app.assets (content_hash)",
    "a unique name without the account on a table of its own": (
        TABLE + "create unique index notes_once on app.extras (note)"
    ),
    "a foreign key that joins accounts": (
        TABLE + "create unique index flows_global on app.flows (id); "
        "alter table app.extras add flow_id uuid; "
        "alter table app.extras add foreign key (flow_id) references app.flows (id)"
    ),
    "a foreign key that deletes rows of other accounts": (
        TABLE + "create unique index assets_global on app.assets (engagement_id, id); "
        "create function app.sweep() returns trigger language plpgsql security definer as "
        "'begin delete from app.asset_components; return old; end'; "
        "alter function app.sweep() owner to postgres; "
        "create trigger sweep after delete on app.assets for each row execute function app.sweep()"
    ),
    "a login that bypasses row security": "alter role app_rw bypassrls",
    "a worker that is a superuser": "alter role app_worker superuser",
    "the right to truncate": "grant truncate on app.asset_components to app_rw",
    "a rule that copies rows to a table without an account": (
        "create table app_private.copies (note text); "
        "grant insert, select on app_private.copies to app_rw; "
        "insert into app_private.copies select 'x'; "
        "create rule copy_out as on insert to app.assets do also "
        "insert into app_private.copies values (new.name)"
    ),
    "an owner that the policies do not bind": "alter table app.assets no force row level security",
}
"""What it is called → the statements. Each lets something of one account reach another."""
