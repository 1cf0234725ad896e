"""Functions: few run with the owner's rights, none can be tricked, and nobody else's run."""

from __future__ import annotations

from landbridge.tenancy.rules.rule import ALL_FUNCTIONS, Rule

SEALED = (
    (
        "app_private.know_assets()",
        "false",
        "5cc7450c0a5d97126e48e1c7065c6d669d73e7d7507cf13827798b65df4eb0f0",
    ),
    (
        "app_private.forget_assets()",
        "false",
        "72d9f56e46fe816860ed7e10c173798cf833929f91d7b875c1143a47d28fba9a",
    ),
    (
        "app_private.keep_asset_id()",
        "false",
        "1b610be094070bcdab6b1490f791d502e9ad5f278d055bb181ceed3665a3e9d4",
    ),
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
        "33af243ab6e0bb3deea4cb690bc92933c2229a04c05472da87819bba1de99e42",
    ),
    (
        "app.open_delivery(uuid,uuid)",
        "true",
        "9faffefe2844ea22681f9a55c9525ec63e92f522b707fff555500f21df8e34ab",
    ),
    (
        "app.webhook_secrets(uuid)",
        "true",
        "19c33130ca231135388ac7a28826efedae7c5bd466ede8ea4f09b0f52c78d3e9",
    ),
    (
        "app.add_webhook_secret(uuid,text,interval)",
        "true",
        "ad76110b2060c79337680f55f3c1740a1ffdee942f15b859ed1ef357e3909a9b",
    ),
    (
        "app.claim_webhook_deliveries(integer,interval)",
        "true",
        "3deca20bd80c10c1b44ba6c98d8ed981ef4a1702dcee08378a81bc6b488ff3e4",
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
    (
        "app.start_session(bytea,bytea,interval,text)",
        "true",
        "034d24a1b811b8543fc70ee1e03198af13a2d0ecf99f91c78be8f5a3374482ba",
    ),
    (
        "app.sign_in(text,text,bytea,bytea,interval,text)",
        "true",
        "7e600c5b865109ef38b76a690c04c03a4d00da282e6d9861dcccf4d23bae55c0",
    ),
    (
        "app.pass_second_factor(bytea,bigint,bytea,interval,text)",
        "true",
        "b7067643e93d53629a99374ff641aa039a6c53e8c1dc7762f9a9196628fc3793",
    ),
    (
        "app.pass_recovery_code(bytea,bytea,bytea,interval,text)",
        "true",
        "07c9632b57de84cf41dd5684f3dfadb16141f81b9a3a42032a1a83405683c817",
    ),
    (
        "app.renew_recovery_codes(bytea,bytea,bytea[])",
        "true",
        "70346ff323e0e91b7181dc881ebd5b6064053619b41fa8eb9a924b223141e63d",
    ),
    (
        "app.set_password(bytea,bytea,bytea,text,bytea)",
        "true",
        "2d9aa39fa660244724012ba2a12218f4253827e7e77cf836faa48b943f9ebdfb",
    ),
    (
        "app.set_up(bytea,uuid,text,text,bytea,text,bytea,uuid,text,bytea,interval,text)",
        "true",
        "9e8daa40a68b49674cdeff13c9b8108af3527448ace42e33668bbbaab9902bf5",
    ),
    (
        "app.create_account(bytea,uuid,text)",
        "true",
        "201fe1c3d736d7c12b780bab880e2ae4be5d9df599273d55a85fbe4162b15df4",
    ),
    (
        "app_private.admit(uuid,bytea,text,interval,text)",
        "false",
        "73ac409d3a3589d12ba98cc5508af698817a69194030bbd0c58e2fcec3b38365",
    ),
    (
        "app_private.take(text,text)",
        "false",
        "4b7ad2979825cc3f06dcfa75e16716c7ce959f4c99cd87ef7d0ce646fc10dc47",
    ),
    (
        "app_private.seal_origin(text,text)",
        "false",
        "fad83a22f1c518b3b528ba52f57f5b8568266dfaf381eaef6cd8dd240681c439",
    ),
    (
        "app.stamp(bytea,text,text,text,text)",
        "true",
        "de1b25f3dd799c191b8b079521ecdc2aeb29a9d8b42309407ea85a1fbb1e31f2",
    ),
    (
        "app.stamp_job(text,text)",
        "true",
        "c08c4d99bb16d5467feef0f854943dc08968e2686a227c14f2f5c82d304c7290",
    ),
    (
        "app_private.audit_origin(text)",
        "false",
        "4f16c608bd32407e28096994567a001a6b1daf308f086b85d295ee47da4998d4",
    ),
    (
        "app_private.audit_actor(text)",
        "false",
        "40240b3ebaff60b7794c13000e5cdae15e189d3c67233745ece7bf3b128e368a",
    ),
    (
        "app_private.audit_append(uuid,text,jsonb,uuid,jsonb)",
        "false",
        "40542787162b47c79e2d1acae8ba63389c08f96d796b48944a2470c1bc47ba49",
    ),
    (
        "app_private.audit_seal()",
        "true",
        "958160abe5838ae55a5ee5598fa9d086f27280f57e2a43092a9afe7a98d15bf5",
    ),
    (
        "app_private.audit_row()",
        "true",
        "cff944010c0a89ef48b16a0abba1ba1679e1eb8cf04e8eb4095fa633cc726fa7",
    ),
    (
        "app_private.audit_identity()",
        "true",
        "89be6303f5c0a6dc017476c3fbf212034a8bf93b5d57738ea102d3de6867183f",
    ),
    (
        "app_private.audit_deny()",
        "false",
        "e1d4287cffec1678e1991b8823b92a4abeeafa26b0d3c473fa1087c0ab3b2d0a",
    ),
    (
        "app_private.require_admin()",
        "false",
        "9bfe8a0805b6da9c0651c8187b3c8271cd9f3cc592bad7e2847fe90cabf4fc95",
    ),
    (
        "app_private.accept(bytea,uuid)",
        "false",
        "fa4bac6e0a8a89e2eb433d049f318c75a15a8c6e6adf7438a2889f77e08009c8",
    ),
    (
        "app_private.keeps_admin(uuid,uuid)",
        "false",
        "91fd346f29fb4c70835e0964d31aa75f1f981d5c9828792f18843f52d07249d4",
    ),
    (
        "app.set_member_role(uuid,text)",
        "true",
        "8dc0b5ed56a44749858220a952b7f6b1fb5c46e21b87eec849effa0375a177c6",
    ),
    (
        "app.invite(uuid,bytea,text,text,interval)",
        "true",
        "8959ec0f4e35388714300f2ead7db080652e1c91c5ffebb256e31abd82045379",
    ),
    (
        "app.create_key(uuid,bytea,text,text,text,timestamp with time zone)",
        "true",
        "fb957015ef0f8d380be677bed93230f6559093b16420686e998c6ff4d1ec5904",
    ),
    (
        "app_private.new_account(uuid,text,uuid)",
        "false",
        "f5b67b916f3da4ee3de273303ecb765c48e2bb05a438dd0bd2f8c07e09c8453e",
    ),
    (
        "app.accept_as_new(bytea,uuid,text,bytea,text,bytea,bytea,interval,text)",
        "true",
        "7cc9e91f7dda5558444ce14e028c142ae5e45a8ad61f4501c076f80a4b055a10",
    ),
    (
        "app.accept_as_self(bytea,bytea)",
        "true",
        "cf07f97301d5611e8aa1a8b651d82b385a859a84fa99d3e317ae675d5c31bbd1",
    ),
    (
        "app.require_four_eyes()",
        "false",
        "88d36ec0772f332baff030bdd460b692b6558e5b753d879c5d741112a7f13577",
    ),
    (
        "app.sign_in_federated(text,text,text,boolean,bigint,text,text,bytea,uuid,bytea,interval,text)",
        "true",
        "58228b573833a63b92ab899f35d823fa04c18459a43c236d2d888908ee40f31d",
    ),
    (
        "app.connect_identity(text,text,text,boolean,bigint,text,bytea)",
        "true",
        "9a187ca2fbab6e206f43f9d4cf081bbe4673f84b797f1985045ef56aa8dbc1b5",
    ),
    (
        "app_private.vouched(text,text,text,boolean,bigint,bytea,text)",
        "false",
        "e64fe2f1a4332d9538c16a537c299ec50d3f14392307bebd28cc77ad78ecfe5b",
    ),
    (
        "app.invitation(bytea)",
        "true",
        "a22ebc9c7bc04970e5f66e2c0696fc3c53246631c1a99c1642323f7af271ce36",
    ),
    (
        "app.is_set_up()",
        "true",
        "f21777e06fb8006017a48ad01f3ab65a6d3d17552ef3d60774ae5b7e8b149ab6",
    ),
    (
        "app.record_errors(uuid,bigint,bigint,jsonb,integer)",
        "true",
        "3d617701dde4ee992c4e77c4a2e0deaea5a937e15e1e4d36e87718276706257d",
    ),
    (
        "app_private.error_owner(uuid,bytea,uuid,uuid)",
        "false",
        "e0f04c74251a8836f5b274b57f3398f57bc93d82cc163183c69378cc7a58a5a2",
    ),
    (
        "app_private.operator_of(bytea)",
        "false",
        "ef7dd44853354f8cef777f5e2a40d4c7038b46bfd0d0e96b9e4f7bbba2af005f",
    ),
    (
        "app.error_centre(bytea,text,text)",
        "true",
        "485686a1c846e445a242101e505ffa7fee0a687ebad9bc2ff6003a48a7621076",
    ),
    (
        "app.decide_error(bytea,text,text,text,timestamp with time zone)",
        "true",
        "01df4d045ac287b97ac76fed01e3bf6b942066dd0021e537df3d5bca5018337f",
    ),
    (
        "app.error_counts()",
        "true",
        "7afda3da44da80c1a0f78c2ba0773dd4df290ffefc88d8d3cfc5fa7a04b919c8",
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
        "The API's login cannot open an account by naming a flow or a delivery, reach another's "
        "log, or read the secrets of webhooks.",
        "revoke execute on function … from app_rw.",
        ALL_FUNCTIONS
        + """
        select signature, 'app_rw may execute' from f
         where nspname = 'app' and proname in (
               'open_job', 'stamp_job', 'audit_due', 'audit_hash_at', 'audit_anchor',
               'open_delivery', 'claim_webhook_deliveries', 'webhook_secrets', 'forget_errors')
           and has_function_privilege('app_rw', oid, 'execute')""",
    ),
    Rule(
        "TENANT_FUNCTION_CHANGED",
        "The functions that verify the context, let people in and write the audit log are those "
        "of this release.",
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
