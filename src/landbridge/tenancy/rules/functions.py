"""Functions: few run with the owner's rights, none can be tricked, and nobody else's run."""

from __future__ import annotations

from landbridge.tenancy.rules.rule import ALL_FUNCTIONS, Rule

SEALED = (
    ("app.tenant()", "false", "5fbb57870f33cc496c2acfd942dc74271ec04972575e323b326374354876b000"),
    (
        "app.current_user_id()",
        "false",
        "a2ebb34a045ec00fe960e01aa4bc26a0ee59bc37ed66d3c6e001b60b8c07f9dd",
    ),
    ("app.ctx()", "true", "a1a02a54d8c30b94eb60180a0e5e4ba4ce0109643e578619d6cd389972111ad0"),
    (
        "app.open(bytea,uuid)",
        "true",
        "e52170e07682f0ae429e6b89183c63a277f7c4ee346e9264789f1b883829fca5",
    ),
    (
        "app.open_job(uuid,uuid)",
        "true",
        "553c4c50c5ec61ff3dc45b94d3e14b81d7b3afa18693321ecb2e92ba2d1521be",
    ),
    (
        "app_private.mint(uuid,uuid,text)",
        "false",
        "f0f129f956e90f36ccb0c5a3b95d7de2f4cadefd5e9d55722354c21425dad26a",
    ),
    (
        "app_private.mac(text,integer)",
        "false",
        "210cfd44120d5038ef75430467c9994c0706f0e030f3f600a97255c0602ae647",
    ),
)
"""Signature, security definer, SHA-256 of the body without blanks and parentheses."""

_sealed = ", ".join(f"('{name}', {definer}, '{digest}')" for name, definer, digest in SEALED)
PINNED = "search_path=pg_catalog, pg_temp"

RULES = (
    Rule(
        "DEFINER_NOT_ALLOWED",
        "Only allow-listed functions run with the rights of their owner.",
        "Make it security invoker, or allow-list it with its reason.",
        ALL_FUNCTIONS + "select signature, 'security definer' from f where prosecdef",
    ),
    Rule(
        "SEARCH_PATH_NOT_PINNED",
        "Every function that runs as its owner, and every one of app_private, pins its "
        "search path.",
        f"alter function … set {PINNED}.",
        ALL_FUNCTIONS
        + f"""
        select signature, coalesce(array_to_string(proconfig, ', '), 'not set') from f
         where (prosecdef or nspname = 'app_private')
           and not coalesce('{PINNED}' = any (proconfig), false)""",
    ),
    Rule(
        "EXECUTE_BY_PUBLIC",
        "PUBLIC may execute no function of ours.",
        "revoke execute on function … from public.",
        ALL_FUNCTIONS
        + """
        select signature, 'PUBLIC may execute' from f
         where exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) a
                        where a.grantee = 0)""",
    ),
    Rule(
        "PRIVATE_FUNCTION_GRANTED",
        "No login may execute a function of app_private: it could mint a context.",
        "revoke execute on function … from app_rw, app_worker.",
        ALL_FUNCTIONS
        + """
        select f.signature, r.rolname || ' may execute' from f
          join pg_roles r on r.rolname in ('app_rw', 'app_worker')
         where f.nspname = 'app_private' and has_function_privilege(r.oid, f.oid, 'execute')""",
    ),
    Rule(
        "WORKER_FUNCTION_GRANTED",
        "The API's login cannot open an account by naming a flow.",
        "revoke execute on function app.open_job(uuid, uuid) from app_rw.",
        ALL_FUNCTIONS
        + """
        select signature, 'app_rw may execute' from f
         where nspname = 'app' and proname = 'open_job'
           and has_function_privilege('app_rw', oid, 'execute')""",
    ),
    Rule(
        "TENANT_FUNCTION_CHANGED",
        "The functions that read and verify the context are those of this release.",
        "Restore the function from the migration that created it.",
        f"""
        with wanted (signature, definer, digest) as (values {_sealed})
        select w.signature, case when p.oid is null then 'missing' else 'changed' end
          from wanted w
          left join pg_proc p on p.oid = to_regprocedure(w.signature)
         where p.oid is null or p.prosecdef <> w.definer or p.provolatile = 'i'
            or encode(sha256(convert_to(regexp_replace(
                 coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), '[\\s()]+', '', 'g'),
                 'UTF8')), 'hex') <> w.digest""",
    ),
    Rule(
        "LEAKPROOF_FUNCTION",
        "No function of ours claims to be leakproof.",
        "alter function … not leakproof.",
        """
        select p.oid::regprocedure::text, 'leakproof'
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where p.proleakproof and n.nspname not in ('pg_catalog', 'information_schema')""",
    ),
    Rule(
        "SYSTEM_FUNCTION_LEAKPROOF",
        "The operators that row-level security must hold back are not marked leakproof.",
        "alter function … not leakproof.",
        """
        select p.oid::regprocedure::text, 'leakproof'
          from pg_proc p
         where p.proleakproof and p.pronamespace = 'pg_catalog'::regnamespace
           and p.proname in ('textlike', 'texticlike', 'textregexeq', 'texticregexeq',
               'jsonb_contains', 'ts_match_vq', 'numeric_eq', 'enum_eq', 'array_eq',
               'arraycontains', 'arrayoverlap', 'lower', 'upper', 'text_pattern_lt')
           and p.proname not like 'text\\_pattern%'""",
    ),
    Rule(
        "IMMUTABLE_READS_CONTEXT",
        "No function that reads the context or a setting claims to be immutable: a prepared "
        "plan would keep the first tenant's answer.",
        "alter function … stable.",
        ALL_FUNCTIONS
        + """
        select signature, 'immutable' from f
         where provolatile = 'i' and prokind = 'f'
           and coalesce(pg_get_function_sqlbody(oid), prosrc)
               ~* 'current_setting|app\\.(ctx|tenant|current_user_id)'""",
    ),
    Rule(
        "UNTRUSTED_FUNCTION",
        "No function of ours is written in an untrusted language.",
        "Write it in SQL or PL/pgSQL.",
        ALL_FUNCTIONS + "select signature, 'language ' || lanname from f "
        "where lanname not in ('sql', 'plpgsql')",
    ),
    Rule(
        "FUNCTION_IN_PUBLIC",
        "The schema public holds no function.",
        "Drop it, or move it to the schema app.",
        ALL_FUNCTIONS + "select signature, 'in public' from f where nspname = 'public' "
        "and not exists (select from pg_depend d where d.objid = f.oid and d.deptype = 'e')",
    ),
)
