"""The formats that can be read: text, workbooks, JSON, HTML, archives."""
