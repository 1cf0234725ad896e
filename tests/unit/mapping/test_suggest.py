"""Name, values and neighbours together decide; what is unsure goes to a person."""

import pytest

from landbridge.discovery.mapping.decide import REVIEW_CAP
from landbridge.discovery.mapping.suggest import Learned, suggest_table
from landbridge.discovery.vocabulary import TableRole

HOSTS = ["lonapp01", "lonapp02"]
IPS = ["10.0.0.1", "10.0.0.2"]
OS = ["RHEL 8.6", "Windows Server 2019"]


def suggest(table, name="", **options):
    found = suggest_table(list(table), list(table.values()), name, **options)
    return found, {c.column: c for c in found.columns}


def attributes(table, name=""):
    return {n: c.attribute for n, c in suggest(table, name)[1].items()}


SERVERS = {"Server": HOSTS, "IP": IPS, "OS": OS}


def test_one_word_means_different_things_in_different_tables():
    vms = {"VM": HOSTS, "Host": ["esx01.a.com", "esx02.a.com"], "vCPU": ["2", "4"]}
    assert attributes(vms)["Host"] == "host_system"
    assert attributes({"Host": HOSTS, "IP": IPS})["Host"] == "hostname"
    applications = {
        "Name": ["Payroll", "CRM"],
        "Business owner": ["Ada Lovelace", "Alan Turing"],
        "Criticality": ["High", "Low"],
        "Lifecycle": ["Active", "Retired"],
        "Version": ["2.1", "9.4"],
    }
    assert attributes(applications)["Name"] == "application_name"
    assert attributes(applications)["Version"] == "software_version"
    assert attributes({"Name": HOSTS, "IP": IPS, "OS": OS})["Name"] == "hostname"
    relations = {"Parent": HOSTS, "Type": ["Runs on::Runs", "Hosts"], "Child": HOSTS}
    assert attributes(relations) == {
        "Parent": "rel_source", "Type": "rel_type", "Child": "rel_target",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "attribute"),
    [
        (["4", "8"], "cpu_cores"),
        (["12 %", "80 %"], "cpu_utilization"),
        (["Intel(R) Xeon(R) Gold 6248", "AMD EPYC 7543"], "cpu_model"),
    ],
)
def test_values_tell_what_a_bare_cpu_is(values, attribute):
    assert attributes({**SERVERS, "CPU": values})["CPU"] == attribute


@pytest.mark.parametrize(
    ("name", "values", "attribute"),
    [
        ("Type", ["Virtual", "Physical"], "is_virtual"),
        ("Type", ["Server", "Switch"], "asset_type"),
        ("Tier", ["Tier 1", "Tier 2"], "criticality"),
        ("Tier", ["Production", "Test"], "environment"),
        ("Status", ["poweredOn", "poweredOff"], "power_state"),
        ("Status", ["Retired", "In Stock"], "status"),
        ("Address", ["1 High Street, London", "Quai 5, Lyon"], "location"),
        ("Address", IPS, "ip_address"),
        ("Platform", OS, "os_name"),
        ("Memory", ["12 %", "50 %"], "memory_utilization"),
        ("Serial Number", ["Yes", "No"], None),
        ("Uptime", ["12 days", "3 days"], None),
        ("First Seen", ["2024-01-01", "2024-02-01"], None),
        ("Zorble", ["a1", "b2"], None),
        ("Bestückung Frobnikat", OS, "os_name"),
    ],
)
def test_values_decide_between_readings(name, values, attribute):
    assert attributes({**SERVERS, name: values})[name] == attribute


def test_two_columns_may_hold_the_same_attribute():
    found = attributes({**SERVERS, "Management IP": IPS, "Backup IP Address": IPS})
    assert found["IP"] == found["Management IP"] == "ip_address"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ({**SERVERS, "Server ID": ["17", "18"]}, "Server ID"),
        ({**SERVERS, "CPU": ["12 %", "80 %"]}, "CPU"),
        ({**SERVERS, "Active": ["Yes", "No"]}, "Active"),
        ({"Name": ["Payroll", "CRM"], "Business owner": ["A B", "C D"], "Criticality": ["High"],
          "Lifecycle": ["Active"]}, "Name"),
        ({"DB Name": ["X1", "X2"], "Engine": ["Oracle", "MySQL"], "Version": ["19", "8"]},
         "Version"),
        ({"Name": ["red", "blue"], "Colour": ["1", "2"]}, "Name"),
    ],
)  # fmt: skip
def test_what_can_mean_too_much_always_goes_to_a_person(table, column):
    assert suggest(table)[1][column].confidence < 0.9


