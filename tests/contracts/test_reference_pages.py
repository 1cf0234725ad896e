"""Reference pages are what the registries say."""

from __future__ import annotations

import importlib.util

import pytest

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
