"""The report that a consultant hands over: one content, as a workbook and as a page."""
