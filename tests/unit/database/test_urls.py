"""Database URLs."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from landbridge.database import urls
from landbridge.database.errors import DatabasePasswordMissing, DatabaseUrlInvalid


@pytest.mark.parametrize(
    "text",
    [
        "postgres://u:p@h:5432/d",
        "postgresql://u:p@h:5432/d",
        "postgresql+psycopg://u:p@h:5432/d",
        " postgresql://u:p@h:5432/d\n",
    ],
)
def test_every_way_to_write_a_postgresql_url_means_the_same(text: str) -> None:
    url = urls.parse(text, "X")
    assert urls.text(url) == "postgresql+psycopg://u:p@h:5432/d"


@pytest.mark.parametrize("text", ["", "nonsense", "mysql://u@h/d", "postgresql://h:port/d"])
def test_what_is_no_postgresql_url_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(DatabaseUrlInvalid) as caught:
        urls.parse(text, "LANDBRIDGE_DATABASE_URL")
    assert caught.value.fields == {"setting": "LANDBRIDGE_DATABASE_URL"}


def test_logins_derive_the_same_password_everywhere_and_another_for_each_role() -> None:
    admin = urls.parse("postgresql://admin:secret@h/d", "X")
    again = urls.parse("postgresql://other:secret@elsewhere/x", "X")
    app, worker = (urls.derived_password(admin, r) for r in (urls.APP_ROLE, urls.WORKER_ROLE))
    assert app == urls.derived_password(again, urls.APP_ROLE)
    assert app != worker
    assert "secret" not in app
    assert len(app) == 43


def test_without_a_password_there_is_nothing_to_derive_from() -> None:
    with pytest.raises(DatabasePasswordMissing):
        urls.login_url(urls.parse("postgresql://admin@h/d", "X"), urls.APP_ROLE)


def test_the_owner_acts_from_the_first_statement_and_keeps_the_given_options() -> None:
    plain = urls.owner_url(urls.parse("postgresql://a:p@h/d?sslmode=require", "X"))
    assert plain.query == {"sslmode": "require", "options": "-c role=app_owner"}
    given = urls.owner_url(urls.parse("postgresql://a:p@h/d?options=-c%20x.y%3D1", "X"))
    assert given.query["options"] == "-c x.y=1 -c role=app_owner"


@pytest.mark.parametrize("password", ["a b", "ü/?#%+&=@:", "'\"\\", " "])
def test_any_password_survives_being_written(password: str) -> None:
    url = urls.parse("postgresql://u@[::1]:5/d?options=-c%20a%3Db", "X").set(password=password)
    written = urls.text(url)
    assert " " not in written
    assert make_url(written) == url
