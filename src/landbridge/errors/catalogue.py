"""The base of every catalogued error, and the registry that knows them all.

An error class is a declaration: its docstring explains the cause, `remedy` says what to do,
its dataclass fields are the variables of the message. Problem bodies, `errors explain`, the
reference page and metric labels are all derived from it.
"""

from __future__ import annotations

import inspect
import re
from enum import StrEnum
from typing import Any, ClassVar

from landbridge.errors.wording import filled, said


class Category(StrEnum):
    """Who can act on an error."""

    USER = "USER"
    CONFLICT = "CONFLICT"
    DEPENDENCY = "DEPENDENCY"
    CAPACITY = "CAPACITY"
    BUG = "BUG"


class Retry(StrEnum):
    """Whether the same call may be made again."""

    NEVER = "NEVER"
    SAFE = "SAFE"
    AFTER = "AFTER"


class LandbridgeError(Exception):
    """Base of every catalogued error.

    Subclasses set the class variables and pass the variables of the message as keyword
    arguments; each becomes an item of `fields` and is available to `message` and `remedy`
    as a format field.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]
    category: ClassVar[Category] = Category.USER
    retry: ClassVar[Retry] = Retry.NEVER
    message: ClassVar[str]
    remedy: ClassVar[str]

    registry: ClassVar[dict[str, type[LandbridgeError]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Enter the catalogue; a code is well-formed and never used twice."""
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            return
        if not re.fullmatch(r"[A-Z][A-Z0-9_]{2,62}", cls.code):
            raise TypeError(f"{cls.__name__}: malformed error code {cls.code!r}")
        if cls.code in LandbridgeError.registry:
            raise TypeError(f"{cls.__name__}: error code {cls.code} is taken")
        LandbridgeError.registry[cls.code] = cls

    def __init__(self, **fields: Any) -> None:
        self.fields: dict[str, Any] = fields
        super().__init__(self.message.format(**fields))

    @property
    def detail(self) -> str:
        """The message with its variables filled in, in the current language."""
        return filled(self.message, self.fields)

    @property
    def advice(self) -> str:
        """The remedy with its variables filled in, in the current language."""
        return filled(self.remedy, self.fields)

    @classmethod
    def explanation(cls) -> str:
        """Why this happens: the class docstring."""
        return inspect.cleandoc(cls.__doc__ or "")

    def problem(
        self, *, instance: str | None = None, trace_id: str | None = None
    ) -> dict[str, Any]:
        """The RFC 9457 body of this error."""
        body: dict[str, Any] = {
            "type": f"/errors/{self.code}",
            "title": said(self.title),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "category": self.category.value,
            "retryable": self.retry is not Retry.NEVER,
            "remedy": self.advice,
        }
        if self.fields:
            body["fields"] = {k: v for k, v in self.fields.items() if _is_plain(v)}
        if instance:
            body["instance"] = instance
        if trace_id:
            body["trace_id"] = trace_id
        return body


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool, list, dict))
