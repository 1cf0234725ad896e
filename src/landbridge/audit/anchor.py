"""Where checkpoints are kept outside the database: a directory of small files.

It may be any directory: one that is mirrored to an object store with a retention lock, or
mounted from another machine. Files are written once and never changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from landbridge.audit.errors import AuditCheckpointNotKept
from landbridge.kit.files import write_once
from landbridge.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Anchor:
    """The directory, with one folder per client account and one file per checkpoint."""

    directory: Path

    @classmethod
    def of(cls, settings: Settings) -> Anchor:
        """The anchor of these settings."""
        return cls(settings.audit_directory or settings.data_dir / "audit-checkpoints")

    def keep(self, client_account_id: UUID, seq: int, note: str) -> Path:
        """Keep a signed note; returns its file.

        Raises:
            AuditCheckpointNotKept: the directory cannot be written.
        """
        path = self.directory / str(client_account_id) / f"{seq:012}.note"
        try:
            write_once(path, note)
        except OSError as error:
            raise _refused(path, error) from error
        return path

    def notes(self, client_account_id: UUID) -> list[str]:
        """Every kept note about an account, oldest first.

        Raises:
            AuditCheckpointNotKept: the directory cannot be read.
        """
        folder = self.directory / str(client_account_id)
        try:
            files = sorted(folder.iterdir()) if folder.is_dir() else []
            return [
                file.read_text(encoding="utf-8")
                for file in files
                if re.fullmatch(r"\d+\.note", file.name)
            ]
        except OSError as error:
            raise _refused(folder, error) from error


def _refused(path: Path, error: OSError) -> AuditCheckpointNotKept:
    reason = (error.strerror or "unknown reason").lower()
    return AuditCheckpointNotKept(path=str(path), reason=reason)
