"""What the lint lets pass, each with its reason. An entry that matches nothing is itself
reported, so that the list never outgrows the schema.
"""

from __future__ import annotations

from dataclasses import dataclass

from landbridge.audit.watched import WATCHED


@dataclass(frozen=True, slots=True)
class Allowed:
    """One exception: a rule, the object it may find, and why that is safe."""

    code: str
    object: str
    reason: str


_DEFINERS = {
    "app.ctx()": "Verifies the seal, whose key no login can read.",
    "app.open(bytea,uuid)": "Mints a context after checking the membership.",
    "app.open_job(uuid,uuid)": "Mints a worker's context for the account of its flow.",
    "app.who(bytea)": "Answers only for the credential it is given.",
    "app.accounts(bytea)": "Answers only for the credential it is given.",
    "app.members()": "Filters by the open tenant itself.",
    "app.start_session(bytea,bytea,interval,text)": "Needs a valid credential; returns no row.",
    "app.password_salt(text,text)": "Tells salts, which are no secret, known address or not.",
    "app.sign_in(text,text,bytea,bytea,interval,text)": "Needs the proof of the password.",
    "app.second_factor(bytea)": "Answers only for the step it is given, a few times.",
    "app.pass_second_factor(bytea,bigint,bytea,interval,text)": "Needs the step it ends.",
    "app.own_settings(bytea)": "Answers only for the credential it is given.",
    "app.set_password(bytea,bytea,bytea,text,bytea)": "Needs a session, and the old proof.",
    "app.begin_second_factor(bytea,bytea)": "Changes only the user of the session it is given.",
    "app.begun_second_factor(bytea)": "Answers only for the session it is given.",
    "app.confirm_second_factor(bytea,bigint)": "Changes only the user of the session given.",
    "app.end_second_factor(bytea,bytea)": "Needs a session, and the proof of the password.",
    "app.renew_recovery_codes(bytea,bytea,bytea[])": "Changes only the user of the session given.",
    "app.recovery_codes_left(bytea)": "Counts only for the credential it is given.",
    "app.pass_recovery_code(bytea,bytea,bytea,interval,text)": (
        "Needs the step it ends and a code; tells the user's accounts that one was used."
    ),
    "app.sessions(bytea)": "Lists only the sessions of the credential's user, under other names.",
    "app.end_sessions(bytea,text)": "Ends only sessions of the credential's user.",
    "app.is_set_up()": "Tells one bit: whether anybody has a password.",
    "app.set_up_link_holds(bytea)": "Answers only for the link it is given.",
    "app.set_up(bytea,uuid,text,text,bytea,text,bytea,uuid,text,bytea,interval,text)": (
        "Needs the one set-up link, and ends it."
    ),
    (
        "app.sign_in_federated"
        "(text,text,text,boolean,bigint,text,text,bytea,uuid,bytea,interval,text)"
    ): "Needs claims under the seal of the provider's client secret.",
    "app.connect_identity(text,text,text,boolean,bigint,text,bytea)": (
        "Needs a session, and claims under the same seal."
    ),
    "app.has_identity(bytea)": "Answers only for the session it is given.",
    "app.trusts_issuer(text,text)": "Tells one bit to who knows the hash of the key.",
    "app.member_list()": "Needs an admin's context; filters by the open tenant itself.",
    "app.set_member_role(uuid,text)": "Needs an admin's context; changes the open tenant alone.",
    "app.remove_member(uuid)": "Needs an admin's context; changes the open tenant alone.",
    "app.invite(uuid,bytea,text,text,interval)": "Needs an admin's context, as above.",
    "app.invitation_list()": "Needs an admin's context; filters by the open tenant itself.",
    "app.withdraw_invitation(uuid)": "Needs an admin's context, as above.",
    "app.invitation(bytea)": "Answers only for the link it is given.",
    "app.accept_as_new(bytea,uuid,text,bytea,text,bytea,bytea,interval,text)": (
        "Needs the link of an invitation, and ends it."
    ),
    "app.accept_as_self(bytea,bytea)": "Needs the link of an invitation and a session.",
    "app.create_key(uuid,bytea,text,text,text,timestamp with time zone)": (
        "Needs an admin's context; its key opens the open tenant alone."
    ),
    "app.key_list()": "Needs an admin's context; filters by the open tenant itself.",
    "app.revoke_key(text)": "Needs an admin's context; changes the open tenant alone.",
    "app.set_four_eyes(boolean)": "Needs an admin's context; changes the open tenant alone.",
    "app.create_account(bytea,uuid,text)": "Needs a credential of who may make accounts.",
    "app.end_session(bytea)": "Deletes only the session it is given.",
    "app_private.keep_account_name()": "Copies a name that its caller just wrote.",
    "app.stamp(bytea,text,text,text,text)": "Needs the credential; seals what it is given.",
    "app.stamp_job(text,text)": "Seals what it is given, for workers.",
    "app.audit_record(text,jsonb,uuid,jsonb)": "Appends to the open tenant's log only.",
    "app.audit_checkpoint(bigint,text)": "Keeps a note about the open tenant's chain only.",
    "app.audit_due()": "Numbers and hashes of chains, for workers that sign them.",
    "app.audit_hash_at(uuid,bigint)": "One hash of a chain, for workers that sign it.",
    "app.audit_anchor(uuid,bigint,text)": "Keeps a note about one chain, for workers.",
    "app_private.audit_row()": "Appends to the log of the row's own tenant.",
    "app_private.audit_identity()": "Appends to the logs of the accounts a key or member opens.",
    "app_private.audit_seal()": "Links the entries of the tenant that wrote them.",
    "app_private.enforce_quota()": "Counts for the row's own tenant; returns no row.",
    "app.quotas()": "Counts for the open tenant only.",
    "app.set_quota(bytea,uuid,text,bigint)": "Needs a credential of who may make accounts.",
    "app.open_delivery(uuid,uuid)": "Mints a worker's context for the account of its delivery.",
    "app.claim_webhook_deliveries(integer,interval)": "Gives workers references only.",
    "app.add_webhook_secret(uuid,text,interval)": "Writes for the open tenant; returns nothing.",
    "app.webhook_secrets(uuid)": "Gives workers the secrets of the open tenant.",
    "app_private.keep_webhook_route()": "Copies what its caller just wrote, as references.",
    "app_private.keep_webhook_due()": "Copies what its caller just wrote, as references.",
    "app_private.tell_webhooks()": "Writes under row-level security, in its caller's tenant.",
    "app.gauges()": "Counts over all accounts together, with no name or id of any.",
    "app.record_errors(uuid,bigint,bigint,jsonb,integer)": (
        "Adds references to accounts by a credential, flow or message of theirs; returns nothing."
    ),
    "app.forget_errors(interval,interval)": "Deletes what is old; returns a number to workers.",
    "app.error_counts()": "Counts for the open tenant only.",
    "app.is_operator(bytea)": "Tells one bit about the credential it is given.",
    "app.error_centre(bytea,text,text)": "Needs a credential of who may make accounts.",
    "app.decide_error(bytea,text,text,text,timestamp with time zone)": (
        "Needs a credential of who may make accounts; writes no client's data."
    ),
    "app_private.keep_open_flow()": "Copies ids and the status of a flow just written.",
}

