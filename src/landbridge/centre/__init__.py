"""The error centre: what occurred, grouped by code; and everything that one trace id touched."""
