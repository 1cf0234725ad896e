"""Names are taken apart, translated into concepts, and compared as such."""

import pytest

from landbridge.discovery.mapping.lexicon import LANGUAGES, concepts, languages_of, lexicon
from landbridge.discovery.mapping.names import name_concepts, readings
from landbridge.discovery.mapping.normalise import column_key, common_prefix, parse
from landbridge.discovery.vocabulary import ATTRIBUTES


def best(name, *others):
    parsed = [parse(n) for n in (name, *others)]
    return readings(name_concepts(parsed[0], languages_of(parsed)))[0]


@pytest.mark.parametrize(
    ("name", "tokens", "units"),
    [
        ("TotalDiskAllocatedGiB", ("total", "disk", "allocated"), {"gb"}),
        ("RAM.TotalSizeInMB", ("ram", "total", "size", "in"), {"mb"}),
        ("Arbeitsspeicher [MB]", ("arbeitsspeicher",), {"mb"}),
        ("Mémoire (Go)", ("memoire",), {"gb"}),
        ("CPU usage %", ("cpu", "usage"), {"percent"}),
        ("vCPUs", ("vcpus",), set()),
        ("IPv4Address", ("ipv4", "address"), set()),
        ("OSname", ("os", "name"), set()),
        ("NetBIOSName", ("netbios", "name"), set()),
        ("u_asset_tag", ("asset", "tag"), set()),
        ("*Server name", ("server", "name"), set()),
        ("PrimaryIPAddress(optional)", ("primary", "ip", "address"), set()),
        ("Manufacturer0", ("manufacturer",), set()),
        ("Größe", ("grosse",), set()),
        (" Name\n", ("name",), set()),
        ("talks_to", ("talks", "to"), set()),
    ],
)
def test_a_name_is_taken_apart(name, tokens, units):
    parsed = parse(name)
    assert parsed.tokens == tokens
    assert parsed.units == units


def test_spellings_of_one_name_share_a_key():
    names = {"Serial Number", "serial_number", "SERIAL-NUMBER", "SerialNumber", " serial number "}
    assert {column_key(n) for n in names} == {"serialnumber"}


def test_a_trailing_hash_is_a_number_and_a_leading_one_a_count():
    assert parse("Wave #").tokens == ("wave", "number")
    assert parse("# CPUs").tokens == ("#", "cpus")
    assert parse("Network #1").tokens == ("network",)


def test_a_name_that_offers_a_choice_has_parts():
    assert parse("MAC Address/DUID").parts == (("mac", "address"), ("duid",))
    assert parse("Environment (Prod/UAT)").parts[0] == ("environment",)
    assert parse("Hostname").parts == ()


def test_a_first_word_shared_by_most_columns_tells_nothing():
    header = ["ansible_fqdn", "ansible_kernel", "ansible_domain", "ansible_os", "ansible_ip", "id"]
    assert common_prefix([parse(n) for n in header]) == "ansible"
    assert common_prefix([parse(n) for n in ("Server Name", "Server IP")]) is None


@pytest.mark.parametrize(
    ("words", "concept"),
    [
        ("betriebssystem", "os"),
        ("systeme d exploitation", "os"),
        ("sistema operativo", "os"),
        ("besturingssysteem", "os"),
        ("オペレーティングシステム", "os"),
        ("seriennummer", "serial"),
        ("numero de serie", "serial"),
        ("matricola", "serial"),
        ("ipaddress", "ip"),
        ("serialnumbr", "serial"),
    ],
)
def test_words_of_all_languages_meet_in_one_concept(words, concept):
    assert concepts(words.split()) == (concept,)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("prozessortyp", ("cpu", "type")),
        ("cpucount", ("cpu", "count")),
        ("serverstandort", ("server", "location")),
        ("ホスト名一覧", ("hostname",)),
    ],
)
def test_compounds_are_taken_apart(word, found):
    assert concepts((word,), ("de", "en")) == found


def test_the_language_of_a_header_is_recognised():
    assert languages_of([parse(n) for n in ("Servername", "Betriebssystem", "Standort")])[0] == "de"
    assert languages_of([parse(n) for n in ("Nom", "Statut", "Fabricant", "Lieu")])[0] == "fr"
    assert languages_of([parse(n) for n in ("Nombre", "Estado", "Fabricante")])[0] == "es"
    english = languages_of([parse(n) for n in ("Name", "IP Address", "OS", "Location", "Owner")])
    assert english[0] == "en"


def test_a_word_of_another_language_is_no_false_friend_in_an_english_table():
    header = ("Direction", "Source Port", "Process", "User", "State", "Protocol")
    assert best(*header).label != "department"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Server Name", "hostname"),
        ("No. of Cores", "cpu_cores"),
        ("Anzahl CPU-Kerne", "cpu_cores"),
        ("Date de fin de garantie", "end_of_life_date"),
        ("Fecha de puesta en producción", "install_date"),
        ("Date of last inventory", "last_seen"),
        ("First seen", "custom"),
        ("Tags", "custom"),
        ("Number of disks", "custom"),
        ("Backup policy", "custom"),
    ],
)
def test_names_are_read(name, label):
    found = best(name)
    assert found.label == label
    assert found.score > 0.9


def test_an_unknown_word_makes_a_name_less_alike():
    assert best("Server Location").score > best("Zorble Location").score


def test_phrases_speak_of_attributes_that_exist():
    labels = {m.label for c in ("name", "memory", "ip", "date") for m in readings((c,))}
    assert labels - {"custom"} <= set(ATTRIBUTES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_knows_the_usual_columns(language):
    known = set(lexicon(language).words.values())
    assert {"hostname", "ip", "os", "memory", "serial", "manufacturer", "environment"} <= known


@pytest.mark.parametrize("name", ["Nº de patrimônio", "N° de patrimônio", "№ de patrimônio"])
def test_signs_for_number_are_read_as_the_word(name):
    assert parse(name).tokens == ("numero", "de", "patrimonio")


def test_a_plural_in_brackets_belongs_to_the_word():
    assert parse("IP Address(es)").tokens == ("ip", "address")
    assert parse("Anwendung(en)").tokens == ("anwendung",)


def test_addresses_are_numbered_and_their_versions_are_not_numbers():
    assert parse("IP1").tokens == parse("IP 2").tokens == ("ip",)
    assert parse("IPv6").tokens == ("ipv6",)
