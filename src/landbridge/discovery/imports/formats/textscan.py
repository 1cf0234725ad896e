"""One pass over the bytes of a text file: what its encoding can be, before anything is read."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CHUNK: Final = 1 << 20
SAMPLE: Final = 256 * 1024
MAX_LINE: Final = 64 << 20
_MAX_RUNS: Final = 20_000
_MAX_LINES: Final = 2_000

_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_HIGH_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1e\x7f]")
# Control characters that also serve as delimiters, separators or paper control in real exports.
_HARMLESS = b"\x01\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f"


@dataclass(slots=True)
class TextScan:
    """What the bytes of a file say.

    Attributes:
        size: in bytes.
        head: the first bytes, at most `SAMPLE`.
        utf8: whether all of it is valid UTF-8.
        ascii: whether no byte is above 127.
        valid_runs: runs of high bytes that are valid UTF-8, counted while not all are.
        invalid_runs: the other runs.
        high_lines: lines with high bytes, as a sample for guessing a legacy encoding.
        control: whether there are control characters besides tab and line ends.
        line_ends: how many line ends there are.
        longest_line: of the bytes between two line ends, at least; only long ones are measured.
    """

    size: int = 0
    head: bytes = b""
    utf8: bool = True
    ascii: bool = True
    valid_runs: int = 0
    invalid_runs: int = 0
    high_lines: list[bytes] = field(default_factory=list)
    control: bool = False
    line_ends: int = 0
    longest_line: int = 0

    @property
    def binary(self) -> bool:
        """Whether this is no text: control characters all over, and not in a Unicode form."""
        head = self.head.rstrip(b"\0")  # what was reserved for a file and never written
        if not head:
            return False
        nul = head.count(0)
        control = len(_CONTROL.findall(head.translate(None, _HARMLESS))) - nul
        size = len(head)
        return nul > 0.3 * size or (not self.utf8 and control > 0.02 * size)


def scan_text(path: Path) -> TextScan:
    """Read a file once, in pieces, and say what its bytes are.

    Raises:
        OSError: it cannot be read.
    """
    scan = TextScan()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    open_line = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            if not scan.size:
                scan.head = chunk[:SAMPLE]
            scan.size += len(chunk)
            lf, cr = chunk.count(b"\n"), chunk.count(b"\r")
            scan.line_ends += max(lf, cr)
            if lf or cr:
                open_line = len(chunk) - max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) - 1
            else:
                open_line += len(chunk)
                scan.longest_line = max(scan.longest_line, open_line)
                if open_line > MAX_LINE:
                    break
            if not scan.control:
                scan.control = _CONTROL.search(chunk) is not None
            if chunk.isascii() and scan.utf8 and not decoder.getstate()[0]:
                continue
            _scan_high(scan, chunk, decoder)
    if scan.utf8 and decoder.getstate()[0]:
        scan.utf8 = False
        scan.invalid_runs += 1
    return scan


def _scan_high(scan: TextScan, chunk: bytes, decoder: codecs.IncrementalDecoder) -> None:
    scan.ascii = scan.ascii and chunk.isascii()
    if scan.utf8:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            scan.utf8 = False
    if len(scan.high_lines) < _MAX_LINES:
        scan.high_lines += _HIGH_LINE.findall(chunk)[: _MAX_LINES - len(scan.high_lines)]
    if scan.valid_runs + scan.invalid_runs < _MAX_RUNS:
        for run in _HIGH_RUN.findall(chunk)[:_MAX_RUNS]:
            if is_utf8(run):
                scan.valid_runs += 1
            else:
                scan.invalid_runs += 1


def is_utf8(data: bytes) -> bool:
    """Whether these bytes are valid UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
