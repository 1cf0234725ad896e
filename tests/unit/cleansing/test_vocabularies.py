"""Closed vocabularies are read in eight languages; what is not in them is reported."""

import pytest

from landbridge.discovery.cleansing.evidence import work_out
from landbridge.discovery.cleansing.rules import cleanse
from landbridge.discovery.cleansing.rules.words import BOOLEANS, CRITICALITIES, ENVIRONMENTS, POWER
from landbridge.discovery.vocabulary import Criticality, Environment


def value(attribute, raw):
    return cleanse(attribute, raw).values.get(attribute)


@pytest.mark.parametrize(
    ("raw", "environment"),
    [
        ("Production", "production"),
        ("PRD", "production"),
        ("prod", "production"),
        ("Produktiv", "production"),
        ("Producción", "production"),
        ("Produzione", "production"),
        ("Productie", "production"),
        ("Produkcja", "production"),
        ("Produção", "production"),
        ("Live", "production"),
        ("PROD - Production", "production"),
        ("Pré-production", "staging"),
        ("Preproducción", "staging"),
        ("Abnahme", "staging"),
        ("Recette", "staging"),
        ("UAT", "staging"),
        ("QA", "test"),
        ("Test", "test"),
        ("Pruebas", "test"),
        ("Entwicklung", "development"),
        ("Développement", "development"),
        ("dev01", "development"),
        ("Sandbox", "development"),
        ("DR", "disaster_recovery"),
        ("K-Fall", "disaster_recovery"),
        ("Schulung", "training"),
        ("Demo", "training"),
    ],
)
def test_environments(raw, environment):
    assert value("environment", raw) == environment


@pytest.mark.parametrize("raw", ["non-prod", "Prod/DR", "nicht produktiv", "Hors production"])
def test_a_word_that_does_not_decide_is_not_decided(raw):
    cleansed = cleanse("environment", raw)
    assert cleansed.values == {}
    assert cleansed.issue.code == "VALUE_TOO_GENERAL"


def test_an_unknown_word_is_reported():
    for attribute in ("environment", "criticality", "power_state", "is_virtual"):
        assert cleanse(attribute, "Zone five").issue.code == "VALUE_NOT_IN_LIST"


@pytest.mark.parametrize(
    ("raw", "criticality"),
    [
        ("Mission Critical", "critical"),
        ("Tier 1", "critical"),
        ("1 - most critical", "critical"),
        ("Sehr hoch", "critical"),
        ("Crítica", "critical"),
        ("businessCritical", "high"),
        ("2 - somewhat critical", "high"),
        ("Élevée", "high"),
        ("Gold", "high"),
        ("Mittel", "medium"),
        ("businessOperational", "medium"),
        ("4 - not critical", "low"),
        ("administrativeService", "low"),
        ("Niska", "low"),
    ],
)
def test_criticalities(raw, criticality):
    assert value("criticality", raw) == criticality


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        ("poweredOn", "on"),
        ("Running", "on"),
        ("Off", "off"),
        ("suspended", "suspended"),
        ("aus", "off"),
    ],
)
def test_power_states(raw, state):
    assert value("power_state", raw) == state


@pytest.mark.parametrize(
    ("raw", "virtual"),
    [
        ("Virtual", True),
        ("Physical", False),
        ("Ja", True),
        ("Nein", False),
        ("x", True),
        ("P", False),
    ],
)
def test_virtual_or_physical(raw, virtual):
    assert value("is_virtual", raw) is virtual


def test_a_column_that_asks_for_physical_is_turned_round():
    hints = work_out("is_virtual", "IsPhysical", ["True", "False"])
    assert cleanse("is_virtual", "True", hints).values == {"is_virtual": False}
    hints = work_out("is_virtual", "Physical or Virtual", ["Virtual"])
    assert cleanse("is_virtual", "Virtual", hints).values == {"is_virtual": True}


def test_the_word_lists_name_only_what_the_vocabulary_has():
    assert set(ENVIRONMENTS.values()) == {e.value for e in Environment} - {"unknown"}
    assert set(CRITICALITIES.values()) == {c.value for c in Criticality}
    assert set(POWER.values()) == {"on", "off", "suspended"}
    assert set(BOOLEANS.values()) == {True, False}
