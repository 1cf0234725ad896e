"""The estate as RVTools exports it: one workbook, one sheet for each kind of row."""
