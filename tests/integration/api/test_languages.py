"""Errors are told in the language of who reads them, where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from landbridge.assembly.catalogue import entry_of
from landbridge.cli import output
from landbridge.errors import wording
from landbridge.errors.common import InternalError, NotFound
from landbridge.kit.settings import Settings

GERMAN = {
    NotFound.title: "Nicht gefunden",
    NotFound.remedy: "{nobody} hat das.",
    "This is not a whole number.": "Das ist keine ganze Zahl.",
}


@pytest.fixture
def translated(tmp_path: Path) -> Iterator[Path]:
    """A deployment with a German catalogue that holds some texts, one of them broken."""
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="de")
    for english, german in GERMAN.items():
        catalogue.add(english, german)
    with (folder / "landbridge.mo").open("wb") as file:
        write_mo(file, catalogue)
    wording.install(tmp_path)
    yield tmp_path
    wording.install(None)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("fr, de;q=0.3", "de"),
        ("en, de", "en"),
        ("de;q=0, en;q=0.1", "en"),
        ("de;q=x", "en"),
        ("fr", "en"),
        ("", "en"),
    ],
)
@pytest.mark.usefixtures("translated")
def test_a_request_gets_the_language_it_asks_for(
    server: str, client_of, account, header: str, language: str
) -> None:
    with client_of(account) as client:
        answer = client.get("nowhere", headers={"Accept-Language": header})
    assert answer.status_code == 404
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]
    said = answer.json()
    assert said["title"] == {"de": "Nicht gefunden", "en": NotFound.title}[language]
    assert said["detail"] == NotFound.message, "what is not translated is told in English"
    assert said["remedy"] == NotFound.remedy, "a broken translation is not used"
    assert said["code"] == "NOT_FOUND"


@pytest.mark.usefixtures("translated")
def test_what_is_wrong_with_a_field_too(server: str, client_of, account) -> None:
    with client_of(account) as client:
        answer = client.get("assets", params={"limit": "x"}, headers={"Accept-Language": "de"})
    assert [e["detail"] for e in answer.json()["errors"]] == ["Das ist keine ganze Zahl."]


def test_a_deployment_has_a_language(translated: Path) -> None:
    wording.install(translated, "de_AT")
    entry = entry_of("NOT_FOUND")
    assert entry is not None
    assert entry.title == NotFound().problem()["title"] == "Nicht gefunden"
    assert str(NotFound()) == NotFound.message, "log lines stay English"
    assert InternalError().problem()["title"] == InternalError.title


def test_without_translations_nothing_changes(server: str) -> None:
    answer = httpx.get(f"{server}/nowhere", headers={"Accept-Language": "de"})
    assert answer.headers["content-language"] == "en"


def test_a_damaged_translation_is_refused_at_the_start(
    translated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (translated / "de" / "LC_MESSAGES" / "landbridge.mo").write_bytes(b"no catalogue")
    monkeypatch.setattr(
        output, "settings", lambda: Settings(translations_dir=translated, language="de")
    )
    assert output.guarded(lambda: 0, as_json=True) != 0
    assert "TRANSLATION_UNREADABLE" in capsys.readouterr().out
