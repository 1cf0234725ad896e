"""Names of which all words but one are understood."""

import pytest

from landbridge.discovery.mapping.suggest import suggest_table

LIKELY = 0.7


def suggested(*columns):
    return suggest_table(["Hostname", "IP Address", *columns], []).columns[2:]


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("Zanzibar Memory (GB)", "memory_gb"),
        ("Quux Dependencies", "depends_on"),
        ("Zanzibar Status", None),
        ("Zanzibared Cores", None),
        ("Memory Zanzibar", None),
        ("Zanzibar Quux Memory", None),
    ],
)
def test_the_others_decide_if_they_tell_enough(name, attribute):
    found = suggested(name)[0]
    assert found.attribute == attribute
    if attribute is not None:
        assert found.confidence < LIKELY
        assert "One word of the name is not known." in found.evidence


def test_elsewhere_the_unknown_word_may_come_last():
    columns = ["Nom du serveur", "Adresse IP", "Système d'exploitation", "Confidentialité zanzibar"]
    assert suggest_table(columns, []).columns[3].attribute == "data_classification"
