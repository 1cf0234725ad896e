"""Rows given as text arrive as they are, whatever their texts hold."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from landbridge.database import bulk
from landbridge.kit.ids import new_id

NASTY = ["tab\there", "two\nlines", "cr\rhere", "back\\slash", "\\N", "\\.", "ünï ☃", " spaced "]


@pytest.mark.parametrize("texts", [["plain"], ["back\\slash", "\\N"], NASTY])
def test_texts_arrive_unchanged(account, door, texts):
    rows = [(new_id().hex, name, name.casefold()) for name in texts]
    columns = (("id", "uuid"), ("name", "text"), ("name_key", "text"))
    with door.open(account.access) as session:
        written = bulk.insert_text(
            session,
            "applications",
            columns,
            rows,
            {"engagement_id": ("uuid", account.engagement_id)},
        )
        stored = session.execute(
            text("select name, engagement_id from app.applications order by id")
        ).all()
    assert written == len(texts)
    assert stored == [(name, account.engagement_id) for name in texts]


def test_an_empty_text_is_null(account, door):
    rows = [(new_id().hex, "a", "", "open")]
    columns = (("id", "uuid"), ("code", "text"), ("asset_id", "uuid"), ("status", "text"))
    fixed = {
        "engagement_id": ("uuid", account.engagement_id),
        "severity": ("text", "low"),
        **dict.fromkeys(("title", "detail", "remedy", "cache_key"), ("text", "x")),
    }
    with door.open(account.access) as session:
        bulk.insert_text(session, "findings", columns, rows, fixed)
        stored = session.execute(text("select asset_id from app.findings")).scalars().all()
    assert stored == [None]
