-- What many_tenants.py runs: functions, accounts, then rows for a batch of accounts, one
-- statement per table. Numbers stand for kinds of ids, see Kind.

create function pg_temp.id(account bigint, kind int, n bigint) returns uuid language sql immutable
  return encode(int4send(account::int) || int4send(kind) || int8send(n), 'hex')::uuid;

create function pg_temp.pick(n bigint, words text[]) returns text language sql immutable
  return words[1 + n % cardinality(words)];

with made as (
  insert into app.client_accounts (id, name)
  select pg_temp.id(a, $ACCOUNT, 0), format('Client %s', a) from generate_series(1, $accounts) a
  returning id, name),
named as (insert into app_private.account_names select id, name from made)
insert into app.engagements (client_account_id, id, name)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $ENGAGEMENT, 0), 'Data centre exit'
  from generate_series(1, $accounts) a;

insert into app.assets (client_account_id, id, engagement_id, asset_type, name, environment,
  criticality, os_name, os_version, cpu_cores, memory_mb, storage_mb, power_state, status, attributes,
  provenance, content_hash, first_seen_flow_id)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $ASSET, n), pg_temp.id(a, $ENGAGEMENT, 0),
  pg_temp.pick(n, '{server,virtual_machine,virtual_machine,database}'),
  format('%s-%s-%s', pg_temp.pick(n, '{fra,lon,nyc}'), pg_temp.pick(n, '{web,app,db,sap,crm}'),
    lpad(n::text, 6, '0')),
  pg_temp.pick(n, '{production,test,development,unknown}'),
  pg_temp.pick(n, '{low,medium,high,critical}'),
  pg_temp.pick(n, '{Windows Server,Ubuntu,Red Hat Enterprise Linux,AIX,SUSE Linux}'),
  pg_temp.pick(n, '{2012 R2,22.04,7.9,7.2,15}'), 1 + n % 32, 1024 * (1 + n % 64), 10240 * (1 + n % 90),
  pg_temp.pick(n, '{on,on,off}'), 'in use',
  jsonb_build_object('hostname', n::text, 'ip_address',
    jsonb_build_array(format('10.%s.%s.%s', n / 65536 % 256, n / 256 % 256, n % 256))),
  '{"attributes": {}}', sha256(int8send(n)), pg_temp.id(a, $FLOW, 1)
  from generate_series($first, $last) a, generate_series(1, $assets) n;

insert into app.asset_keys (client_account_id, engagement_id, kind, value, asset_id)
select client_account_id, engagement_id, 'hostname', name_key, id from app.assets
 where client_account_id in
  (select pg_temp.id(a, $ACCOUNT, 0) from generate_series($first, $last) a);

insert into app.findings (client_account_id, id, engagement_id, asset_id, code, severity, title,
  detail, remedy, cache_key)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $FINDING, n), pg_temp.id(a, $ENGAGEMENT, 0),
  pg_temp.id(a, $ASSET, n), pg_temp.pick(n / 10, '{OS_END_OF_LIFE,DISK_FULL,NO_OWNER}'),
  pg_temp.pick(n / 10, '{info,low,medium,high,critical}'), 'Support has ended', 'It ended in 2023.',
  'Plan an upgrade.', n::text
  from generate_series($first, $last) a, generate_series(10, $assets, 10) n;

insert into app.dependencies (client_account_id, id, engagement_id, from_asset_id, to_asset_id, kind,
  port, protocol, confidence, status)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $EDGE, n), pg_temp.id(a, $ENGAGEMENT, 0),
  pg_temp.id(a, $ASSET, n), pg_temp.id(a, $ASSET, 1 + (n * 7) % $assets),
  pg_temp.pick(n, '{connects_to,depends_on,runs_on}'), n % 1000, 'tcp', 500 + n % 500,
  pg_temp.pick(n, '{suggested,suggested,confirmed}')
  from generate_series($first, $last) a, generate_series(4, $assets, 4) n
 where n <> 1 + (n * 7) % $assets;

insert into app.asset_conflicts (client_account_id, id, engagement_id, asset_id, attribute, candidates)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $CONFLICT, n), pg_temp.id(a, $ENGAGEMENT, 0),
  pg_temp.id(a, $ASSET, n), pg_temp.pick(n, '{memory_gb,cpu_cores,os_name}'), '[]'
  from generate_series($first, $last) a, generate_series(25, $assets, 25) n;

insert into app.applications (client_account_id, id, engagement_id, name, name_key)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $APPLICATION, n), pg_temp.id(a, $ENGAGEMENT, 0),
  format('Application %s', n), format('application %s', n)
  from generate_series($first, $last) a, generate_series(1, $assets / 100) n;

