"""The operator's error centre: groups, decisions about them, and the story of a trace."""

from alembic import op

revision = "0018"
down_revision = "0017"

SQL = """
-- Everything in the open account that has to do with a trace id: references, never values.
create function app.trace_story(trace text)
  returns table (at timestamptz, kind text, code text, place text, flow_id uuid, phase text,
                 user_id uuid, detail jsonb)
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query with made as (
    select f.* from app.flows f where f.trace_id = trace order by f.created_at limit 100),
  told as (
    select e.* from app.flow_events e where e.trace_id = trace
    union all
    select e.* from made m join app.flow_events e on e.flow_id = m.id and e.trace_id is null)
  select o.at, 'error', o.code, o.place, o.flow_id, o.phase, o.user_id,
         jsonb_build_object('category', o.category, 'status', o.status, 'attempt', o.attempt,
           'action', o.action, 'error_type', o.error_type, 'credential', o.credential,
           'frames', case when o.frames <> '{}' then to_jsonb(o.frames) end)
    from app.error_occurrences o where o.trace_id = trace
  union all
  select m.created_at, 'flow', m.flow_type, null, m.id, null, m.created_by,
         jsonb_build_object('status', m.status, 'engagement_id', m.engagement_id)
    from made m
  union all
  select e.at, case e.kind when 'watchdog.healed' then 'watchdog' else 'event' end, e.kind, null,
         e.flow_id, e.phase, null,
         jsonb_build_object('seq', e.seq, 'error', e.data ->> 'code', 'finding',
           e.data ->> 'finding', 'action', e.data ->> 'action', 'attempt', e.data -> 'attempt',
           'engagement_id', (select f.engagement_id from app.flows f where f.id = e.flow_id))
    from told e
  union all
  select r.started_at, 'attempt', r.status, r.claimed_by, r.flow_id, r.phase, null,
         jsonb_build_object('attempt', r.attempt, 'finished_at', r.finished_at, 'crashes',
           nullif(r.crashes, 0), 'error', r.error ->> 'code')
    from made m join app.phase_runs r on r.flow_id = m.id where r.started_at is not null
  union all
  select a.requested_at, 'gate', a.status, null, a.flow_id, a.phase, a.decided_by,
         jsonb_build_object('gate', a.gate, 'asks', a.kind, 'decided_at', a.decided_at)
    from made m join app.approvals a on a.flow_id = m.id
  union all
  select l.at, 'audit', l.action, l.entry #>> '{origin,via}', null, null, l.actor_id,
         jsonb_build_object('object_type', l.object_type, 'object_id', l.object_id,
           'actor', l.entry #>> '{actor,kind}')
    from app.audit_entries l where l.trace_id = trace
  union all
  select d.created_at, 'delivery', d.status, d.kind, d.flow_id, null, null,
         jsonb_build_object('delivery_id', d.id, 'webhook_id', d.webhook_id, 'attempts', d.attempts)
    from told e join app.webhook_deliveries d on d.flow_id = e.flow_id and d.seq = e.seq
  union all
  select t.started_at, 'sending', coalesce(t.error ->> 'code', 'delivered'), null, d.flow_id,
         null, null, jsonb_build_object('delivery_id', d.id, 'attempt', t.number,
           'status', t.status_code, 'finished_at', t.finished_at)
    from told e join app.webhook_deliveries d on d.flow_id = e.flow_id and d.seq = e.seq
    join app.webhook_attempts t on t.delivery_id = d.id
   order by 1, 2 limit 5000;
end $$;

-- What an operator asks: `groups`, `places`, `accounts`, `examples` and `decisions` of a code,
-- `trace`, and what was `dropped`. For app_owner; others come through app.error_centre. Reads each
-- account in a context of its own.
create function app_private.error_centre(ask text, code text) returns setof jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  before text := coalesce(current_setting('app.ctx', true), '');
  a record;
begin
  if ask = 'groups' then
    return query
      select to_jsonb(x) from (
        select c.code, max(c.category) as category, sum(c.times)::bigint as times,
               coalesce(sum(c.times) filter (where c.hour > now() - interval '24 hours'), 0)::bigint
                 as recent,
               sum(c.kept)::bigint as kept, min(c.first_at) as first_at, max(c.last_at) as last_at,
               count(distinct c.client_account_id) as accounts,
               case when d.state is null or d.state = 'muted' and d.until <= now()
                      or d.state = 'resolved' and max(c.last_at) > d.at then 'open'
                    else d.state end as state,
               coalesce(d.state in ('muted', 'resolved') and max(c.last_at) > coalesce(d.until, d.at),
                 false) as came_back,
               d.decided_by, d.note, d.at as decided_at, d.until
          from app_private.error_counts c
          left join lateral (select d1.* from app_private.error_decisions d1
                              where d1.code = c.code order by d1.at desc limit 1) d on true
         where error_centre.code is null or c.code = error_centre.code
         group by c.code, d.state, d.until, d.at, d.decided_by, d.note) x
       order by x.last_at desc;
  elsif ask = 'places' then
    return query
      select to_jsonb(x) from (
        select c.place, sum(c.times)::bigint as times, max(c.last_at) as last_at
          from app_private.error_counts c where c.code = error_centre.code
         group by c.place order by 2 desc, 1 limit 50) x;
  elsif ask = 'decisions' then
    return query
      select to_jsonb(x) from (
        select d.state, d.decided_by, d.note, d.at, d.until
          from app_private.error_decisions d where d.code = error_centre.code
         order by d.at desc limit 50) x;
  elsif ask = 'dropped' then
    return query
      select jsonb_build_object('traces', coalesce(sum(w.dropped), 0))
        from app_private.error_writers w;
  elsif ask in ('accounts', 'examples') then
    for a in
      select n.id, n.name, sum(c.times)::bigint as times, max(c.last_at) as last_at
        from app_private.error_counts c
        join app_private.account_names n on n.id = c.client_account_id
       where c.code = error_centre.code group by n.id, n.name order by 4 desc limit 200
    loop
      perform set_config('app.ctx',
        app_private.mint(a.id, '00000000-0000-0000-0000-000000000000', 'operator'), true);
      if ask = 'accounts' then
        return query
          select jsonb_build_object('client_account_id', a.id, 'client_account', a.name,
              'times', a.times, 'last_at', a.last_at, 'flows', count(distinct o.flow_id))
            from app.error_occurrences o where o.code = error_centre.code;
      else
        return query
          select to_jsonb(x) || jsonb_build_object('client_account', a.name) from (
            select o.*, f.engagement_id from app.error_occurrences o
              left join app.flows f on f.id = o.flow_id
             where o.code = error_centre.code order by o.at desc limit 20) x;
      end if;
    end loop;
    perform set_config('app.ctx', before, true);
    if ask = 'examples' then
      return query
        select to_jsonb(x) from (
          select l.* from app_private.loose_errors l where l.code = error_centre.code
           order by l.at desc limit 20) x;
    end if;
  elsif ask = 'trace' then
    for a in select n.id, n.name from app_private.account_names n order by 1 loop
      perform set_config('app.ctx',
        app_private.mint(a.id, '00000000-0000-0000-0000-000000000000', 'operator'), true);
      return query
        select to_jsonb(s) || jsonb_build_object('client_account_id', a.id, 'client_account', a.name)
          from app.trace_story(error_centre.code) s;
    end loop;
    perform set_config('app.ctx', before, true);
    return query
      select jsonb_build_object('at', l.at, 'kind', 'error', 'code', l.code, 'place', l.place,
          'phase', l.phase, 'user_id', l.user_id, 'detail', jsonb_build_object(
            'category', l.category, 'status', l.status, 'attempt', l.attempt, 'action', l.action,
            'error_type', l.error_type, 'credential', l.credential,
            'frames', case when l.frames <> '{}' then to_jsonb(l.frames) end))
        from app_private.loose_errors l where l.trace_id = error_centre.code;
  end if;
end $$;

create function app_private.decide_error(
    who text, code text, state text, note text, until timestamptz) returns boolean
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from app_private.error_counts c where c.code = decide_error.code) then
    return false;
  end if;
  insert into app_private.error_decisions (code, state, decided_by, note, until)
    values (decide_error.code, decide_error.state, who, decide_error.note, decide_error.until);
  return true;
end $$;

-- The e-mail address of the operator who holds this credential; null for everybody else. An
-- operator's credential is bound to no account, and its holder may create accounts.
create function app_private.operator_of(credential bytea) returns text
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select u.email from app_private.credentials c join app_private.users u on u.id = c.user_id
   where c.hash = credential and c.kind in ('session', 'api_key') and c.client_account_id is null
     and c.expires_at > now() and u.may_create_accounts $$;

create function app.is_operator(credential bytea) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select app_private.operator_of(credential) is not null $$;

create function app.error_centre(credential bytea, ask text, code text) returns setof jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if app_private.operator_of(credential) is not null then
    return query select * from app_private.error_centre(ask, code);
  end if;
end $$;

create function app.decide_error(
    credential bytea, code text, state text, note text, until timestamptz) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare who text := app_private.operator_of(credential);
begin
  return who is not null and app_private.decide_error(who, code, state, note, until);
end $$;

grant execute on function app.trace_story(text), app.is_operator(bytea),
  app.error_centre(bytea, text, text), app.decide_error(bytea, text, text, text, timestamptz)
  to app_rw;
"""


def upgrade() -> None:
    op.execute(SQL)
