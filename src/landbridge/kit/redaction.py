"""Secrets are taken out of log records, by the name of a field and by the look of a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

HIDDEN: Final = "[redacted]"
DEEPEST: Final = 6

_NAMES = re.compile(
    r"passw|passphrase|secret|token|api[_-]?key|authorization|cookie|credential|private[_-]?key"
    r"|signing[_-]?key|signature|session[_-]?id|otp|dsn$",
    re.IGNORECASE,
)
_TEXTS: Final = (
    re.compile(r"\blb_[A-Za-z0-9]+_[A-Za-z0-9_-]{8,}"),
    re.compile(r"\bwhsec_[A-Za-z0-9+/=]{8,}"),
    re.compile(r"\b(?:sk|pk|rk|ghp|gho|ghs|xox[abp]|AKIA|ASIA)[-_]?[A-Za-z0-9_-]{16,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|$)", re.DOTALL),
)
_URL_PASSWORD = re.compile(
    r"(?P<before>[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(?=@)", re.IGNORECASE
)
_ASSIGNED = re.compile(
    r"(?P<before>\b(?:password|passwd|pwd|secret|token|api[_-]?key|client_secret)\b\s*[=:]\s*)"
    r"(?P<quote>['\"]?)[^\s'\"&,;]+(?P=quote)",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<before>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_WITH_BEFORE: Final = (_URL_PASSWORD, _ASSIGNED, _BEARER)


def redacted(value: Any, depth: int = 0) -> Any:
    """The value without what looks like a secret; texts, mappings and sequences are looked into."""
    if isinstance(value, str):
        return without_secrets(value)
    if depth >= DEEPEST:
        return value
    if isinstance(value, Mapping):
        return {k: _field(str(k), v, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redacted(v, depth + 1) for v in value]
    return value


def without_secrets(text: str) -> str:
    """The text with each secret in it replaced."""
    for pattern in _WITH_BEFORE:
        text = pattern.sub(rf"\g<before>{HIDDEN}", text)
    for pattern in _TEXTS:
        text = pattern.sub(HIDDEN, text)
    return text


def redact_event(_logger: Any, _name: str, event: Any) -> Any:
    """As a processor of log records: no field leaves with a secret."""
    return {key: _field(key, value, 0) for key, value in event.items()}


def _field(name: str, value: Any, depth: int) -> Any:
    if name.startswith("_"):
        return value
    plain = isinstance(value, (bool, int, float)) or value is None
    if _NAMES.search(name) and not plain:
        return HIDDEN
    return redacted(value, depth)
