"""Packages that bring flow types, installed into a folder as an installer would."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.repository import ROOT

EXAMPLE = ROOT / "examples" / "flow_type"


def install(source: Path, target: Path) -> Path:
    """Build the wheel of a package and unpack it, with its metadata, into `target`."""
    wheels = target.parent / f"{target.name}-wheels"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=120)
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    return target


def offer(target: Path, package: str, name: str, code: str) -> None:
    """A package of one module that registers `make` as the flow type `name`."""
    module = package.replace("-", "_")
    target.mkdir(parents=True, exist_ok=True)
    (target / f"{module}.py").write_text(code, encoding="utf-8")
    info = target / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[landbridge.flow_types]\n{name} = {module}:make\n")