insert into app.application_assets (client_account_id, application_id, asset_id)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $APPLICATION, 1 + n / 5 % ($assets / 100)),
  pg_temp.id(a, $ASSET, n)
  from generate_series($first, $last) a, generate_series(5, $assets, 5) n;

insert into app.flows (client_account_id, id, engagement_id, flow_type, definition, inputs, status,
  last_event_seq,
  trace_id, created_by, created_at, finished_at)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $FLOW, n), pg_temp.id(a, $ENGAGEMENT, 0), 'discovery',
  (select jsonb_build_object('flow_type', 'discovery', 'version', 1, 'title', 'Discovery',
     'phases', jsonb_agg(jsonb_build_object('key', 'phase' || p, 'title', 'Phase ' || p,
       'unit', 'rows', 'weight', 1,
       'gate', case when p = 2 then '{"key": "mapping", "title": "Review"}'::jsonb end) order by p))
     from generate_series(1, 6) p),
  jsonb_build_object('import_id', pg_temp.id(a, $IMPORT, n)),
  pg_temp.pick(n, '{completed,completed,failed,waiting,running}'), 40, md5(n::text),
  pg_temp.id(a, $ACCOUNT, 1), now() - make_interval(hours => n::int),
  case when n % 5 < 3 then now() - make_interval(hours => n::int) end
  from generate_series($first, $last) a, generate_series(1, $flows) n;

insert into app.phase_runs (client_account_id, id, flow_id, phase, position, status, weight, unit,
  done, started_at, finished_at)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $RUN, n * 10 + p), pg_temp.id(a, $FLOW, n),
  'phase' || p, p, 'completed', 1, 'rows', 100, now() - interval '1 minute', now()
  from generate_series($first, $last) a, generate_series(1, $flows) n, generate_series(1, 6) p;

insert into app.flow_events (client_account_id, flow_id, seq, kind)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $FLOW, n), e, 'phase.progress'
  from generate_series($first, $last) a, generate_series(1, $flows) n, generate_series(1, 40) e;

insert into app.approvals (client_account_id, id, flow_id, phase, gate, status, decided_at)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $APPROVAL, n), pg_temp.id(a, $FLOW, n), 'phase2',
  'mapping', case when n % 5 = 3 then 'pending' else 'approved' end,
  case when n % 5 = 3 then null else now() end
  from generate_series($first, $last) a, generate_series(1, $flows) n;

insert into app.stored_files (client_account_id, sha256, size_bytes)
select pg_temp.id(a, $ACCOUNT, 0), sha256(int8send(n)), 1000
  from generate_series($first, $last) a, generate_series(1, $flows) n;

insert into app.imports (client_account_id, id, engagement_id, created_by, created_at)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $IMPORT, n), pg_temp.id(a, $ENGAGEMENT, 0),
  pg_temp.id(a, $ACCOUNT, 1), now() - make_interval(hours => n::int)
  from generate_series($first, $last) a, generate_series(1, $flows) n;

insert into app.import_files (client_account_id, id, import_id, ordinal, name, sha256, status)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $FILE, n), pg_temp.id(a, $IMPORT, n), 0, 'servers.csv',
  sha256(int8send(n)), 'read'
  from generate_series($first, $last) a, generate_series(1, $flows) n;

insert into app.import_tables (client_account_id, id, import_file_id, ordinal, name, header_row, columns,
  rows_in, rows_stored)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $TABLE, n), pg_temp.id(a, $FILE, n), 0, 'servers', 0,
  '["name"]', $assets / $flows, $assets / $flows
  from generate_series($first, $last) a, generate_series(1, $flows) n;

insert into app.row_issues (client_account_id, id, import_table_id, phase, row_number, column_name,
  value, code, severity, detail)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $ISSUE, n), pg_temp.id(a, $TABLE, 1 + n % $flows),
  'data_cleansing', n, 'memory', n::text, pg_temp.pick(n, '{SIZE_UNCLEAR,DATE_UNCLEAR}'),
  pg_temp.pick(n, '{info,warning}'), 'The unit is not said.'
  from generate_series($first, $last) a, generate_series(5, $assets, 5) n;

insert into app.asset_sources (client_account_id, asset_id, import_table_id, row_number)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $ASSET, n), pg_temp.id(a, $TABLE, 1 + n % $flows), n
  from generate_series($first, $last) a, generate_series(1, $assets) n;

insert into app.asset_components (client_account_id, asset_id, kind, name)
select pg_temp.id(a, $ACCOUNT, 0), pg_temp.id(a, $ASSET, n), 'disk', 'disk 1'
  from generate_series($first, $last) a, generate_series(1, $assets) n;
