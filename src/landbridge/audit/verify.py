"""Verify a chain, link by link, without trusting where it comes from.

Nothing here knows a database: the same code reads the live log and a file that a client
downloaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from landbridge.audit.chain import Link, genesis, link_hash, root_of
from landbridge.audit.checkpoints import Checkpoint, read_checkpoint
from landbridge.audit.notes import VerifierKey
from landbridge.kit import jsonio

SHOWN: Final = 100
"""Faults that are listed; all are counted."""


class FaultKind(StrEnum):
    """What can be wrong with a log."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MISSING = "entry_missing"
    ENTRY_ADDED = "entry_added"
    TRANSACTION_MISSING = "transaction_missing"
    TRANSACTION_UNSEALED = "transaction_unsealed"
    COLUMN_CHANGED = "column_changed"
    LINK_MISSING = "link_missing"
    LINK_CHANGED = "link_changed"
    CHECKPOINT_BEYOND_END = "checkpoint_beyond_end"
    CHECKPOINT_DIFFERS = "checkpoint_differs"
    CHECKPOINT_NOT_SIGNED = "checkpoint_not_signed"
    CHECKPOINT_FOREIGN = "checkpoint_foreign"


MEANING: Final = {
    FaultKind.ENTRY_CHANGED: "An entry is not what was sealed: edited, exchanged or put in another "
    "order.",
    FaultKind.ENTRY_MISSING: "An entry that was sealed is gone.",
    FaultKind.ENTRY_ADDED: "There is an entry more than was sealed.",
    FaultKind.TRANSACTION_MISSING: "All entries of a sealed transaction are gone.",
    FaultKind.TRANSACTION_UNSEALED: "Entries that no link seals: forged, or their link is gone.",
    FaultKind.COLUMN_CHANGED: "What lists show beside an entry differs from its sealed text.",
    FaultKind.LINK_MISSING: "A link of the chain is gone.",
    FaultKind.LINK_CHANGED: "A link does not continue the one before it: edited or forged.",
    FaultKind.CHECKPOINT_BEYOND_END: "A signed checkpoint knows links that are gone: the end was "
    "cut off, or an older backup was restored.",
    FaultKind.CHECKPOINT_DIFFERS: "The chain is not the one that was signed: it was rewritten.",
    FaultKind.CHECKPOINT_NOT_SIGNED: "No trusted key signed this checkpoint.",
    FaultKind.CHECKPOINT_FOREIGN: "The checkpoint is about another client account.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and the link where it shows."""

    kind: FaultKind
    seq: int | None

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"kind": self.kind.value, "seq": self.seq, "meaning": MEANING[self.kind]}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A link with what is stored for it.

    Attributes:
        link: as stored.
        entries: the texts, in order; empty where they are gone.
        columns_agree: whether the columns beside the texts say the same.
    """

    link: Link
    entries: Sequence[str]
    columns_agree: bool = True


@dataclass(slots=True)
class Verification:
    """What verifying found.

    Attributes:
        links: links read.
        entries: entries read.
        head: hash of the last link; None for an empty log.
        checkpoints: signed checkpoints that the chain agrees with.
        anchored: the last link that one of them covers; changes of later links that keep the
            arithmetic right would not be noticed.
        erased_through: entries up to this link were erased together with the account's data.
        faults: the first of what is wrong.
        fault_count: how much is wrong in all.
    """

    client_account_id: UUID
    links: int = 0
    entries: int = 0
    head: bytes | None = None
    checkpoints: int = 0
    anchored: int = 0
    erased_through: int = 0
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault_count == 0

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "client_account_id": str(self.client_account_id),
            "intact": self.intact,
            "links": self.links,
            "entries": self.entries,
            "head": self.head.hex() if self.head else None,
            "checkpoints": self.checkpoints,
            "anchored_through": self.anchored,
            "erased_through": self.erased_through,
            "fault_count": self.fault_count,
            "faults": [fault.as_json() for fault in self.faults],
        }


class Verifier:
    """Takes the links in their order, then says what it found."""

    def __init__(
        self, client_account_id: UUID, notes: Iterable[str], keys: Sequence[VerifierKey]
    ) -> None:
        """
        Args:
            client_account_id: whose chain it is.
            notes: signed checkpoints, from wherever they were kept.
            keys: the keys that are trusted to sign them.
        """
        self.result = Verification(client_account_id)
        self._before = genesis(client_account_id)
        self._seq = 0
        self._gone: list[int] = []
        self._awaited: dict[int, list[Checkpoint]] = defaultdict(list)
        for note in dict.fromkeys(notes):
            checkpoint = read_checkpoint(note, keys)
            if checkpoint is None:
                self._fault(FaultKind.CHECKPOINT_NOT_SIGNED, None)
            elif checkpoint.client_account_id != client_account_id:
                self._fault(FaultKind.CHECKPOINT_FOREIGN, checkpoint.seq)
            else:
                self._awaited[checkpoint.seq].append(checkpoint)

    def take(self, sealed: Sealed) -> None:
        """The next link in order of `seq`."""
        link, entries = sealed.link, sealed.entries
        if link.seq != self._seq + 1:
            self._fault(FaultKind.LINK_MISSING, self._seq + 1)
        elif link_hash(self._before, link.seq, link.n, link.root) != link.hash:
            self._fault(FaultKind.LINK_CHANGED, link.seq)
        self._look_into(sealed)
        for checkpoint in self._awaited.pop(link.seq, ()):
            if checkpoint.hash == link.hash:
                self.result.checkpoints += 1
                self.result.anchored = link.seq
            else:
                self._fault(FaultKind.CHECKPOINT_DIFFERS, link.seq)
        self._seq, self._before = link.seq, link.hash
        self.result.links += 1
        self.result.entries += len(entries)
        self.result.head = link.hash

    def unsealed(self, transactions: int) -> None:
        """How many transactions have entries that no link seals."""
        for _ in range(transactions):
            self._fault(FaultKind.TRANSACTION_UNSEALED, None)

    def finish(self) -> Verification:
        """What was found."""
        for seq in self._gone:
            if seq > self.result.erased_through:
                self._fault(FaultKind.TRANSACTION_MISSING, seq)
        for seq, checkpoints in sorted(self._awaited.items()):
            kind = FaultKind.CHECKPOINT_BEYOND_END
            for _ in checkpoints:
                self._fault(kind if seq > self._seq else FaultKind.CHECKPOINT_DIFFERS, seq)
        return self.result

    def _look_into(self, sealed: Sealed) -> None:
        link, entries = sealed.link, sealed.entries
        if not entries:
            self._gone.append(link.seq)
        elif len(entries) != link.n:
            fewer = len(entries) < link.n
            self._fault(FaultKind.ENTRY_MISSING if fewer else FaultKind.ENTRY_ADDED, link.seq)
        elif root_of(entries) != link.root:
            self._fault(FaultKind.ENTRY_CHANGED, link.seq)
        elif not sealed.columns_agree:
            self._fault(FaultKind.COLUMN_CHANGED, link.seq)
        else:
            for entry in entries:
                self._note_erasure(entry)

    def _note_erasure(self, entry: str) -> None:
        """An operator's erasure explains why the entries before it are gone. A program cannot
        state one: what it states is marked.
        """
        if '"audit.erased"' not in entry:
            return
        told = jsonio.loads(entry)
        if told.get("action") == "audit.erased" and not told.get("stated"):
            through = int(told["detail"]["through"])
            self.result.erased_through = max(self.result.erased_through, through)

    def _fault(self, kind: FaultKind, seq: int | None) -> None:
        self.result.fault_count += 1
        if len(self.result.faults) < SHOWN:
            self.result.faults.append(Fault(kind, seq))
