"""Name pools of the fictional company that owns the sample estate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

COMPANY: Final = "Brennholt Logistik SE"
DOMAIN: Final = "corp.brennholt.example"
LAB_DOMAIN: Final = "lab.brennholt.example"
VCENTER: Final = f"vcenter01.{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Site:
    """One location of the company.

    Attributes:
        code: three letters that begin host names.
        city: as an English system spells it.
        datacenter: name of the data centre there.
        octet: second octet of the site's 10.0.0.0/8 addresses.
        style: host name convention; its fields are site, env, family, role and number.
        german: whether the German list covers the site's hardware.
    """

    code: str
    city: str
    datacenter: str
    octet: int
    style: str
    german: bool = False


SITES: Final = (
    Site("ham", "Hamburg", "HAM-DC1", 20, "{site}-{env}-{role}-{number:02d}", german=True),
    Site("lei", "Leipzig", "LEI-DC1", 40, "{site}{env}{family}{role}{number:02d}", german=True),
    Site("rtm", "Rotterdam", "RTM-DC2", 60, "{site}{family}{role}{number:03d}"),
    Site("lyo", "Lyon", "LYO-DC1", 80, "srv{site}{role}{number:03d}"),
)

FIRST_NAMES: Final = (
    "Anja", "Björn", "Carla", "Detlef", "Elodie", "Frauke", "Günter", "Hélène", "Ingo", "Jasper",
    "Käthe", "Lars", "Maarten", "Nadia", "Olaf", "Petra", "Quentin", "Rieke", "Sönke", "Thérèse",
    "Uwe", "Vera", "Wiebke", "Xavier", "Yara", "Zoë",
)  # fmt: skip
LAST_NAMES: Final = (
    "Ahlers", "Böttcher", "Claasen", "Dubois", "Evers", "Faßbender", "Grün", "Hinrichs", "Isler",
    "Jürgens", "Köhler", "Lefèvre", "Möller", "Nijboer", "Oltmanns", "Petersen", "Quast", "Rösler",
    "Schröder", "Thießen", "Uhlig", "van Dijk", "Wölk", "Zuidema",
)  # fmt: skip

DEPARTMENTS: Final = (
    ("Finance", "CC-1200"),
    ("Human Resources", "CC-1400"),
    ("Warehouse Operations", "CC-2100"),
    ("Transport", "CC-2200"),
    ("Customs", "CC-2300"),
    ("Sales", "CC-3100"),
    ("Procurement", "CC-3300"),
    ("IT Operations", "CC-9000"),
)
SUPPORT_GROUPS: Final = {
    "windows": "Wintel Operations",
    "linux": "Linux Operations",
    "unix": "Unix & Midrange",
    "esxi": "Virtualization",
}

# Name, vendor, index into DEPARTMENTS, technology.
APPLICATIONS: Final = (
    ("SAP ERP", "SAP", 0, "java"), ("SAP BW", "SAP", 0, "java"), ("Payroll", "In-house", 1, "java"),
    ("Time Recording", "In-house", 1, "dotnet"), ("Recruiting Portal", "In-house", 1, "php"),
    ("Warehouse Control", "In-house", 2, "java"), ("Yard Management", "In-house", 2, "dotnet"),
    ("Pick by Voice", "In-house", 2, "java"), ("Label Printing", "In-house", 2, "dotnet"),
    ("Stock Ledger", "In-house", 2, "java"), ("Transport Planning", "In-house", 3, "java"),
    ("Fleet Telematics", "In-house", 3, "python"), ("Route Optimiser", "In-house", 3, "python"),
    ("Driver App Backend", "In-house", 3, "node"), ("Freight Billing", "In-house", 3, "dotnet"),
    ("Toll Settlement", "In-house", 3, "java"), ("Customs Declarations", "In-house", 4, "java"),
    ("Tariff Database", "In-house", 4, "dotnet"), ("Export Control", "In-house", 4, "dotnet"),
    ("CRM", "Microsoft", 5, "dotnet"), ("Customer Portal", "In-house", 5, "node"),
    ("Quotation Desk", "In-house", 5, "dotnet"), ("Shipment Tracking", "In-house", 5, "node"),
    ("Web Shop", "In-house", 5, "php"), ("Contract Archive", "In-house", 5, "java"),
    ("Supplier Portal", "In-house", 6, "php"), ("Purchase Orders", "In-house", 6, "java"),
    ("Invoice Workflow", "In-house", 6, "dotnet"), ("E-Invoicing", "In-house", 6, "java"),
    ("Document Management", "Microsoft", 7, "dotnet"), ("Intranet", "Microsoft", 7, "dotnet"),
    ("Ticketing", "Atlassian", 7, "java"), ("Wiki", "Atlassian", 7, "java"),
    ("Source Control", "In-house", 7, "go"), ("Build Farm", "In-house", 7, "java"),
    ("Integration Bus", "IBM", 7, "java"), ("Identity Management", "In-house", 7, "java"),
    ("Data Warehouse", "Oracle", 0, "java"), ("Reporting", "Microsoft", 0, "dotnet"),
    ("Treasury", "In-house", 0, "dotnet"), ("Travel Expenses", "In-house", 1, "php"),
    ("Learning Platform", "In-house", 1, "php"), ("Returns Handling", "In-house", 2, "java"),
    ("Pallet Exchange", "In-house", 2, "dotnet"), ("Cold Chain Monitor", "In-house", 2, "python"),
    ("Dangerous Goods", "In-house", 3, "dotnet"), ("Slot Booking", "In-house", 3, "node"),
    ("Port Community Link", "In-house", 4, "java"), ("EDI Gateway", "IBM", 7, "java"),
    ("Mail Relay", "In-house", 7, "go"), ("Print Services", "Microsoft", 7, "dotnet"),
    ("Telephony", "In-house", 7, "java"), ("Call Centre", "In-house", 5, "dotnet"),
    ("Marketing Mailer", "In-house", 5, "php"), ("Price Engine", "In-house", 5, "java"),
    ("Demand Forecast", "In-house", 2, "python"), ("Asset Maintenance", "In-house", 2, "dotnet"),
    ("Energy Monitor", "In-house", 2, "python"), ("Video Archive", "In-house", 2, "go"),
    ("Visitor Registration", "In-house", 1, "php"),
)  # fmt: skip

REGIONS: Final = ("DE", "NL", "FR", "PL", "DK", "BE", "AT", "CZ")
"""Regional instances of the applications, for estates with more applications than names."""
