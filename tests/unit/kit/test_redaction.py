"""No secret leaves by the log."""

from __future__ import annotations

import io
import logging

import pytest
import structlog

from landbridge.kit import logging as ours
from landbridge.kit.redaction import HIDDEN, redacted, without_secrets


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://app:CANARY@db/landbridge",
        "Authorization: Bearer CANARYCANARY",
        "password=CANARY",
        "client_secret: 'CANARY'",
        "lb_k1_CANARYCANARY",
        "whsec_CANARYCANARYCANARY",
        "eyJhbGciOiJIUzI1NiJ9.CANARYCANARY.CANARY",
        "-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text):
    assert "CANARY" not in without_secrets(f"before {text} after")
    assert without_secrets(f"before {text} after").startswith("before ")


@pytest.mark.parametrize(
    "name", ["password", "api_key", "Authorization", "set_cookie", "dsn", "client-secret", "totp"]
)
def test_fields_with_such_names_are_hidden_at_any_depth(name):
    assert redacted({"a": [{name: "CANARY"}]}) == {"a": [{name: HIDDEN}]}


@pytest.mark.parametrize("text", ["3 tokens left", "flow 4711 failed", "https://host:8400/a@b"])
def test_other_texts_stay(text):
    assert without_secrets(text) == text


@pytest.mark.parametrize("form", ["json", "console"])
def test_records_of_ours_and_of_others_go_through_it(form, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setenv("LANDBRIDGE_LOG_FORMAT", form)
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    ours.settings.cache_clear()
    try:
        ours.configure_logging()
        structlog.get_logger("ours").warning("said", password="CANARY", url="x://u:CANARY@h")
        for name in ("uvicorn.error", "sqlalchemy.engine", "dbos"):
            logging.getLogger(name).warning("connected to %s", "postgresql://u:CANARY@h/d")
        try:
            int("CANARY of a client")
        except ValueError:
            logging.getLogger("uvicorn.error").exception("it failed")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        ours.settings.cache_clear()
        structlog.reset_defaults()
    text = stream.getvalue()
    assert "CANARY" not in text
    assert text.count("connected to") == 3
    assert "it failed" in text
    assert "trace_id" in text