def test_every_suggestion_says_why_and_names_at_most_three_alternatives():
    for column in suggest({**SERVERS, "Owner": ["Ada Lovelace"], "Zorble": ["x"]})[1].values():
        assert column.evidence
        assert len(column.alternatives) <= 3
        assert all(a.attribute != column.attribute for a in column.alternatives)
        assert all(0 < a.confidence <= column.confidence or column.attribute is None
                   for a in column.alternatives)  # fmt: skip


def test_what_was_decided_before_comes_first():
    learned = {"zorble": Learned("attribute", "rack"), "ip": Learned("ignore", None)}
    found = suggest({**SERVERS, "Zorble": ["x"]}, learned=learned)[1]
    assert (found["Zorble"].attribute, found["IP"].target) == ("rack", "ignore")
    assert found["Zorble"].confidence >= 0.9


def test_a_known_source_is_mapped_by_what_is_known_unless_values_differ():
    table = {
        "VM": HOSTS, "Powerstate": ["poweredOn", "poweredOff"], "CPUs": ["2", "4"],
        "Memory": ["4096", "8192"], "Host": ["esx01", "esx02"], "Template": ["False", "True"],
        "Primary IP Address": ["none of these", "is an address"],
    }  # fmt: skip
    found, columns = suggest(table, "vInfo")
    assert (found.source, found.role) == ("rvtools_vinfo", TableRole.ASSETS)
    assert columns["Memory"].confidence >= 0.9
    assert columns["Template"].target == "custom"
    assert columns["Primary IP Address"].confidence < 0.9


@pytest.mark.parametrize(
    ("table", "name", "role"),
    [
        (SERVERS, "", TableRole.ASSETS),
        ({"Application": ["CRM"], "Owner": ["A B"], "Criticality": ["High"], "RTO": ["4"],
          "Department": ["HR"]}, "", TableRole.APPLICATIONS),
        ({"Source": HOSTS, "Target": HOSTS, "Relation": ["uses"]}, "", TableRole.RELATIONS),
        ({"Src IP": IPS, "Dst IP": IPS, "Dst Port": ["443"], "Proto": ["tcp"]}, "",
         TableRole.CONNECTIONS),
        ({"Hostname": HOSTS, "Disk Name": ["C:", "D:"], "Size (GB)": ["40", "80"]}, "disks",
         TableRole.DISKS),
        ({"Message": ["all good"], "Colour": ["red"]}, "", TableRole.REFERENCE),
    ],
)  # fmt: skip
def test_a_table_is_told_what_its_rows_are(table, name, role):
    assert suggest(table, name)[0].role == role


def test_parts_of_assets_have_their_own_attributes():
    table = {
        "Hostname": HOSTS, "Mount Point": ["/", "/var"], "Capacity (GB)": ["40", "80"],
        "Used (GB)": ["4", "8"], "Free (GB)": ["36", "72"],
    }  # fmt: skip
    found, columns = suggest(table, "Partitions")
    assert found.role == TableRole.PARTITIONS
    assert [c.attribute for c in columns.values()] == [
        "hostname", "component_name", "component_capacity_gb", "component_used_gb",
        "component_free_gb",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "role"),
    [
        ({"Server": HOSTS, "Drive Name": ["C:", "D:"], "Size GB": ["40", "80"]}, TableRole.DISKS),
        ({"Host": HOSTS, "Mount": ["/", "/var"], "Size": ["4 GB", "8 GB"]}, TableRole.PARTITIONS),
        ({"Device": HOSTS, "Interface": ["eth0", "eth1"], "MAC": ["00:50:56:9a:4f:1c"], "IP": IPS},
         TableRole.NICS),
        ({"Computer": HOSTS, "Software": ["7-Zip", "Java"], "Version": ["1", "2"],
          "Publisher": ["Oracle", "SAP"]}, TableRole.SOFTWARE),
    ],
)  # fmt: skip
def test_tables_of_parts_are_recognised_by_their_columns(table, role):
    assert suggest(table, "export")[0].role == role


def test_a_table_without_columns_or_values_is_no_error():
    assert suggest_table([], []).columns == []
    assert suggest_table([""], [[]]).columns[0].target == "ignore"
    assert suggest_table(["Server", "IP"], [["srv01"]]).columns[1].attribute == "ip_address"


