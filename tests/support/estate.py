"""A small estate with something in every list, written straight into the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.kit import jsonio
from landbridge.kit.ids import new_id
from tests.support.accounts import Account
from tests.support.flows import HandledFlow
from tests.support.mapped import MappedImport, make_mapped_import


@dataclass(frozen=True, slots=True)
class Estate:
    """An account's estate; every text in it contains `mark`."""

    account: Account
    mark: str
    imported: MappedImport
    flow_id: UUID
    approval_id: UUID
    asset_id: UUID
    webhook_id: UUID
    delivery_id: UUID

    @property
    def api(self) -> str:
        """The engagement in the API."""
        a, e = self.account.client_account_id, self.account.engagement_id
        return f"/api/v1/client-accounts/{a}/engagements/{e}"

    @property
    def pages(self) -> str:
        """The engagement's pages."""
        a, e = self.account.client_account_id, self.account.engagement_id
        return f"/accounts/{a}/engagements/{e}"


def make_estate(databases: Databases, account: Account) -> Estate:
    """An import with an issue, a flow that waits, two assets and everything about them."""
    mark = f"mark{new_id().hex[-10:]}"
    imported = make_mapped_import(
        databases,
        account,
        (f"{mark} name", "attribute", "hostname", 980),
        (mark, "custom", None, 9),
    )
    flow = HandledFlow(databases, account)
    approval_id = flow.ask()
    first, second = new_id(), new_id()
    with databases.app.open(account.access) as session:

        def put(table: str, **row: Any) -> None:
            names = ", ".join(row)
            values = ", ".join(
                f"cast(:{k} as jsonb)" if isinstance(v, (dict, list)) else f":{k}"
                for k, v in row.items()
            )
            plain = {
                k: jsonio.dumps(v) if isinstance(v, (dict, list)) else v for k, v in row.items()
            }
            session.execute(text(f"insert into app.{table} ({names}) values ({values})"), plain)

        engagement = {"engagement_id": account.engagement_id}
        put(
            "row_issues",
            id=new_id(),
            import_table_id=imported.table_id,
            phase="data_import",
            row_number=2,
            column_name=mark,
            value=mark,
            code="MARKED",
            severity="warning",
            detail=mark,
        )
        for n, asset in enumerate((first, second)):
            put(
                "assets",
                id=asset,
                **engagement,
                asset_type="server",
                name=f"{mark}-{n}",
                environment="production",
                os_name=mark,
                cpu_cores=4,
                attributes={"hostname": f"{mark}-{n}", "ip_address": ["10.0.0.1"]},
                provenance={
                    "records": [["list", str(imported.table_id), n + 2]],
                    "attributes": {"hostname": [[0], "authority.list"]},
                },
                content_hash=b"x" * 16,
                first_seen_flow_id=flow.id,
            )
            put("asset_keys", **engagement, kind="hostname", value=f"{mark}-{n}", asset_id=asset)
            put(
                "asset_sources",
                asset_id=asset,
                import_table_id=imported.table_id,
                row_number=n + 2,
            )
        put("asset_components", asset_id=first, kind="disk", name=mark, attributes={"note": mark})
        put(
            "asset_conflicts",
            id=new_id(),
            **engagement,
            asset_id=first,
            attribute="location",
            candidates=[{"value": mark, "source": mark}],
            chosen={"value": mark},
        )
        edit = new_id()
        put("inventory_edits", id=edit, **engagement, changes={"cost_center": mark}, assets=1,
            selection={"by": "filters", "filters": {"q": mark}}, reason=mark,
            created_by=account.user_id)  # fmt: skip
        put("inventory_edit_values", edit_id=edit, asset_id=first, attribute="cost_center",
            before=[mark], value=[mark])  # fmt: skip
        application = new_id()
        put("applications", id=application, **engagement, name=mark, name_key=mark)
        put("application_assets", application_id=application, asset_id=first, evidence=[mark])
        put(
            "dependencies",
            id=new_id(),
            **engagement,
            from_asset_id=first,
            to_asset_id=second,
            kind="depends_on",
            confidence=900,
            evidence=[{"file": mark}],
        )
        put("agent_policies", enabled=False)
        put("agent_calls", id=new_id(), **engagement, flow_id=flow.id, phase=mark, task=mark,
            model=f"openai:{mark}", content_hash=b"x" * 32, outcome="refused", code=mark,
            requests=1, input_tokens=100, output_tokens=20, cost_micros=65)  # fmt: skip
        grouping, apart = new_id(), [new_id(), new_id()]
        put("asset_groupings", id=grouping, **engagement, flow_id=flow.id, wanted=2, resolution=1,
            modularity=0, assets=2, edges=1, groups=2, circles=0)  # fmt: skip
        for n, (group, asset) in enumerate(zip(apart, (first, second), strict=True)):
            put("asset_groups", id=group, **engagement, grouping_id=grouping, number=n + 1,
                kind="group", name=f"{mark}-{n}", name_key=f"{mark}-{n}".casefold(), size=1,
                circle=0, inside=0, outside=1,
                reasons=[{"code": "edges", "text": mark}])  # fmt: skip
            put("asset_group_members", group_id=group, asset_id=asset, confidence=900, why=mark)
        put("asset_group_edges", from_group_id=apart[0], to_group_id=apart[1], edges=1)
        put(
            "findings",
            id=new_id(),
            **engagement,
            asset_id=first,
            code="MARKED",
            severity="high",
            title=mark,
            detail=mark,
            remedy=mark,
            data={"note": mark},
            cache_key=mark,
        )
        put("suggested_applications", id=new_id(), **engagement, asset_id=second,
            application_id=application, confidence=450, next_best=0, flow_id=flow.id,
            reasons=[{"evidence": "name", "strength": 0.45, "of": 1, "all": 1, "assets": [],
                      "note": mark}])  # fmt: skip
        for subject in ({"application_id": application}, {"asset_id": second}):
            put(
                "recommendations",
                id=new_id(),
                **engagement,
                **subject,
                strategy="rehost",
                confidence=750,
                rule="supported",
                arithmetic="0.75 of the rule = 0.75",
                rules_version=0,
                facts={"os_ended": False, "operating_systems": [mark]},
                alternatives=[],
                missing=["share_off"],
                flow_id=flow.id,
            )
        plan, wave, item = new_id(), new_id(), new_id()
        put("wave_plans", id=plan, **engagement, flow_id=flow.id, settings={}, hash=mark, waves=1,
            items=1, assets=1, staying=0, edges=0, violations_total=1,
            violations=[{"code": "over_capacity", "text": mark, "items": [str(item)]}])  # fmt: skip
        put("waves", id=wave, **engagement, plan_id=plan, number=1, items=1, assets=1)
        put("wave_items", id=item, **engagement, wave_id=wave, asset_id=second, name=mark,
            environment="test", name_key=mark.casefold(), assets=1, unit=mark,
            reasons=[{"code": "earliest", "text": mark, "about": []}])  # fmt: skip
        put("wave_assets", item_id=item, asset_id=second)
        put("strategy_rules", id=new_id(), version=1, note=mark, created_by=account.user_id)
        webhook, delivery = new_id(), new_id()
        put(
            "webhooks",
            id=webhook,
            url=f"https://{mark}.example/",
            description=mark,
            kinds="{webhook.disabled}",
            created_by=account.user_id,
        )
        put(
            "webhook_deliveries",
            id=delivery,
            webhook_id=webhook,
            kind="flow.created",
            flow_id=flow.id,
            seq=1,
            status="delivered",
            next_attempt_at=None,
            attempts=1,
        )
        put(
            "webhook_attempts",
            delivery_id=delivery,
            number=1,
            finished_at="2026-11-22T12:00:00Z",
            status_code=200,
            response=mark,
        )
    return Estate(account, mark, imported, flow.id, approval_id, first, webhook, delivery)
