"""Where an exception came from: types and places of code, never a message or a value."""

from __future__ import annotations

import re
import traceback
from typing import Final

MOST: Final = 60
_PREFIX: Final = re.compile(r"^.*?(?:site-packages/|src/(?=landbridge/)|lib/python3\.\d+/)")


def type_of(error: BaseException) -> str:
    """The full name of the exception's type."""
    return f"{type(error).__module__}.{type(error).__qualname__}"[:200]


def frames_of(error: BaseException) -> list[str]:
    """The frames of an exception as `file:line function`, outermost first; the innermost 60."""
    return [
        f"{_PREFIX.sub('', frame.filename.replace(chr(92), '/'))}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-MOST:]
    ]