ALLOWED: tuple[Allowed, ...] = (
    *(Allowed("DEFINER_NOT_ALLOWED", name, reason) for name, reason in _DEFINERS.items()),
    Allowed(
        "TRIGGER_NOT_ALLOWED",
        "app.client_accounts.keep_name",
        "Keeps the account switcher's names; writes nothing a tenant can read across.",
    ),
    *(
        Allowed("TRIGGER_NOT_ALLOWED", name, "Audits the row; writes to its tenant's log only.")
        for watched in WATCHED
        for name in watched.triggers
    ),
    *(
        Allowed("TRIGGER_NOT_ALLOWED", name, "Keeps the audit log append-only, and seals it.")
        for name in (
            "app.audit_entries.append_only",
            "app.audit_links.append_only",
            "app.audit_checkpoints.append_only",
            "app.audit_entries.seal",
        )
    ),
    *(
        Allowed("TRIGGER_NOT_ALLOWED", name, "Keeps references that only workers' claims read.")
        for name in ("app.webhooks.keep_route", "app.webhook_deliveries.keep_due")
    ),
    *(
        Allowed("TRIGGER_NOT_ALLOWED", name, "Refuses by the open tenant's own rows.")
        for name in (
            *("app.flows.not_when_leaving", "app.imports.not_when_leaving"),
            *("app.stored_files.quota", "app.assets.quota", "app.imports.quota"),
            "app_private.memberships.quota",
        )
    ),
    *(
        Allowed(
            "TRIGGER_NOT_ALLOWED",
            f"app.{table}.know_assets_{event}",
            "Refuses rows whose asset is not in their account, as a foreign key would.",
        )
        for table in (
            *("asset_keys", "asset_observations", "asset_sources", "application_assets"),
            *("dependencies", "findings", "asset_group_members"),
        )
        for event in ("insert", "update")
    ),
    Allowed(
        "TRIGGER_NOT_ALLOWED",
        "app.assets.forget_assets",
        "Deletes what refers to deleted assets, under row-level security.",
    ),
    Allowed("TRIGGER_NOT_ALLOWED", "app.assets.keep_id", "Refuses; writes nothing."),
    Allowed(
        "TRIGGER_NOT_ALLOWED",
        "app.flow_events.tell_webhooks",
        "Writes deliveries in the tenant of the event and in its transaction.",
    ),
    *(
        Allowed(
            "TRIGGER_NOT_ALLOWED",
            f"app.flows.keep_open_{event}",
            "Keeps the list of open flows: ids and status only.",
        )
        for event in ("insert", "update", "delete")
    ),
    *(
        Allowed(
            "PRIVATE_TABLE_GRANTED",
            f"app_private.open_flows{column}",
            "Ids and status of open flows, for the watchdog of the workers.",
        )
        for column in ("", ".look_at", ".looks")
    ),
    Allowed(
        "PRIVATE_TABLE_GRANTED",
        "app_private.watchdog_counts",
        "How often the watchdog did what, by day: no client's data.",
    ),
    Allowed(
        "PRIVATE_TABLE_GRANTED",
        "app_private.circuits",
        "Whether outside services are asked: no client's data.",
    ),
    Allowed("TRIGGER_NOT_ALLOWED", "app.approvals.four_eyes", "Refuses; writes nothing."),
    Allowed("TRIGGER_NOT_ALLOWED", "app.flows.keep_requester", "Refuses; writes nothing."),
    Allowed(
        "PRIVATE_TABLE_GRANTED",
        "app_private.executor_leases",
        "Heartbeats of workers: host, process, time and what they have code for; no client's data.",
    ),
    Allowed(
        "PRIVATE_TABLE_GRANTED",
        "app_private.release",
        "The name of the release, for readiness checks.",
    ),
    *(
        Allowed("PRIVATE_ROW_SECURITY_OFF", name, "Holds no client's data.")
        for name in (
            "app_private.executor_leases",
            "app_private.release",
            "app_private.alembic_version",
            "app_private.watchdog_counts",
            "app_private.circuits",
        )
    ),
    Allowed(
        "UNIQUE_WITHOUT_TENANT",
        "app.client_accounts_name",
        "Only app_owner inserts accounts; no tenant can probe the index.",
    ),
    Allowed(
        "LEAKY_INDEX_EXPRESSION",
        "app.client_accounts_name",
        "Enforces uniqueness; no query relies on it.",
    ),
)
