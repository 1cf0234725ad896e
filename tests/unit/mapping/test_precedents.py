"""A name alone approves only what labelled lists have called so."""

import pytest

from landbridge.discovery.mapping.normalise import parse
from landbridge.discovery.mapping.precedents import has_precedent
from landbridge.discovery.mapping.suggest import suggest_table
from tests.support.column_sets import column_sets
from tests.support.precedents import path, precedents

SURE = 0.9


def test_the_precedents_are_those_of_the_labelled_lists():
    drawn = precedents(list(column_sets()))
    assert path().read_text("utf-8") == drawn, "run: python -m tests.support.precedents"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("serial_number", "Serial Number"),
        ("serial_number", "serialnumber"),
        ("serial_number", "Número de serie"),
        ("hostname", "Nom serveur"),
        ("component_capacity_gb", "Anything"),
    ],
)
def test_what_lists_call_so_has_a_precedent(label, name):
    assert has_precedent(label, parse(name).tokens)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("hypervisor", "Hypervisor Version"),
        ("storage_gb", "Instanzgröße"),
        ("os_version", "Build"),
        ("no_attribute", "Serial Number"),
        ("hostname", ""),
    ],
)
def test_other_names_have_none(label, name):
    assert not has_precedent(label, parse(name).tokens)


def test_a_name_without_precedent_waits_for_a_person_unless_values_decide():
    columns = ["Rechnername", "Umgebungskategorie"]
    by_name, by_values = (
        suggest_table(columns, samples).columns[1]
        for samples in ([], [["srv1", "srv2"], ["Produktion", "Test", "Abnahme"]])
    )
    assert by_name.attribute == by_values.attribute == "environment"
    assert by_name.confidence < SURE <= by_values.confidence
    assert "No list known here calls it so: please check." in by_name.evidence
