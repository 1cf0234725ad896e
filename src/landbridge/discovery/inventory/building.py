"""Building: drives an import from its records to written assets, in bounded batches."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.discovery.imports.tables import CellIssue
from landbridge.discovery.inventory import applications_store, issues, reviews, stored
from landbridge.discovery.inventory.applications import ApplicationBook
from landbridge.discovery.inventory.gather import Gathered, Gathering, Why
from landbridge.discovery.inventory.identity import IdentityResolver, Review
from landbridge.discovery.inventory.keys import Identity, identity_from_keys, keys_of
from landbridge.discovery.inventory.observations import Observation
from landbridge.discovery.inventory.plan import Change, edits_of, is_known, plan, told
from landbridge.discovery.inventory.repository import InventoryWriter, replace_issues
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.records import Record
from landbridge.discovery.vocabulary import TableRole
from landbridge.flows.phases import PhaseContext
from landbridge.kit.ids import new_id

BATCH: Final = 2_000
_REPORT_EVERY: Final = 5_000


class InventoryBuilder:
    """One run of the inventory phase."""

    def __init__(
        self, context: PhaseContext, phase: str, tables: list[TableFacts], decider: UUID | None
    ) -> None:
        self._context = context
        self._session = context.session
        self._phase = phase
        self._gathering = Gathering(tables)
        self._book = ApplicationBook()
        self._writer = InventoryWriter(
            context.session, context.engagement_id, context.flow_id, decider
        )
        self._clusters: dict[int, list[int]] = {}
        self._asset_of: dict[int, UUID] = {}
        self._edited: dict[int, UUID] = {}
        self._current: dict[UUID, dict[str, Any]] = {}
        self._reviews: list[Review] = []
        self._counts: Counter[str] = Counter()
        self._nameless: list[tuple[UUID, int]] = []
        self._done = 0
        self._total = 2 * sum(t.rows for t in tables if t.role is not TableRole.REFERENCE)

    def gather(self, records_of: Callable[[TableFacts], Iterable[Record]]) -> None:
        """Read all records of the import, and note the rows that cannot be used."""
        gathering = self._gathering
        for number in gathering.in_order():
            for record in records_of(gathering.tables[number]):
                gathering.add(number, record)
                self._advance(1)
        gathering.finish()
        for table in gathering.tables:
            if table.role is TableRole.APPLICATIONS:
                for record in records_of(table):
                    self._advance(1)
                    if not self._book.add_row(table, record):
                        self._nameless.append((table.id, record.row_number))

    def resolve(self) -> None:
        """Cluster the records with each other and with the stored inventory."""
        gathering, resolver = self._gathering, IdentityResolver()
        self._find_edits()
        known = stored.identities(
            self._session, self._context.engagement_id, self._add_records(resolver)
        )
        missing = set(self._edited.values()) - known.keys()
        known |= stored.keys_of_assets(self._session, missing)
        anchors = {}
        for asset_id in sorted(known):
            identity = identity_from_keys(known[asset_id])
            if asset_id in self._current:
                identity = _marked(identity, asset_id)
            anchors[resolver.add(identity, stored=True)] = asset_id
        resolution = resolver.resolve()
        self._counts["too_common"] = resolution.too_common
        gathering.settle(resolution.labels)
        members: dict[int, list[int]] = defaultdict(list)
        for number in range(len(gathering.records)):
            members[resolution.labels[number]].append(number)
        for number, asset_id in anchors.items():
            label = resolution.labels[number]
            self._asset_of[label] = asset_id
        self._clusters = dict(members)
        self._reviews = [
            Review(resolution.labels[r.left], resolution.labels[r.right], r.score, r.reasons)
            for r in resolution.reviews
        ]

    def note_issues(self) -> None:
        """Enter the rows that could not be used. They are kept as they are."""
        tables = self._gathering.tables
        unusable = [
            (table, CellIssue(issues.ROW_NAMES_NO_APPLICATION, row))
            for table, row in self._nameless
        ]
        for r in self._gathering.rejected:
            kind = issues.AMBIGUOUS_OWNER if r.ambiguous else issues.ROW_NAMES_NO_ASSET
            unusable.append((tables[r.table].id, CellIssue(kind, r.row, None, r.value or None)))
        replace_issues(self._session, self._phase, [t.id for t in tables], unusable)
        self._counts["unidentified"] = len(unusable)

    def _find_edits(self) -> None:
        """Rows that carry the id of an asset come from an export of this inventory."""
        claimed: dict[int, UUID] = {}
        for number, record in enumerate(self._gathering.records):
            if record.why is Why.DESCRIBED and b'"asset_id":"' in record.packed:
                own = self._gathering.observation(record).values.get("asset_id")
                if (asset_id := stored.asset_id_of(own)) is not None:
                    claimed[number] = asset_id
        if claimed:
            self._current = stored.existing(
                self._session, self._context.engagement_id, claimed.values()
            )
        self._edited = {n: a for n, a in claimed.items() if a in self._current}

    def _add_records(self, resolver: IdentityResolver) -> Iterator[tuple[str, str]]:
        """Add every record to the resolver and give its keys, once each."""
        gathering = self._gathering
        for number, record in enumerate(gathering.records):
            observation = gathering.observation(record)
            identity = observation.identity()
            row_of = gathering.row_of(record, observation, identity)
            yield from keys_of(identity)
            if number in self._edited:
                identity, row_of = _marked(identity, self._edited[number]), None
            resolver.add(identity, row_of=row_of)

    def write(self) -> None:
        """Merge each cluster and write what changes."""
        labels = list(self._clusters)
        for label in labels:
            if label not in self._asset_of:
                self._counts["created"] += 1
                self._asset_of[label] = new_id()
        for start in range(0, len(labels), BATCH):
            self._write_batch(labels[start : start + BATCH])
        pairs = [
            (self._asset_of[r.left], self._asset_of[r.right], r.score, r.reasons)
            for r in self._reviews
            if r.left in self._asset_of and r.right in self._asset_of
        ]
        self._counts["possible"] = reviews.write(self._session, self._writer, pairs)
        self._counts["applications"] = applications_store.write(
            self._session, self._context.engagement_id, self._book
        )

    def _write_batch(self, labels: list[int]) -> None:
        ids = [self._asset_of[label] for label in labels]
        known = stored.assets(self._session, ids)
        prepared: dict[int, tuple[list[Any], dict[str, Any]]] = {}
        touched: set[UUID] = set()
        for label in labels:
            new, edits = self._said(label)
            prepared[label] = (new, edits)
            asset = known.get(self._asset_of[label])
            if asset is not None and (edits or not is_known(new, asset)):
                touched.add(self._asset_of[label])
        old = stored.observations(self._session, sorted(touched))
        changes: list[Change] = []
        for label in labels:
            asset_id = self._asset_of[label]
            new, edits = prepared[label]
            asset = known.get(asset_id)
            if asset is not None and asset_id not in touched:
                self._counts["unchanged"] += 1
                self._counts["conflicts"] += asset.open_conflicts
                continue
            change = plan(asset_id, new, asset, old.get(asset_id, ()), edits)
            changes.append(change)
            self._counts["conflicts"] += change.open_conflicts
            if not change.created:
                self._counts["unchanged" if change.row is None else "updated"] += 1
        self._writer.write(changes)
        self._writer.sources(row for label in labels for row in self._rows_of(label))

    def _said(self, label: int) -> tuple[list[Any], dict[str, Any]]:
        """What the records of a cluster say, and what a person edited."""
        observations: list[Observation] = []
        edits: dict[str, Any] = {}
        asset_id = self._asset_of[label]
        described = 0
        for number in self._clusters[label]:
            record = self._gathering.records[number]
            observation = self._gathering.observation(record)
            described += record.why is Why.DESCRIBED
            self._link_applications(asset_id, record, observation)
            if number in self._edited:
                edits |= edits_of(observation.values, self._current[asset_id])
            elif not (asset_id in self._current and record.why is Why.MENTIONED):
                observations.append(observation)
            self._advance(1 + len(record.details or ()))
        self._counts["records"] += described
        self._counts["duplicates"] += max(0, described - 1)
        return told(observations), edits

    def _link_applications(
        self, asset_id: UUID, record: Gathered, observation: Observation
    ) -> None:
        names = observation.values.get("application_name")
        if names:
            table = self._gathering.tables[record.table]
            evidence = {"import_table_id": str(table.id), "row": record.row}
            self._book.link(names, asset_id, evidence)

    def _rows_of(self, label: int) -> Iterator[tuple[UUID, UUID, int]]:
        asset_id, tables = self._asset_of[label], self._gathering.tables
        for number in self._clusters[label]:
            record = self._gathering.records[number]
            if record.why is not Why.MENTIONED:
                yield asset_id, tables[record.table].id, record.row
            for table, row, _ in record.details or ():
                yield asset_id, tables[table].id, row

    def outcome(self) -> Mapping[str, Any]:
        """The counts of the run, as the phase's output names them."""
        by_type: Counter[str] = Counter()
        by_environment: Counter[str] = Counter()
        for asset_type, environment, number in self._session.execute(
            text(
                "select asset_type, environment, count(*) from app.assets"
                " where engagement_id = :e group by 1, 2 order by 1, 2"
            ),
            {"e": self._context.engagement_id},
        ):
            by_type[asset_type] += number
            by_environment[environment] += number
        c = self._counts
        return {
            "records": c["records"] + sum(not r.ambiguous for r in self._gathering.rejected),
            "assets_created": c["created"],
            "assets_updated": c["updated"],
            "assets_unchanged": c["unchanged"],
            "duplicates_merged": c["duplicates"],
            "conflicts": c["conflicts"],
            "possible_duplicates": c["possible"],
            "unidentified": c["unidentified"],
            "applications": c["applications"],
            "by_type": by_type,
            "by_environment": by_environment,
        }

    def _advance(self, rows: int) -> None:
        before = self._done // _REPORT_EVERY
        self._done += rows
        if self._done // _REPORT_EVERY != before:
            total = max(1, self._total // 2)
            self._context.progress(min(self._done // 2, total), total)


def _marked(identity: Identity, asset_id: UUID) -> Identity:
    """An identity that only the asset itself and rows of its export share."""
    return identity._replace(instance=(*identity.instance, f"landbridge:{asset_id}"))
