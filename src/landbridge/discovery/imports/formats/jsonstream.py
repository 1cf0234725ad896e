"""A JSON document read piece by piece: values one at a time, never the whole of it.

Numbers stay as they are written, a repeated key loses nothing, and line ends and other control
characters inside texts are taken as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn

from landbridge.discovery.imports.errors import JsonMalformed
from landbridge.discovery.imports.formats.jsonvalues import merged

_CHUNK: Final = 1 << 18
LARGEST: Final = 16 << 20
_NEAR_END: Final = 16
_SPACE = re.compile(r"[ \t\r\n]*")

DECODER: Final = json.JSONDecoder(
    object_pairs_hook=merged, parse_float=str, parse_int=str, parse_constant=str, strict=False
)


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


class JsonStream:
    """A reading position in a document.

    Args:
        read: gives so many characters of it, fewer only at its end.
        name: what to call it in errors.
    """

    def __init__(self, read: Callable[[int], str], name: str) -> None:
        self._read = read
        self.name = name
        self._buffer = ""
        self._position = 0
        self._passed = 0
        self._begun = self._ended = False

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            self._position = _skip_space(self._buffer, self._position)
            if self._position < len(self._buffer):
                return self._buffer[self._position]
            if not self._fill(_CHUNK):
                return ""

    def take(self, wanted: str) -> str:
        """The next character, which must be one of these.

        Raises:
            JsonMalformed: it is another one.
        """
        char = self.peek()
        if not char or char not in wanted:
            found = f"'{char}' was found" if char else "the document ends"
            self.refuse(f"{' or '.join(wanted)} was expected, but {found}", self._position)
        self._position += 1
        return char

    def value(self) -> Any:
        """The next value as a whole.

        Raises:
            JsonMalformed: there is none, or it is not valid.
        """
        self.peek()
        more = _CHUNK
        while True:
            try:
                value, end = DECODER.raw_decode(self._buffer, self._position)
            except json.JSONDecodeError as e:
                cut = e.msg.startswith("Unterminated") or len(self._buffer) - e.pos < _NEAR_END
                if not cut or not self._fill(more):
                    self.refuse(e.msg[0].lower() + e.msg[1:], e.pos)
            except RecursionError:
                self.refuse("it is nested too deeply")
            else:
                # A number at the end of what was read may go on.
                if end < len(self._buffer) or not self._fill(more):
                    self._position = end
                    return value
            if len(self._buffer) - self._position > LARGEST:
                self.refuse("an entry is too large")
            more *= 2

    def elements(self) -> Iterator[Any]:
        """The values of the list that begins here."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.take(",]") == "]":
                return

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; the value of each is read by the caller."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                self.take('"')
            key = self.value()
            self.take(":")
            yield key
            if self.take(",}") == "}":
                return

    def _fill(self, size: int) -> bool:
        """Read on; False at the end. What lies behind the position is kept."""
        if self._ended:
            return False
        part = self._read(size)
        if not self._begun:
            part, self._begun = part.removeprefix("\ufeff"), True
        if not part:
            self._ended = True
            return False
        self._passed += self._position
        self._buffer = self._buffer[self._position :] + part
        self._position = 0
        return True

    def refuse(self, reason: str, position: int | None = None) -> NoReturn:
        """Say that the document is not valid, here or at a position of what was read last."""
        place = self._passed + (self._position if position is None else position) + 1
        raise JsonMalformed(name=self.name, reason=f"{reason} (character {place:,})")
