"""The row issues that reading a file can find."""

from __future__ import annotations

from typing import Final

from landbridge.discovery.issues import IssueSeverity, issue_kind

_INFO, _WARNING, _ERROR = IssueSeverity.INFO, IssueSeverity.WARNING, IssueSeverity.ERROR

QUOTE_UNCLOSED: Final = issue_kind(
    "QUOTE_UNCLOSED",
    _ERROR,
    "A quotation mark is never closed",
    "A cell begins with a quotation mark that has no partner. Taken literally it would swallow "
    "the rows below, so this row was read as plain text and the rows below were kept.",
    "Check the cells of this row. To correct it, close the quotation mark or remove it.",
)
QUOTE_MISPLACED: Final = issue_kind(
    "QUOTE_MISPLACED",
    _WARNING,
    "A quotation mark is in an unexpected place",
    "A quoted cell contains quotation marks that are not doubled, or goes on after its closing "
    "mark. The most likely reading was kept.",
    "Check the cells of this row. To correct it, double the quotation marks inside the cell.",
)
ROW_SHORT: Final = issue_kind(
    "ROW_SHORT",
    _WARNING,
    "The row has fewer cells than the header",
    "Cells are missing at the end, or a delimiter is missing before them; the row may be cut off.",
    "Compare the row with the header. The cells that exist are used as they stand.",
)
ROW_LONG: Final = issue_kind(
    "ROW_LONG",
    _ERROR,
    "The row has more cells than the header",
    "A value probably contains the delimiter without being quoted, so the cells after it have "
    "moved to the right. All cells were kept.",
    "Quote the value that contains the delimiter, or remove the extra cell.",
)
NUL_CHARACTER: Final = issue_kind(
    "NUL_CHARACTER",
    _WARNING,
    "The cell contains NUL characters",
    "NUL characters come from damaged or binary exports. They are kept in the source row and "
    "ignored when the value is used.",
    "Export the file again if the value looks wrong.",
)
CONTROL_CHARACTER: Final = issue_kind(
    "CONTROL_CHARACTER",
    _INFO,
    "The cell contains control characters",
    "Characters that cannot be seen are part of the cell, often pasted from other programs.",
    "Nothing needs to be done unless the value looks wrong.",
)
MIXED_ENCODING: Final = issue_kind(
    "MIXED_ENCODING",
    _INFO,
    "The row is in another encoding than the file",
    "The file is UTF-8, but this row has bytes that are not. They were read as Windows-1252.",
    "Check the special characters of this row.",
)
UNDECODABLE: Final = issue_kind(
    "UNDECODABLE_BYTES",
    _WARNING,
    "Some bytes are not text in the file's encoding",
    "The cell contains bytes that mean nothing in the encoding the file was read with. They "
    "were replaced by a visible mark.",
    "Name the right encoding and read the file again, or correct the cell.",
)
PREAMBLE_LINE: Final = issue_kind(
    "PREAMBLE_LINE",
    _INFO,
    "A line above the header",
    "The line stands above the header and is not data: a title, a date, a delimiter mark. It is "
    "kept with the source rows.",
    "Nothing needs to be done. If it is data, set the header row by hand.",
)
FOOTER_LINE: Final = issue_kind(
    "FOOTER_LINE",
    _INFO,
    "A line below the data",
    "The last lines look like a total or a closing remark and are not used as data. They are "
    "kept with the source rows.",
    "Nothing needs to be done.",
)
HEADER_MISSING: Final = issue_kind(
    "HEADER_MISSING",
    _WARNING,
    "The table has no header",
    "The first row holds values like the rows below it, so the columns were numbered.",
    "Check the mapping of the numbered columns, or set the header row by hand.",
)
HEADER_BLANK: Final = issue_kind(
    "HEADER_BLANK",
    _INFO,
    "A column has no name",
    "The header cell is empty. The column is kept under a name made from its position.",
    "Name the column if its values matter.",
)
HEADER_DUPLICATE: Final = issue_kind(
    "HEADER_DUPLICATE",
    _INFO,
    "Two columns have the same name",
    "The name occurs more than once in the header. A number was added to tell them apart.",
    "Check that each of the columns is mapped to what it holds.",
)
HEADER_SHORT: Final = issue_kind(
    "HEADER_SHORT",
    _WARNING,
    "The header names fewer columns than the rows have",
    "Most rows have more cells than the header. The columns without a name were numbered.",
    "Check that the header is complete.",
)
NO_ROWS: Final = issue_kind(
    "NO_ROWS",
    _INFO,
    "The table has no rows",
    "There is a header but nothing below it, or the sheet is empty.",
    "Nothing needs to be done unless rows were expected.",
)
EXPORT_LIMIT: Final = issue_kind(
    "EXPORT_LIMIT",
    _WARNING,
    "The table has exactly 10,000 rows",
    "ServiceNow and other systems cut an export at 10,000 rows without saying so. Rows may be "
    "missing from this file.",
    "Compare with the number of records in the source system, and export in parts if needed.",
)
ENCODING_GUESSED: Final = issue_kind(
    "ENCODING_GUESSED",
    _INFO,
    "The encoding of the file is a guess",
    "The file does not say how its characters are encoded and is not Unicode. The encoding under "
    "which its words read best was taken.",
    "Look at a few names with accents. If they are wrong, import the file again with the right "
    "encoding.",
)
LINES_QUOTED: Final = issue_kind(
    "LINES_QUOTED",
    _INFO,
    "Whole lines stood in quotation marks",
    "Most lines of the file are one quoted cell that holds a whole record, as when a text file is "
    "saved twice. The quotation marks around the lines were taken off.",
    "Nothing needs to be done unless a row looks wrong.",
)
CELLS_UNSPLIT: Final = issue_kind(
    "CELLS_UNSPLIT",
    _WARNING,
    "The lines may hold several columns",
    "No delimiter that fits was found, so each line became one cell. All lines have the same "
    "mark, or gaps at the same places, between texts.",
    "Import the file again with the right delimiter, or save it with columns apart.",
)
SECOND_TABLE: Final = issue_kind(
    "SECOND_TABLE",
    _WARNING,
    "A second table may begin at this row",
    "After a blank row there is one that looks like another header. The rows below it were read "
    "under the columns of the first table.",
    "Put each table into a sheet or file of its own and import it again.",
)
CELL_ERROR: Final = issue_kind(
    "CELL_ERROR",
    _WARNING,
    "The cell holds a spreadsheet error",
    "A formula of the workbook failed, so the cell has an error such as #N/A instead of a value.",
    "Correct the formula or type the value, and import the file again.",
)
FORMULA_WITHOUT_VALUE: Final = issue_kind(
    "FORMULA_WITHOUT_VALUE",
    _WARNING,
    "The formula has no stored result",
    "The workbook was written by a program that does not calculate, so the cell has a formula "
    "but no value.",
    "Open the workbook in a spreadsheet program, save it, and import it again.",
)
NUMBER_PRECISION: Final = issue_kind(
    "NUMBER_PRECISION",
    _WARNING,
    "A long number may have lost its last digits",
    "Spreadsheets keep 15 digits of a number. A longer identifier stored as a number has zeros "
    "in place of its last digits.",
    "Format the column as text in the source and export it again.",
)
DATE_INVALID: Final = issue_kind(
    "DATE_INVALID",
    _WARNING,
    "A number formatted as a date is not a date",
    "The number lies outside the calendar of the workbook. It was kept as a number.",
    "Correct the cell or its format.",
)
PERCENT_FORMAT: Final = issue_kind(
    "PERCENT_FORMAT",
    _INFO,
    "The column is formatted as a percentage",
    "The workbook stores a fraction and shows a percentage. Values are read as they are shown.",
    "Nothing needs to be done.",
)
MERGED_CELLS: Final = issue_kind(
    "MERGED_CELLS",
    _WARNING,
    "Cells are merged",
    "A merged value is stored in its first cell only; the other cells of the range are empty.",
    "If the value belongs to each row, undo the merge and fill the cells.",
)
HIDDEN_ROWS: Final = issue_kind(
    "HIDDEN_ROWS",
    _INFO,
    "Rows are hidden in the workbook",
    "Hidden rows, for example of a filtered list, were read like all others.",
    "Nothing needs to be done. Delete the rows in the source if they should not be imported.",
)
HIDDEN_SHEET: Final = issue_kind(
    "HIDDEN_SHEET",
    _INFO,
    "The sheet is hidden in the workbook",
    "The sheet is not visible when the workbook is opened. It was read like all others.",
    "Nothing needs to be done. Name the sheets to read if it should be left out.",
)
CELL_CONFLICT: Final = issue_kind(
    "CELL_CONFLICT",
    _WARNING,
    "The same cell is written twice",
    "The file gives two values for one place. The last one counts; the other is shown here.",
    "Correct the file so that each cell has one value.",
)
FORMAT_LIMITED: Final = issue_kind(
    "FORMAT_LIMITED",
    _WARNING,
    "Errors in cells cannot be told from empty cells",
    "Binary workbooks (.xlsb) are read without their formulas and number formats, and cells "
    "that hold an error appear empty.",
    "Save the workbook as .xlsx and import it again if cells are missing.",
)
JSON_OUTSIDE: Final = issue_kind(
    "JSON_OUTSIDE_TABLE",
    _INFO,
    "A value stands outside the list of records",
    "The document has values beside its lists, for example a count or a link to the next page.",
    "Nothing needs to be done. Check that no further pages are missing.",
)
JSON_LINE_MALFORMED: Final = issue_kind(
    "JSON_LINE_MALFORMED",
    _ERROR,
    "The line is not valid JSON",
    "The line could not be understood, so it was kept as text in the first column.",
    "Correct the line and import the file again.",
)
JSON_MIXED: Final = issue_kind(
    "JSON_MIXED",
    _WARNING,
    "The entry is not a record like the others",
    "The list holds objects, but this entry is something else. It was kept as text in its own "
    "column.",
    "Check whether the entry belongs there.",
)
