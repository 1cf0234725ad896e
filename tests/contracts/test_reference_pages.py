"""Reference pages are what the registries say."""

from __future__ import annotations

import importlib.util
import inspect
import re
import subprocess
import sys

import pytest

from landbridge.cli.main import build, whole
from landbridge.kit.settings import Settings
from tests.support.repository import ROOT

_spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
assert _spec is not None
assert _spec.loader is not None
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


@pytest.mark.parametrize("name", sorted(generate.PAGES))
def test_a_page_is_what_its_registry_says(name: str) -> None:
    written = (generate.FOLDER / name).read_text(encoding="utf-8")
    assert written == generate.PAGES[name](), "run: python docs/generate.py"


def test_codes_never_vanish_and_new_ones_are_listed() -> None:
    published = generate.CODES.read_text(encoding="utf-8").split()
    assert published == sorted(set(published))
    assert set(published) == generate.codes(), "run: python docs/generate.py"


def test_the_catalogue_is_complete_without_loading_the_whole_product() -> None:
    """In a process of its own: here, other tests have loaded who knows what."""
    code = (
        "import pkgutil, importlib, landbridge\n"
        "from landbridge.assembly.catalogue import catalogue\n"
        "from landbridge.discovery.issues import ISSUE_KINDS\n"
        "from landbridge.discovery.techdebt.findings import FINDING_KINDS\n"
        "from landbridge.errors.catalogue import LandbridgeError\n"
        "known = set(catalogue())\n"
        "for module in pkgutil.walk_packages(landbridge.__path__, 'landbridge.'):\n"
        "    if not module.name.endswith(('__main__', 'migrations.env')):\n"
        "        importlib.import_module(module.name)\n"
        "print(*({*LandbridgeError.registry, *ISSUE_KINDS, *FINDING_KINDS} - known))\n"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert ran.stdout.split() == []


def test_every_setting_says_what_it_means() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("path", generate.command_paths(), ids=" ".join)
def test_every_command_has_an_example_and_describes_its_parameters(path: list[str]) -> None:
    command = whole(build(), path)
    told = inspect.getdoc(command.default_command) or ""
    assert re.search(rf"^Example: .*\blandbridge {' '.join(path)}\b", told, re.MULTILINE)
    for argument in command.assemble_argument_collection(parse_docstring=True):
        assert not argument.show or argument.parameter.help, argument.name
