"""Audit: who did what, sealed into one hash chain per client account when it commits."""

from alembic import op

revision = "0007"
down_revision = "0006"

SQL = """
set local lock_timeout = '5s';
-- What happened. The text of `entry` is hashed exactly as it is stored; the columns beside it
-- are made from it, so that no list can say other than the sealed text. `began` and `xid` name
-- the transaction; there is no foreign key, because the log outlives the account it is about.
create table app.audit_entries (
  client_account_id uuid not null,
  began timestamptz not null,
  xid bigint not null,
  n int not null,
  at timestamptz not null,
  entry json not null,
  action text generated always as (entry ->> 'action') stored,
  actor_id uuid generated always as ((entry #>> '{actor,id}')::uuid) stored,
  object_type text generated always as (entry #>> '{object,type}') stored,
  object_id text generated always as (entry #>> '{object,id}') stored,
  engagement_id uuid generated always as ((entry ->> 'engagement_id')::uuid) stored,
  primary key (client_account_id, began, xid, n));
create index audit_entries_at on app.audit_entries (client_account_id, at);
create index audit_entries_actor on app.audit_entries (client_account_id, actor_id, at);
create index audit_entries_object on app.audit_entries (client_account_id, object_id, at);

-- One link per transaction: hash = sha256(hash before || 'seq|n|' || root), where root is the
-- sha256 of the entries' sha256s in order.
create table app.audit_links (
  client_account_id uuid not null,
  seq bigint not null,
  began timestamptz not null,
  xid bigint not null,
  n int not null,
  root bytea not null,
  hash bytea not null,
  primary key (client_account_id, seq),
  unique (client_account_id, began, xid));

-- Signed statements about the chain; the same text is kept outside the database.
create table app.audit_checkpoints (
  client_account_id uuid not null,
  seq bigint not null,
  at timestamptz not null default now(),
  note text not null check (length(note) between 1 and 2000),
  primary key (client_account_id, seq));

select app_private.protect(t) from unnest(array[
  'app.audit_entries', 'app.audit_links', 'app.audit_checkpoints']::regclass[]) t;
revoke insert, update, delete on app.audit_entries, app.audit_links, app.audit_checkpoints
  from app_rw;

-- The last link of each chain: what the next one continues, and what commits queue for.
create table app_private.audit_heads (
  client_account_id uuid primary key,
  seq bigint not null,
  hash bytea not null,
  checkpointed bigint not null default 0) with (fillfactor = 50);
alter table app_private.audit_heads enable row level security;

-- Append-only for the owner of the schema too; only erasure may take entries away.
create function app_private.audit_deny() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' and tg_table_name = 'audit_entries'
     and current_setting('app.audit_erasing', true) = 'yes' then
    return null;
  end if;
  raise exception 'the audit log is append-only' using errcode = '42501';
end $$;
create trigger append_only before update or delete or truncate on app.audit_entries
  for each statement execute function app_private.audit_deny();
create trigger append_only before update or delete or truncate on app.audit_links
  for each statement execute function app_private.audit_deny();
create trigger append_only before update or delete or truncate on app.audit_checkpoints
  for each statement execute function app_private.audit_deny();

-- Where a request came from, sealed to the context it opened. The text before the seal begins
-- with a word, never with a uuid, so that it can never pass for a context.
create function app_private.seal_origin(ctx text, body text) returns text
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select body || '|' || app_private.mac('origin|' || ctx || '|' || body, 1) $$;

-- Needs the credential that opened the context: injected SQL does not know it.
create function app.stamp(credential bytea, ctx text, address text, trace text, via text)
  returns text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare named text;
begin
  select case c.kind when 'api_key' then 'key ' || c.public_id
              else 'session ' || left(encode(sha256(c.hash), 'hex'), 16) end into named
    from app_private.credentials c
   where c.hash = credential and c.user_id = split_part(ctx, '|', 2)::uuid;
  if not found then raise exception 'not found' using errcode = '42501'; end if;
  return app_private.seal_origin(ctx, concat_ws('|', named,
    left(translate(address, '|', ''), 64), left(translate(trace, '|', ''), 64),
    left(translate(via, '|', ''), 16)));
end $$;
create function app.stamp_job(ctx text, trace text) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select app_private.seal_origin(ctx, '||' || left(translate(trace, '|', ''), 64) || '|worker') $$;
grant execute on function app.stamp(bytea, text, text, text, text) to app_rw;
grant execute on function app.stamp_job(text, text) to app_worker;

-- The origin of the open transaction; an unsealed or foreign one is marked, never believed.
create function app_private.audit_origin(ctx text) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare t text := coalesce(current_setting('app.origin', true), '');
        p text[] := string_to_array(t, '|');
begin
  if t = '' then return null; end if;
  if cardinality(p) = 5 and app_private.seal_origin(ctx, left(t, length(t) - 65)) = t then
    return jsonb_build_object('credential', nullif(p[1], ''), 'address', nullif(p[2], ''),
      'trace_id', nullif(p[3], ''), 'via', nullif(p[4], ''));
  end if;
  return jsonb_build_object('verified', false);
end $$;

-- Who acts: the user of the sealed context, the worker, an operator with the owner's rights, or
-- the program itself before anybody is signed in.
create function app_private.audit_actor(ctx text) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare p text[] := string_to_array(ctx, '|');
begin
  if p[2] is distinct from '00000000-0000-0000-0000-000000000000' and p[2] <> '' then
    return jsonb_build_object('kind', 'user', 'id', p[2], 'role', p[3], 'email',
      (select u.email from app_private.users u where u.id = p[2]::uuid));
  elsif p[3] = 'worker' then
    return jsonb_build_object('kind', 'worker');
  elsif session_user in ('app_rw', 'app_worker') then
    return jsonb_build_object('kind', 'system');
  end if;
  return jsonb_build_object('kind', 'operator', 'login', session_user,
    'name', nullif(current_setting('app.operator', true), ''));
end $$;

-- Add one entry to the open transaction. The row-level policies verify the context it acts in;
-- outside the account's own context it acts in one minted for the moment.
create function app_private.audit_append(
    client uuid, action text, object jsonb, engagement uuid, more jsonb) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  before text := coalesce(current_setting('app.ctx', true), '');
  inside boolean := split_part(before, '|', 1) = client::text;
  number bigint := pg_current_xact_id()::text::bigint;
  moment timestamptz := clock_timestamp();
  place int;
begin
  if not inside then
    perform set_config('app.ctx',
      app_private.mint(client, '00000000-0000-0000-0000-000000000000', 'audit'), true);
  end if;
  select coalesce(max(e.n), 0) + 1 into place from app.audit_entries e
   where e.client_account_id = client and e.began = now() and e.xid = number;
  if place > 1 and exists (select from app.audit_links l
       where l.client_account_id = client and l.began = now() and l.xid = number) then
    raise exception 'the transaction is sealed already' using errcode = '42501';
  end if;
  insert into app.audit_entries (client_account_id, began, xid, n, at, entry)
  values (client, now(), number, place, moment, jsonb_strip_nulls(jsonb_build_object(
    'v', 1,
    'at', to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'action', action,
    'actor', app_private.audit_actor(case when inside then before else '' end),
    'origin', case when inside then app_private.audit_origin(before) end,
    'object', object,
    'engagement_id', engagement,
    'reason', nullif(coalesce(more ->> 'reason', current_setting('app.reason', true)), ''))
    || (more - 'reason'))::json);
  if not inside then perform set_config('app.ctx', before, true); end if;
end $$;

-- Seal: at COMMIT, once per account and transaction. The head is locked from here to the end
-- of COMMIT only, so transactions of one account queue no longer than that.
create function app_private.audit_seal() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before text := coalesce(current_setting('app.ctx', true), '');
  inside boolean := split_part(before, '|', 1) = new.client_account_id::text;
  head app_private.audit_heads;
  many int; top bytea; made bytea;
begin
  if not inside then
    perform set_config('app.ctx', app_private.mint(
      new.client_account_id, '00000000-0000-0000-0000-000000000000', 'audit'), true);
  end if;
  select count(*), sha256(string_agg(sha256(convert_to(e.entry::text, 'UTF8')), ''::bytea
         order by e.n)) into many, top
    from app.audit_entries e
   where e.client_account_id = new.client_account_id and e.began = new.began and e.xid = new.xid;
  select * into head from app_private.audit_heads h
   where h.client_account_id = new.client_account_id for update;
  if not found then
    insert into app_private.audit_heads (client_account_id, seq, hash) values
      (new.client_account_id, 0,
       sha256(convert_to('landbridge audit v1|' || new.client_account_id, 'UTF8')))
      on conflict (client_account_id) do nothing;
    select * into head from app_private.audit_heads h
     where h.client_account_id = new.client_account_id for update;
  end if;
  made := sha256(head.hash || convert_to((head.seq + 1) || '|' || many || '|', 'UTF8') || top);
  insert into app.audit_links (client_account_id, seq, began, xid, n, root, hash)
    values (new.client_account_id, head.seq + 1, new.began, new.xid, many, top, made);
  update app_private.audit_heads h set seq = head.seq + 1, hash = made
   where h.client_account_id = new.client_account_id;
  if not inside then perform set_config('app.ctx', before, true); end if;
  return null;
end $$;
create constraint trigger seal after insert on app.audit_entries
  deferrable initially deferred for each row when (new.n = 1)
  execute function app_private.audit_seal();

-- The engagement that a row belongs to, directly or through its parent.
create function app_private.audit_engagement(relation text, r jsonb) returns uuid
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare found uuid;
begin
  if relation = 'engagements' then return (r ->> 'id')::uuid; end if;
  if r ? 'engagement_id' then return (r ->> 'engagement_id')::uuid; end if;
  if r ? 'flow_id' then
    select f.engagement_id into found from app.flows f
     where f.client_account_id = (r ->> 'client_account_id')::uuid
       and f.id = (r ->> 'flow_id')::uuid;
  elsif r ? 'import_id' then
    select i.engagement_id into found from app.imports i
     where i.client_account_id = (r ->> 'client_account_id')::uuid
       and i.id = (r ->> 'import_id')::uuid;
  elsif r ? 'import_table_id' then
    select i.engagement_id into found from app.import_tables t
      join app.import_files f on f.client_account_id = t.client_account_id
       and f.id = t.import_file_id
      join app.imports i on i.client_account_id = f.client_account_id and i.id = f.import_id
     where t.client_account_id = (r ->> 'client_account_id')::uuid
       and t.id = (r ->> 'import_table_id')::uuid;
  end if;
  return found;
end $$;

-- Arguments: type of object, columns to keep, column that names it ('-': none), verb of an
-- insert, column whose new value is the verb of an update ('-': 'changed').
create function app_private.audit_row() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  o jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  n jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  r jsonb := coalesce(n, o);
  kept text[] := string_to_array(tg_argv[1], ' ');
  verb text := case tg_op when 'INSERT' then tg_argv[3] when 'DELETE' then 'deleted'
                    else 'changed' end;
  told jsonb;
begin
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(k, jsonb_build_array(o -> k, n -> k)) into told
      from unnest(kept) k where o -> k is distinct from n -> k;
    if told is null then return null; end if;
    if told ? tg_argv[4] then verb := n ->> tg_argv[4]; end if;
    told := jsonb_build_object('changes', told);
  else
    select jsonb_build_object('detail', jsonb_object_agg(k, r -> k)) into told
      from unnest(kept) k where r ? k and r -> k <> 'null';
  end if;
  perform app_private.audit_append(
    coalesce(r ->> 'client_account_id', r ->> 'id')::uuid,
    tg_argv[0] || '.' || verb,
    jsonb_build_object('type', tg_argv[0], 'id', coalesce(r ->> 'id', r ->> 'sha256'),
      'name', r ->> tg_argv[2]),
    app_private.audit_engagement(tg_table_name, r),
    told || jsonb_build_object('reason', coalesce(r ->> 'reason', r ->> 'decision_reason')));
  return null;
end $$;

-- Members and API keys live outside the tenants' schema; each change is told to every account
-- it opens or closes.
create function app_private.audit_identity() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  r jsonb := to_jsonb(case tg_op when 'DELETE' then old else new end);
  verb text := case tg_op when 'INSERT' then 'created' when 'DELETE' then
                    case tg_table_name when 'credentials' then 'revoked' else 'deleted' end
                    else 'changed' end;
  who text := (select u.email from app_private.users u where u.id = (r ->> 'user_id')::uuid);
  object jsonb; told jsonb; client uuid;
begin
  if tg_table_name = 'memberships' then
    object := jsonb_build_object('type', 'membership', 'id', r ->> 'user_id', 'name', who);
    told := jsonb_build_object('role', r ->> 'role');
  else
    object := jsonb_build_object('type', 'api_key', 'id', r ->> 'public_id',
      'name', nullif(r ->> 'label', ''));
    told := jsonb_build_object('holder', who);
  end if;
  told := jsonb_build_object('detail', told
    || jsonb_build_object('expires_at', nullif(r ->> 'expires_at', 'infinity')));
  if tg_op = 'UPDATE' and tg_table_name = 'memberships' then
    told := told || jsonb_build_object('changes', jsonb_build_object(
      'role', jsonb_build_array(to_jsonb(old) -> 'role', r -> 'role')));
  end if;
  for client in
    select m.client_account_id from app_private.memberships m
     where r ->> 'client_account_id' is null and m.user_id = (r ->> 'user_id')::uuid
    union select (r ->> 'client_account_id')::uuid where r ->> 'client_account_id' is not null
    order by 1
  loop
    perform app_private.audit_append(client, (object ->> 'type') || '.' || verb, object, null, told);
  end loop;
  return null;
end $$;

-- What people do is watched where it is stored, so that no code path can forget it. What
-- workers write in bulk is not: WHEN drops those rows before any function is called.
create trigger audit_insert after insert on app.client_accounts for each row
  execute function app_private.audit_row('client_account', 'name', 'name', 'created', '-');
create trigger audit_update after update on app.client_accounts for each row
  execute function app_private.audit_row('client_account', 'name', 'name', 'created', '-');
create trigger audit_delete after delete on app.client_accounts for each row
  execute function app_private.audit_row('client_account', 'name', 'name', 'created', '-');
create trigger audit_insert after insert on app.engagements for each row
  execute function app_private.audit_row('engagement', 'name settings', 'name', 'created', '-');
create trigger audit_update after update on app.engagements for each row
  execute function app_private.audit_row('engagement', 'name settings', 'name', 'created', '-');
create trigger audit_delete after delete on app.engagements for each row
  execute function app_private.audit_row('engagement', 'name settings', 'name', 'created', '-');
create trigger audit_insert after insert on app.flows for each row
  execute function app_private.audit_row(
    'flow', 'flow_type status inputs', 'flow_type', 'created', 'status');
create trigger audit_update after update on app.flows for each row
  when (old.status is distinct from new.status)
  execute function app_private.audit_row(
    'flow', 'status current_phase error', 'flow_type', 'created', 'status');
create trigger audit_delete after delete on app.flows for each row
  execute function app_private.audit_row(
    'flow', 'flow_type status', 'flow_type', 'created', 'status');
create trigger audit_update after update on app.phase_runs for each row
  when (old.status is distinct from new.status
        and new.status not in ('pending', 'running', 'waiting'))
  execute function app_private.audit_row(
    'phase', 'status attempt done total error', 'phase', 'created', 'status');
create trigger audit_insert after insert on app.approvals for each row
  execute function app_private.audit_row(
    'approval', 'gate flow_id', 'gate', 'requested', 'status');
create trigger audit_update after update on app.approvals for each row
  when (old.status is distinct from new.status)
  execute function app_private.audit_row(
    'approval', 'status decided_automatically', 'gate', 'requested', 'status');
create trigger audit_delete after delete on app.approvals for each row
  execute function app_private.audit_row('approval', 'gate status', 'gate', 'requested', 'status');
create trigger audit_insert after insert on app.imports for each row
  execute function app_private.audit_row('import', 'created_by', '-', 'created', '-');
create trigger audit_delete after delete on app.imports for each row
  execute function app_private.audit_row('import', 'created_by', '-', 'created', '-');
create trigger audit_insert after insert on app.import_files for each row
  execute function app_private.audit_row('file', 'import_id sha256 options', 'name', 'received', '-');
create trigger audit_delete after delete on app.import_files for each row
  execute function app_private.audit_row('file', 'import_id sha256', 'name', 'received', '-');
create trigger audit_update after update on app.column_mappings for each row
  when ((old.decided_by is not null or new.decided_by is not null)
        and (old.status, old.target, old.attribute, old.decided_by)
            is distinct from (new.status, new.target, new.attribute, new.decided_by))
  execute function app_private.audit_row(
    'mapping', 'status target attribute', 'column_name', 'created', 'status');
create trigger audit_insert after insert on app.learned_mappings for each row
  execute function app_private.audit_row(
    'learned_mapping', 'source target attribute', 'column_key', 'created', '-');
create trigger audit_update after update on app.learned_mappings for each row
  execute function app_private.audit_row(
    'learned_mapping', 'source target attribute', 'column_key', 'created', '-');
create trigger audit_delete after delete on app.learned_mappings for each row
  execute function app_private.audit_row(
    'learned_mapping', 'source target attribute', 'column_key', 'created', '-');
create trigger audit_update after update on app.asset_conflicts for each row
  when ((old.decided_by is not null or new.decided_by is not null)
        and (old.status, old.chosen, old.decided_by)
            is distinct from (new.status, new.chosen, new.decided_by))
  execute function app_private.audit_row(
    'conflict', 'status chosen', 'attribute', 'created', 'status');
create trigger audit_update after update on app.dependencies for each row
  when (old.status is distinct from new.status)
  execute function app_private.audit_row('dependency', 'status', 'kind', 'created', 'status');
create trigger audit_update after update on app.findings for each row
  when (old.status is distinct from new.status and 'accepted' in (old.status, new.status))
  execute function app_private.audit_row(
    'finding', 'status decision_reason', 'title', 'created', 'status');
create trigger audit_insert after insert on app_private.memberships for each row
  execute function app_private.audit_identity();
create trigger audit_update after update on app_private.memberships for each row
  when ((old.role, old.expires_at) is distinct from (new.role, new.expires_at))
  execute function app_private.audit_identity();
create trigger audit_delete after delete on app_private.memberships for each row
  execute function app_private.audit_identity();
create trigger audit_insert after insert on app_private.credentials for each row
  when (new.kind = 'api_key') execute function app_private.audit_identity();
create trigger audit_update after update on app_private.credentials for each row
  when (new.kind = 'api_key' and (old.client_account_id, old.label, old.expires_at)
        is distinct from (new.client_account_id, new.label, new.expires_at))
  execute function app_private.audit_identity();
create trigger audit_delete after delete on app_private.credentials for each row
  when (old.kind = 'api_key') execute function app_private.audit_identity();

-- What no table shows, such as a file that leaves the house. Marked as stated by the program.
create function app.audit_record(action text, object jsonb, engagement uuid, more jsonb)
  returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if action !~ '^[a-z_]{1,40}\\.[a-z_]{1,40}$' or action = 'audit.erased' or length(more::text) > 16000
     or length(object::text) > 4000 then
    raise exception 'not an audit entry' using errcode = '22023';
  end if;
  perform app_private.audit_append(app.tenant(), action, object, engagement,
    jsonb_build_object('detail', more -> 'detail', 'reason', more -> 'reason', 'stated', true));
end $$;
grant execute on function app.audit_record(text, jsonb, uuid, jsonb) to app_rw;

-- Keep a signed checkpoint, whose third line is the hash of the link it is about.
create function app_private.audit_keep(client uuid, at_seq bigint, signed text) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from app.audit_links l
       where l.client_account_id = client and l.seq = at_seq
         and split_part(signed, chr(10), 2) = at_seq::text
         and split_part(signed, chr(10), 3) = encode(l.hash, 'base64')) then
    raise exception 'the checkpoint is not about this chain' using errcode = '22023';
  end if;
  insert into app.audit_checkpoints (client_account_id, seq, note) values (client, at_seq, signed)
    on conflict do nothing;
  update app_private.audit_heads h set checkpointed = greatest(h.checkpointed, at_seq)
   where h.client_account_id = client;
end $$;
create function app.audit_checkpoint(at_seq bigint, signed text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  select app_private.audit_keep(app.tenant(), at_seq, signed) $$;
grant execute on function app.audit_checkpoint(bigint, text) to app_rw;

-- For the worker that signs for every account: numbers and hashes, no entry.
create function app.audit_due()
  returns table (client_account_id uuid, seq bigint, hash bytea)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select h.client_account_id, h.seq, h.hash from app_private.audit_heads h
   where h.seq > h.checkpointed order by 1 $$;
create function app.audit_hash_at(client uuid, at_seq bigint) returns bytea
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare before text := coalesce(current_setting('app.ctx', true), ''); found bytea;
begin
  perform set_config('app.ctx',
    app_private.mint(client, '00000000-0000-0000-0000-000000000000', 'audit'), true);
  select l.hash into found from app.audit_links l
   where l.client_account_id = client and l.seq = at_seq;
  perform set_config('app.ctx', before, true);
  return found;
end $$;
create function app.audit_anchor(client uuid, at_seq bigint, signed text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare before text := coalesce(current_setting('app.ctx', true), '');
begin
  perform set_config('app.ctx',
    app_private.mint(client, '00000000-0000-0000-0000-000000000000', 'audit'), true);
  perform app_private.audit_keep(client, at_seq, signed);
  perform set_config('app.ctx', before, true);
end $$;
grant execute on function app.audit_due(), app.audit_hash_at(uuid, bigint),
  app.audit_anchor(uuid, bigint, text) to app_worker;

-- Erasure of an account takes the texts; what remains of the log is its links, the checkpoints, and
-- one entry that says how far, by whom and why. For app_owner only.
create function app_private.audit_erase(client uuid, reason text) returns bigint
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  before text := coalesce(current_setting('app.ctx', true), '');
  last bigint; gone bigint;
begin
  perform set_config('app.ctx',
    app_private.mint(client, '00000000-0000-0000-0000-000000000000', 'audit'), true);
  select h.seq into last from app_private.audit_heads h where h.client_account_id = client
     for update;
  perform set_config('app.audit_erasing', 'yes', true);
  delete from app.audit_entries e using app.audit_links l
   where e.client_account_id = client and l.client_account_id = client
     and l.began = e.began and l.xid = e.xid and l.seq <= last;
  get diagnostics gone = row_count;
  perform set_config('app.audit_erasing', '', true);
  perform app_private.audit_append(client, 'audit.erased',
    jsonb_build_object('type', 'client_account', 'id', client), null,
    jsonb_build_object('reason', reason, 'detail',
      jsonb_build_object('through', coalesce(last, 0), 'entries', gone)));
  perform set_config('app.ctx', before, true);
  return gone;
end $$;
"""


def upgrade() -> None:
    op.execute(SQL)
