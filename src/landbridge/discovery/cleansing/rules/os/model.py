"""What an operating system text says, and the helpers all families of systems share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from landbridge.discovery.cleansing.catalogue import rule


@dataclass(frozen=True, slots=True)
class System:
    """One reading of an operating system text.

    Attributes:
        name: product, as `products` lists it.
        version: release as its maker counts it and end-of-life data knows it: '2012 R2',
            '7.9', '12.5' (service pack 5), '20.04'. None when the text does not say.
        edition: edition, such as 'Standard'.
        build: build number, where the text gives one.
        rule: id of the rule that read it.
    """

    name: str
    rule: str
    version: str | None = None
    edition: str | None = None
    build: str | None = None


FAMILY: Final = rule(
    "os.family_only",
    "Only the family is known",
    "'Linux', 'Windows' or 'Unix' alone names no product; the release stays unknown unless "
    "another column tells it.",
)
RANGE: Final = rule(
    "os.several_releases",
    "Several releases in one name",
    "'CentOS 4/5 or later' is how a hypervisor lists a choice, not the release that runs; the "
    "product is taken, the release stays unknown unless another column tells it.",
)

_RANGE = re.compile(
    r"\d\s*/\s*\d|\b(?:or|and|und|oder|et|ou) (?:later|newer|higher|above|neuer|höher|ultérieur)"
    r"|\d\.x\b|\d\+"
)
_BITS = re.compile(
    r"[(\[]?\s*\b(?:x?86[_ -]64|x64|x86|amd64|i[3-6]86|aarch64|arm64|ia64|ppc64(?:le)?|s390x|sparc"
    r"|(?:32|64)[ -]?bits?|(?:32|64)[ -]bit edition)\b\s*[)\]]?",
)
_MARKS = re.compile(r"[®™©]|\((?:r|tm|c)\)")
_VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)*)(?![\w])")


def spelt(text: str) -> str:
    """A text in lower case, without trade marks, word sizes and runs of blanks."""
    word = _BITS.sub(" ", _MARKS.sub("", text.lower().replace("_", " ")))
    return re.sub(r"[\s,]+", " ", word).strip(" -")


def is_range(word: str) -> bool:
    """Whether a text names several releases at once."""
    return bool(_RANGE.search(word))


def first_version(word: str) -> str | None:
    """The first number that looks like a release."""
    found = _VERSION.search(word)
    return found[1] if found else None
