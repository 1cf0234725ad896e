"""What variables of the environment mean."""

from __future__ import annotations

import pytest

from landbridge.kit.settings import Settings


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Settings()
    for name in Settings.model_fields:
        monkeypatch.setenv(f"LANDBRIDGE_{name.upper()}", "")
    assert Settings() == usual
