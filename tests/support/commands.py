"""Run commands in this process, against a database of the test."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from landbridge.cli import context
from landbridge.cli.main import build
from landbridge.cli.output import guarded
from landbridge.database import urls
from landbridge.database.engine import Databases
from landbridge.kit.settings import settings


@dataclass(frozen=True, slots=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed with --json."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs `landbridge …` with a data directory and a database of the test."""

    data_dir: Path
    environment: dict[str, str]

    @classmethod
    def over(cls, databases: Databases, data_dir: Path, **environment: str) -> Commands:
        """Commands over an existing database."""
        assert databases.admin_url is not None
        url = {"LANDBRIDGE_DATABASE_URL": urls.text(databases.admin_url)}
        return cls(data_dir, url | environment)

    def having(self, **environment: str) -> Commands:
        """The same commands with other settings."""
        return Commands(self.data_dir, self.environment | environment)

    def __call__(self, *arguments: object) -> Done:
        """Run one command to its end."""
        out, err = io.StringIO(), io.StringIO()
        words = [str(a) for a in arguments]
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.chdir(self.data_dir),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            for name in (n for n in os.environ if n.startswith("LANDBRIDGE_")):
                patch.delenv(name)
            patch.setenv("LANDBRIDGE_DATA_DIR", str(self.data_dir))
            patch.setenv("COLUMNS", "200")
            for name, value in self.environment.items():
                patch.setenv(name, value)
            with fresh_settings():
                code = guarded(lambda: build()(words), as_json="--json" in words)
        return Done(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def fresh_settings() -> Iterator[None]:
    """Settings and connections of this block alone."""
    settings.cache_clear()
    context.databases.cache_clear()
    try:
        yield
    finally:
        if context.databases.cache_info().currsize:
            context.databases().close()
        context.databases.cache_clear()
        settings.cache_clear()
