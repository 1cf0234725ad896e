"""The language errors are told in: English, or a translation that the operator has installed.

Translations are gettext catalogues, `LANGUAGE/LC_MESSAGES/landbridge.mo` in the folder
`LANDBRIDGE_TRANSLATIONS_DIR`; their template is `docs/reference/errors.pot`. What a catalogue
does not hold is told in English. Codes, names of fields and log lines are never translated.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Final

from landbridge.kit.settings import settings

ENGLISH: Final = "en"
DOMAIN: Final = "landbridge"

_spoken: ContextVar[str | None] = ContextVar("landbridge_language", default=None)


def said(text: str) -> str:
    """A text of ours, with its format fields still in it, in the current language."""
    language = spoken()
    if language == ENGLISH or not text:
        return text
    return _catalogue(settings().translations_dir, language).gettext(text)


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
    """The current language: that of the request, else the deployment's."""
    return _spoken.get() or settings().language


def speak(accept_language: str) -> None:
    """Choose the language of this context from a request's header (RFC 9110, 12.5.4)."""
    known = installed(settings().translations_dir)
    if len(known) == 1:
        return
    for wanted in _by_preference(accept_language):
        found = known.get(wanted) or known.get(wanted.partition("-")[0])
        if found:
            _spoken.set(found)
            return


@cache
def installed(folder: Path | None) -> dict[str, str]:
    """The languages there are: of each, its tag in lower case and the name of its folder."""
    files = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")) if folder else []
    names = [ENGLISH, *(file.parent.parent.name for file in files)]
    return {name.lower().replace("_", "-"): name for name in names}


@cache
def _catalogue(folder: Path | None, language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, folder, [language], fallback=True)


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
