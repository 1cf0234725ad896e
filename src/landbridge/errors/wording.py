"""The language errors are told in: English, or a translation that the operator has installed.

Translations are gettext catalogues, `LANGUAGE/LC_MESSAGES/landbridge.mo` in the folder
`LANDBRIDGE_TRANSLATIONS_DIR`; their template is `docs/reference/errors.pot`. What a catalogue
does not hold is told in English. Codes, names of fields and log lines are never translated.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

ENGLISH: Final = "en"
DOMAIN: Final = "landbridge"

_installed: dict[str, gettext.NullTranslations] = {}
_told: list[str] = [ENGLISH]
_spoken: ContextVar[str | None] = ContextVar("landbridge_language", default=None)


def install(folder: Path | None, language: str = ENGLISH) -> None:
    """Read the translations of a folder; `language` is told where nobody asks for another."""
    files = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")) if folder else []
    _installed.clear()
    for file in files:
        with file.open("rb") as compiled:
            _installed[_tag(file.parent.parent.name)] = gettext.GNUTranslations(compiled)
    _told[:] = [_nearest([_tag(language)])]


def said(text: str) -> str:
    """A text of ours, with its format fields still in it, in the current language."""
    found = _installed.get(spoken())
    return found.gettext(text) if found and text else text


def filled(text: str, fields: dict[str, Any]) -> str:
    """A text of ours in the current language, its fields filled in.

    A translation that names a field the text does not have is left for the English text: what
    went wrong is told in any case.
    """
    try:
        return said(text).format(**fields)
    except (LookupError, ValueError):
        return text.format(**fields)


def spoken() -> str:
    """The tag of the current language: that of the request, else the deployment's."""
    return _spoken.get() or _told[0]


def speak(accept_language: str) -> None:
    """Choose the language of this context from a request's header (RFC 9110, 12.5.4)."""
    if _installed and accept_language:
        _spoken.set(_nearest(_by_preference(accept_language)))


def _nearest(wanted: list[str]) -> str:
    """The first of these languages that there is, or that of its region; else the deployment's."""
    for tag in wanted:
        for candidate in (tag, tag.partition("-")[0]):
            if candidate == ENGLISH or candidate in _installed:
                return candidate
    return _told[0] if _told[0] in _installed else ENGLISH


def _tag(name: str) -> str:
    return name.lower().replace("_", "-")


def _by_preference(accept_language: str) -> list[str]:
    """The tags of the header, the most wanted first; those with weight 0 are not wanted."""
    weighed: list[tuple[float, str]] = []
    for part in accept_language.lower().split(",")[:20]:
        tag, _, weight = part.partition(";")
        try:
            weighed.append((float(weight.strip().removeprefix("q=") or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda w: -w[0]) if weight > 0]