@pytest.mark.parametrize(
    ("column", "beside"),
    [
        ("IP neu", ["Servername", "IP", "Betriebssystem"]),
        ("In Latest Scan", ["Host Name", "IP Address", "MAC Address"]),
        ("Installiert auf", ["Softwareprodukt", "Hersteller", "Version"]),
        ("Batch Number", ["Host Name", "IP Address", "Patch Mode"]),
        ("Primary DNS", ["Host Name", "Subnet Mask", "Default Gateway"]),
    ],
)
def test_names_that_a_small_word_or_the_table_may_turn_go_to_a_person(column, beside):
    found = suggest_table([*beside, column], []).columns[-1]
    assert found.attribute is None or found.confidence <= REVIEW_CAP


def test_a_wave_of_a_migration_needs_no_person():
    columns = ["Server Name", "IP Address", "Migration Strategy", "Wave"]
    samples = [["srv1"], ["10.0.0.1"], ["Rehost"], ["Wave 1", "Wave 2"]]
    found = suggest_table(columns, samples).columns[-1]
    assert (found.attribute, found.confidence > REVIEW_CAP) == ("migration_wave", True)


def test_a_bare_client_and_server_are_the_ends_where_their_addresses_are():
    columns = ["Client", "Server", "Client IP", "Server IP", "Server Port"]
    found = [c.attribute for c in suggest_table(columns, []).columns]
    assert found == ["rel_source", "rel_target", "source_ip", "target_ip", "port"]


def test_beside_the_whole_a_bare_column_goes_to_a_person():
    columns = ["vmid", "name", "node", "maxcpu", "cpu", "maxmem", "mem"]
    found = {c.column: c for c in suggest_table(columns, []).columns}
    assert (found["maxcpu"].attribute, found["maxmem"].attribute) == ("cpu_cores", "memory_gb")
    assert found["mem"].confidence <= REVIEW_CAP


@pytest.mark.parametrize(
    ("column", "values", "attribute"),
    [
        ("Máquina virtual (S/N)", ["S", "N"], "is_virtual"),
        ("OS and Version", ["RHEL 8.6", "Windows Server 2019"], "os_name"),
        ("Installed On", ["srvapp01", "srvdb02"], "hostname"),
        ("Created", ["1714644524", "1714644590"], "install_date"),
        ("dNSHostName", ["a1.corp.local", "b2.corp.local"], "fqdn"),
    ],
)
def test_names_are_read_with_what_the_column_holds(column, values, attribute):
    table = {"Inventory": ["A1001", "A1002"], "Model": ["PowerEdge R740", "R640"], column: values}
    assert attributes(table)[column] == attribute


def test_speicher_beside_ram_is_disks():
    columns = [
        "Rechnername",
        "RAM (GB)",
        "Bereitgestellter Speicher (GB)",
        "Belegter Speicher (GB)",
    ]
    found = {c.column: c.attribute for c in suggest_table(columns, []).columns}
    assert found["RAM (GB)"] == "memory_gb"
    assert found["Bereitgestellter Speicher (GB)"] == "storage_gb"
    assert found["Belegter Speicher (GB)"] == "storage_used_gb"


def test_a_service_pack_belongs_to_the_system_and_a_patch_level_to_nothing():
    columns = ["Hostname", "Operating System", "Service Pack", "Patch Level"]
    found = {c.column: c.attribute for c in suggest_table(columns, []).columns}
    assert (found["Service Pack"], found["Patch Level"]) == ("os_version", None)


def test_applications_up_and_down_the_stream_in_a_portfolio_are_no_connections():
    columns = [
        *("App ID", "App Name", "Description", "Owner", "LOB", "Tier", "Vendor", "DB Type"),
        *("Wave", "6R", "Upstream Apps", "Downstream Apps", "Go-Live", "Sunset Date"),
    ]
    found = {c.column: c.attribute for c in suggest_table(columns, []).columns}
    assert found["Upstream Apps"] == "depends_on"
    assert found["Downstream Apps"] != "rel_target"


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("Who owns it?", "business_owner"),
        ("What does it do?", "description"),
        ("How critical is it?", "criticality"),
        ("Registered by", None),
        ("Last seen by", None),
        ("Motherboard", None),
    ],
)
def test_questions_and_who_did_something(name, attribute):
    columns = ["Application Name", "Vendor", "Version", name]
    assert suggest_table(columns, []).columns[3].attribute == attribute
