"""Building: drives an import from its records to written assets, in bounded batches."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import text

from landbridge.discovery.imports.tables import CellIssue
from landbridge.discovery.inventory import (
    applications_store,
    identities,
    issues,
    reviews,
    stored,
)
from landbridge.discovery.inventory.applications import ApplicationBook
from landbridge.discovery.inventory.behind import Behind
from landbridge.discovery.inventory.clusters import Clusters
from landbridge.discovery.inventory.gather import Gathered, Gathering, Run, Why
from landbridge.discovery.inventory.identity import IdentityResolver, Resolution, Review
from landbridge.discovery.inventory.journal import journal_of
from landbridge.discovery.inventory.keys import Identity, identity_from_keys, keys_of
from landbridge.discovery.inventory.observations import Observation, digest_of, packed
from landbridge.discovery.inventory.plain import PlainRows, said_by
from landbridge.discovery.inventory.plan import Change, Told, edits_of, is_known, plan, told
from landbridge.discovery.inventory.repository import (
    KNOWN_STAYS,
    InventoryWriter,
    replace_issues,
)
from landbridge.discovery.inventory.spool import Spool
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.inventory.texts import storable_record
from landbridge.discovery.records import RecordBatch
from landbridge.discovery.vocabulary import TableRole
from landbridge.flows.phases import PhaseContext

BATCH: Final = 5_000
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
        self._journal = journal_of(context.session, context.inputs.get("import_id"))
        self._writer = InventoryWriter(
            context.session, context.engagement_id, context.flow_id, decider, self._journal
        )
        self._clusters = Clusters()
        self._applications = applications_store.ApplicationWriter(
            context.session, context.engagement_id, self._journal
        )
        self._numbers = array("q")
        self._keys = Spool()
        self._keys_at = array("q")
        self._bound: dict[int, UUID] = {}
        self._edited: dict[int, UUID] = {}
        self._current: dict[UUID, dict[str, Any]] = {}
        self._pairs: list[reviews.Pair] = []
        self._counts: Counter[str] = Counter()
        self._nameless: list[tuple[UUID, int]] = []
        self._done = 0
        self._total = 2 * sum(t.rows for t in tables if t.role is not TableRole.REFERENCE)

    def gather(self, batches_of: Callable[[TableFacts], Iterable[RecordBatch]]) -> None:
        """Read all records of the import, and note the rows that cannot be used."""
        gathering = self._gathering
        for number in gathering.in_order():
            for batch in batches_of(gathering.tables[number]):
                gathering.add(number, batch)
                self._advance(len(batch))
        gathering.finish()
        for table in gathering.tables:
            if table.role is TableRole.APPLICATIONS:
                for batch in batches_of(table):
                    self._advance(len(batch))
                    for record in batch:
                        if not self._book.add_row(table, storable_record(record)):
                            self._nameless.append((table.id, record.row_number))

    def resolve(self) -> None:
        """Cluster the records with each other and with the stored inventory."""
        session, engagement_id = self._session, self._context.engagement_id
        empty = stored.is_empty(session, engagement_id)
        if not empty:
            self._find_edits()
            self._bound = stored.told_before(session, engagement_id, self._said_of_each())
        resolver = IdentityResolver()
        known: dict[UUID, stored.Keys] = {}
        if empty:
            for _ in self._add_records(resolver):
                pass
        else:
            known = stored.identities(session, engagement_id, self._add_records(resolver))
            missing = set(self._edited.values()) - known.keys()
            known |= stored.keys_of_assets(session, missing)
        anchors: dict[int, UUID] = {}
        for asset_id in sorted(known):
            identity = identity_from_keys(known[asset_id])
            if asset_id in self._current:
                identity = _marked(identity, asset_id)
            anchors[resolver.add(identity, stored=True)] = asset_id
        self._settle(resolver.resolve(), anchors)

    def _said_of_each(self) -> Iterator[tuple[int, str, bytes]]:
        for number, record in enumerate(self._gathering.records):
            if number not in self._edited:
                observation = self._gathering.observation(record)
                yield number, observation.source, digest_of(observation.body())

    def _add_records(self, resolver: IdentityResolver) -> Iterator[tuple[str, str]]:
        """Add every record that is not told before to the resolver, and give its keys."""
        gathering = self._gathering
        self._keys_at = array("q", [-1]) * len(gathering.records)
        number = 0
        for run in gathering.runs:
            end = run.first + len(run.positions)
            yield from self._add_singly(resolver, range(number, run.first))
            if self._is_plain(run):
                yield from self._add_run(resolver, run)
            else:
                yield from self._add_singly(resolver, range(run.first, end))
            number = end
        yield from self._add_singly(resolver, range(number, len(gathering.records)))

    def _is_plain(self, run: Run) -> bool:
        """Whether the records of a run say nothing but what stands in its batch."""
        numbers = range(run.first, run.first + len(run.positions))
        records = self._gathering.records
        return all(records[n].details is None for n in numbers) and not any(
            n in self._bound or n in self._edited for n in numbers
        )

    def _add_run(self, resolver: IdentityResolver, run: Run) -> Iterator[tuple[str, str]]:
        """The same for the records of a plain run."""
        gathering, positions = self._gathering, run.positions
        table, columns = gathering.tables[run.table], gathering.documents.batch(run.batch)
        numbers = range(run.first, run.first + len(positions))
        kinds = [gathering.records[n].kind for n in numbers]
        scopes = identities.scopes_of(columns, positions, table)
        found = identities.identities_of(columns, positions, kinds, scopes, table)
        rows = None
        if table.lists_each_once:
            rows = identities.row_keys_of(columns, positions, found)
        resolver.add_all(found, table.id, rows)
        self._numbers.extend(numbers)
        for number, identity in zip(numbers, found, strict=True):
            keys = keys_of(identity)
            self._keys_at[number] = self._keys.add(packed(keys))
            yield from keys

    def _add_singly(
        self, resolver: IdentityResolver, numbers: Iterable[int]
    ) -> Iterator[tuple[str, str]]:
        gathering = self._gathering
        for number in numbers:
            if number in self._bound:
                continue
            record = gathering.records[number]
            observation = gathering.observation(record)
            identity = observation.identity()
            row_of = gathering.row_of(record, observation, identity)
            keys = keys_of(identity)
            if record.details is None:
                self._keys_at[number] = self._keys.add(packed(keys))
            yield from keys
            if number in self._edited:
                identity, row_of = _marked(identity, self._edited[number]), None
            resolver.add(identity, row_of=row_of)
            self._numbers.append(number)

    def _settle(self, resolution: Resolution, anchors: dict[int, UUID]) -> None:
        """Turn labels into assets: stored ones, and new ones in the order of their rows."""
        clusters = self._clusters = Clusters(len(self._gathering.records))
        labels = resolution.labels
        of_label = array("q", [-1]) * len(labels)
        for position, asset_id in anchors.items():
            of_label[labels[position]] = clusters.stored(asset_id)
        for number, asset_id in self._bound.items():
            clusters.of[number] = clusters.stored(asset_id)
        for position, number in enumerate(self._numbers):
            label = labels[position]
            if of_label[label] < 0:
                of_label[label] = clusters.fresh()
                self._counts["created"] += 1
            clusters.of[number] = of_label[label]
        self._gathering.settle(clusters.of)
        self._pairs = [
            (
                clusters.asset(of_label[r.left]),
                clusters.asset(of_label[r.right]),
                r.score,
                r.reasons,
            )
            for r in _with_labels(resolution)
            if of_label[r.left] >= 0 and of_label[r.right] >= 0
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
            own_export = self._gathering.tables[record.table].is_own_export
            if record.why is Why.DESCRIBED and own_export:
                own = self._gathering.observation(record).values.get("asset_id")
                if (asset_id := stored.asset_id_of(own)) is not None:
                    claimed[number] = asset_id
        if claimed:
            self._current = stored.existing(
                self._session, self._context.engagement_id, claimed.values()
            )
        self._edited = {n: a for n, a in claimed.items() if a in self._current}

    def write(self) -> None:
        """Merge each cluster and write what changes."""
        with Behind() as behind:
            alone = self._clusters.alone()
            for run in self._gathering.runs:
                self._write_run(run, alone, behind)
            for batch in self._clusters.batches(BATCH):
                self._write_batch(batch, behind)
        reviews.write(self._session, self._writer, self._pairs)
        self._applications.write(*self._book.take())
        self._applications.write_hosts(self._book.applications)
        self._counts["applications"] = len(self._book.applications)

    def _write_run(self, run: Run, alone: NDArray[np.bool_], behind: Behind) -> None:
        """Write the assets that one row of a run describes; put the other rows aside."""
        gathering, clusters, documents = self._gathering, self._clusters, self._gathering.documents
        columns, table = documents.batch(run.batch), gathering.tables[run.table]
        plain = PlainRows(table)
        mine: list[tuple[int, int]] = []
        for number, position in enumerate(run.positions, run.first):
            record = gathering.records[number]
            if alone[number] and record.details is None and number not in self._edited:
                mine.append((number, position))
            elif clusters.of[number] >= 0:
                record.place = documents.add(*documents.get(record.place))
        positions = [position for _, position in mine]
        scopes = identities.scopes_of(columns, positions, table)
        for (number, _), scope, said in zip(mine, scopes, said_by(columns, positions), strict=True):
            record, asset = gathering.records[number], clusters.hex(number)
            keys = orjson.loads(self._keys.get(self._keys_at[number]))
            plain.add(asset, record.row, record.kind, scope, said, keys)
            if said[0].get("application_name"):
                plain.link(self._book, asset, record.row, said[0]["application_name"])
            clusters.done(number)
        if not mine:
            return
        self._counts["records"] += len(mine)
        self._advance(len(mine))
        applications, links = self._book.take()

        def write() -> None:
            self._applications.write(applications, links)
            self._writer.insert(plain)
            self._applications.write_text(plain.links)

        behind.do(write)

    def _write_batch(self, assets: dict[UUID, list[int]], behind: Behind) -> None:
        stood = [asset_id for asset_id in assets if self._clusters.is_stored(asset_id)]
        said = {asset_id: self._said(asset_id, numbers) for asset_id, numbers in assets.items()}
        if stood:
            behind.wait()
        known = stored.assets(self._session, stood) if stood else {}
        touched = [
            asset_id
            for asset_id, asset in known.items()
            if said[asset_id][1] or not is_known(said[asset_id][0], asset)
        ]
        old = stored.observations(self._session, touched) if touched else {}
        unchanged = known.keys() - set(touched)
        changes: list[Change] = []
        for asset_id in assets:
            asset = known.get(asset_id)
            if asset is not None and asset_id in unchanged:
                self._counts["unchanged"] += 1
                self._counts["conflicts"] += asset.open_conflicts
                continue
            new, edits = said[asset_id]
            change = plan(asset_id, new, asset, old.get(asset_id, ()), edits)
            changes.append(change)
            self._counts["conflicts"] += change.open_conflicts
            if not change.created:
                self._counts["unchanged" if change.row is None else "updated"] += 1
        rows = [
            row
            for asset_id, numbers in assets.items()
            for row in dict.fromkeys(self._rows_of(asset_id, numbers))
        ]
        applications, links = self._book.take()

        def write() -> None:
            self._writer.write(changes)
            self._writer.sources(rows, KNOWN_STAYS if stood else "")
            self._applications.write(applications, links)

        behind.do(write)

    def _said(self, asset_id: UUID, numbers: list[int]) -> tuple[list[Told], dict[str, Any]]:
        """What the records of an asset say, and what a person edited."""
        observations: list[Observation] = []
        edits: dict[str, Any] = {}
        described = 0
        for number in numbers:
            record = self._gathering.records[number]
            observation = self._gathering.observation(record)
            if record.details is None and self._keys_at[number] >= 0:
                observation.recall(self._keys.get(self._keys_at[number]))
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

    def _rows_of(self, asset_id: UUID, numbers: list[int]) -> Iterator[tuple[UUID, UUID, int]]:
        tables = self._gathering.tables
        for number in numbers:
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
            "possible_duplicates": stored.open_questions(
                self._session, self._context.engagement_id
            ),
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


def _with_labels(resolution: Resolution) -> Iterator[Review]:
    for r in resolution.reviews:
        left, right = resolution.labels[r.left], resolution.labels[r.right]
        yield Review(left, right, r.score, r.reasons)


def _marked(identity: Identity, asset_id: UUID) -> Identity:
    """An identity that only the asset itself and rows of its export share."""
    return identity._replace(instance=(*identity.instance, f"landbridge:{asset_id}"))
