"""A generated sample estate whose truth is known.

`landbridge.samples.writing.write` builds one fictional company's estate from a seed, and writes
it as each inventory tool would export it: an RVTools workbook, ServiceNow CSV files, a netstat
collection and a German spreadsheet, every one with the dirt of its kind.
"""
