"""The installation stays light."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import deque

from tests.support.repository import ROOT

HEAVY = ("sqlalchemy", "fastapi", "dbos", "pydantic", "numpy", "psycopg", "openpyxl", "jinja2")


def core_packages() -> set[str]:
    """What the lock file installs on Linux for the project without groups and extras."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = {package["name"]: package for package in lock["package"]}
    found: set[str] = set()
    waiting = deque([("landbridge", frozenset[str]())])
    while waiting:
        name, extras = waiting.popleft()
        package = packages[name]
        needed = list(package.get("dependencies", ()))
        for extra in extras:
            needed += package.get("optional-dependencies", {}).get(extra, ())
        for item in needed:
            if re.search(
                r"sys_platform == 'win32'|python_full_version < '3", item.get("marker", "")
            ):
                continue
            chosen = frozenset(item.get("extra", ()))
            if item["name"] not in found or chosen:
                found.add(item["name"])
                waiting.append((item["name"], chosen))
    return found


def test_the_core_installs_at_most_sixty_packages() -> None:
    found = core_packages()
    assert len(found) <= 60, sorted(found)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from landbridge.cli.main import build\n"
        "build()(['--help'])\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.rstrip().endswith("LOADED []")
