"""Dates come out as ISO 8601; what is no date, or could be two, is never guessed."""

import pytest

from landbridge.discovery.cleansing.evidence import agree, work_out
from landbridge.discovery.cleansing.hints import ColumnHints, DateOrder
from landbridge.discovery.cleansing.rules import cleanse


def day(raw, **hints):
    return cleanse("install_date", raw, ColumnHints(**hints)).values.get("install_date")


def code(raw, **hints):
    issue = cleanse("install_date", raw, ColumnHints(**hints)).issue
    return issue.code if issue else None


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024-03-14", "2024-03-14"),
        ("2024-03-14 09:12:44", "2024-03-14"),
        ("2024-03-14T09:12:44Z", "2024-03-14"),
        ("2024-03-14T23:30:00-05:00", "2024-03-14"),
        ("2019/3/4", "2019-03-04"),
        ("30/May/23 12:18 PM", "2023-05-30"),
        ("14.03.2019", "2019-03-14"),
        ("4.3.2019", "2019-03-04"),
        ("14.03.19", "2019-03-14"),
        ("14/03/2019", "2019-03-14"),
        ("3/14/2019 9:12", "2019-03-14"),
        ("4/5/2019 3:00 PM", "2019-04-05"),
        ("05/05/2019", "2019-05-05"),
        ("43538", "2019-03-14"),
        ("43538.5", "2019-03-14"),
        ("1552521600", "2019-03-14"),
        ("1552521600000", "2019-03-14"),
        ("20190314", "2019-03-14"),
        ("20190314091200.000000+060", "2019-03-14"),
        ("132514668000000000", "2020-12-03"),
        ("/Date(1552521600000)/", "2019-03-14"),
        ("14 mars 2019", "2019-03-14"),
        ("12. Januar 2027", "2027-01-12"),
        ("30 sierpnia 2021", "2021-08-30"),
        ("1 de março de 2020", "2020-03-01"),
        ("Mar 14, 2019", "2019-03-14"),
        ("14-MAR-19", "2019-03-14"),
        ("Thu Mar 14 09:12:44 CET 2019", "2019-03-14"),
        ("Thu, 14 Mar 2019 09:12:44 GMT", "2019-03-14"),
        ("29.02.2024", "2024-02-29"),
    ],
)
def test_a_date_is_read(raw, iso):
    assert day(raw) == iso


@pytest.mark.parametrize(
    "raw",
    [
        "0001-01-01",
        "0001-01-01 00:00:00.0000000",
        "9999-12-31 23:59:59.9999999",
        "0000-00-00",
        "1601-01-01",
        "1970-01-01",
        "1900-01-01 00:00:00",
        "0",
    ],
)
def test_filler_dates_mean_no_date_and_say_so(raw):
    assert day(raw) is None
    assert code(raw) == "DATE_MEANS_NONE"


@pytest.mark.parametrize(
    "raw", ["31.02.2019", "29.02.2023", "yesterday", "13/13/2019", "soon 2024"]
)
def test_what_is_no_date_is_reported(raw):
    assert day(raw) is None
    assert code(raw) == "VALUE_NOT_A_DATE"


@pytest.mark.parametrize("raw", ["2024", "06/2024", "Q3 2025", "Mai 2024", "2024-06"])
def test_no_day_is_invented(raw):
    assert day(raw) is None
    assert code(raw) == "DATE_INCOMPLETE"


def test_an_ambiguous_date_is_not_guessed():
    assert day("03/04/2019") is None
    assert code("03/04/2019") == "DATE_ORDER_UNKNOWN"


def test_one_day_above_twelve_decides_for_the_whole_column():
    hints = work_out("last_seen", "Last seen", ["03/04/2019", "25/12/2018"])
    assert hints.date_order is DateOrder.DAY_FIRST
    assert day("03/04/2019", date_order=hints.date_order) == "2019-04-03"
    hints = work_out("last_seen", "Last seen", ["03/04/2019", "12/25/2018"])
    assert day("03/04/2019", date_order=hints.date_order) == "2019-03-04"


def test_a_column_that_contradicts_itself_stays_undecided():
    assert work_out("last_seen", "x", ["25/12/2018", "12/25/2018"]).date_order is None


def test_other_columns_of_the_table_decide_where_a_column_does_not():
    names = ["install_date", "last_seen"]
    told = work_out("install_date", "Installed", ["25/12/2018"])
    untold = work_out("last_seen", "Seen", ["03/04/2019"])
    assert agree(names, [told, untold], ["Installed", "Seen"])[1].date_order is DateOrder.DAY_FIRST


def test_the_language_of_the_headers_decides_last():
    untold = work_out("last_seen", "Letzte Änderung", ["03/04/2019"])
    german = agree(["last_seen"], [untold], ["Letzte Änderung", "Umgebung", "Betriebssystem"])
    assert german[0].date_order is DateOrder.DAY_FIRST
    english = agree(["last_seen"], [untold], ["Last seen", "Environment"])
    assert english[0].date_order is None
