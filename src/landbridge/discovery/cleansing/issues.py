"""What cleansing can find wrong with a value. The text as found is always kept."""

from __future__ import annotations

from typing import Final

from landbridge.discovery.issues import IssueKind, IssueSeverity, issue_kind

_KEPT = "The text as found is kept as a custom attribute of the asset."

NOT_A_NUMBER: Final[IssueKind] = issue_kind(
    "VALUE_NOT_A_NUMBER",
    IssueSeverity.WARNING,
    "Not a whole number",
    "A whole number was expected, such as 8. " + _KEPT,
    "Correct the cell, or map the column to another attribute.",
)
NOT_A_SIZE: Final[IssueKind] = issue_kind(
    "VALUE_NOT_A_SIZE",
    IssueSeverity.WARNING,
    "Not a size",
    "A size was expected, such as '16 GB', '16384 MB' or '61.2 GiB / 127 GiB'. " + _KEPT,
    "Correct the cell, or map the column to another attribute.",
)
NOT_A_FREQUENCY: Final[IssueKind] = issue_kind(
    "VALUE_NOT_A_FREQUENCY",
    IssueSeverity.WARNING,
    "Not a clock speed",
    "A clock speed was expected, such as '2400' (MHz) or '2.4 GHz'. " + _KEPT,
    "Correct the cell, or map the column to another attribute.",
)
NOT_A_PERCENTAGE: Final[IssueKind] = issue_kind(
    "VALUE_NOT_A_PERCENTAGE",
    IssueSeverity.WARNING,
    "Not a percentage",
    "A share between 0 and 100 % was expected, such as '35' or '35 %'. " + _KEPT,
    "Correct the cell, or map the column to another attribute.",
)
OUT_OF_RANGE: Final[IssueKind] = issue_kind(
    "VALUE_OUT_OF_RANGE",
    IssueSeverity.WARNING,
    "The number cannot be right",
    "The number is negative, or far beyond what hardware of this kind can have; most often the "
    "column holds another unit. " + _KEPT,
    "Check the unit of the column, then correct the cell or the column's mapping.",
)
NOT_A_DATE: Final[IssueKind] = issue_kind(
    "VALUE_NOT_A_DATE",
    IssueSeverity.WARNING,
    "Not a date",
    "A calendar date was expected, such as 2024-05-30. " + _KEPT,
    "Write the date as YYYY-MM-DD, or map the column to another attribute.",
)
DATE_INCOMPLETE: Final[IssueKind] = issue_kind(
    "DATE_INCOMPLETE",
    IssueSeverity.WARNING,
    "The date has no day",
    "A year, quarter or month alone does not say on which day; no day is invented. " + _KEPT,
    "Write the date as YYYY-MM-DD.",
)
DATE_ORDER_UNKNOWN: Final[IssueKind] = issue_kind(
    "DATE_ORDER_UNKNOWN",
    IssueSeverity.WARNING,
    "Day and month cannot be told apart",
    "Dates such as 03/04/2024 mean March or April by country. No value of this column or of "
    "its table tells which order it uses, so no date was set. " + _KEPT,
    "Write the dates of this column as YYYY-MM-DD.",
)
DATE_SENTINEL: Final[IssueKind] = issue_kind(
    "DATE_MEANS_NONE",
    IssueSeverity.INFO,
    "A filler date, which means no date",
    "Tools write dates such as 0001-01-01, 1601-01-01 or 9999-12-31 where they know none. "
    "The value counts as empty.",
    "Nothing needs to be done. Fill in the real date if you know it.",
)
NOT_AN_IP: Final[IssueKind] = issue_kind(
    "VALUE_NOT_AN_IP_ADDRESS",
    IssueSeverity.WARNING,
    "Not an IP address",
    "IP addresses were expected, such as 10.12.4.17 or fe80::1, several separated by commas. "
    "What could be read was used. " + _KEPT,
    "Correct the cell, or map the column to another attribute.",
)
IP_IS_NETWORK: Final[IssueKind] = issue_kind(
    "IP_ADDRESS_IS_A_NETWORK",
    IssueSeverity.WARNING,
    "A network instead of an address",
    "The value names a whole network, such as 10.12.4.0/24, not the address of one system. "
    + _KEPT,
    "Enter the address of the system, or map the column to the network segment.",
)
NOT_A_MAC: Final[IssueKind] = issue_kind(
    "VALUE_NOT_A_MAC_ADDRESS",
    IssueSeverity.WARNING,
    "Not a MAC address",
    "MAC addresses of twelve hexadecimal digits were expected, such as 00:50:56:9a:4f:1c. "
    "What could be read was used. " + _KEPT,
    "Correct the cell, or map the column to another attribute.",
)
NOT_A_UUID: Final[IssueKind] = issue_kind(
    "VALUE_NOT_A_UUID",
    IssueSeverity.WARNING,
    "Not a UUID",
    "A UUID of 32 hexadecimal digits was expected, such as "
    "42237a0c-1d90-bc7e-77aa-30d1f0a3e2b1. " + _KEPT,
    "Correct the cell, or map the column to another identifier.",
)
NOT_A_PORT: Final[IssueKind] = issue_kind(
    "VALUE_NOT_A_PORT",
    IssueSeverity.WARNING,
    "Not a port number",
    "A port between 0 and 65535 was expected, such as 1433. " + _KEPT,
    "Correct the cell, or map the column to another attribute.",
)
NOT_A_NAME: Final[IssueKind] = issue_kind(
    "VALUE_NOT_A_DNS_NAME",
    IssueSeverity.WARNING,
    "Not a DNS name",
    "A fully qualified DNS name was expected, such as srv01.example.com. " + _KEPT,
    "Correct the cell, or map the column to another attribute.",
)
SERIAL_DAMAGED: Final[IssueKind] = issue_kind(
    "IDENTIFIER_DAMAGED_BY_SPREADSHEET",
    IssueSeverity.WARNING,
    "A spreadsheet cut this identifier",
    "A spreadsheet took the identifier for a number and wrote it as 6.37702E+15; its last "
    "digits are lost. It is not used, because a guess could merge two machines. " + _KEPT,
    "Export the file again with this column formatted as text, and import it once more.",
)
NOT_IN_LIST: Final[IssueKind] = issue_kind(
    "VALUE_NOT_IN_LIST",
    IssueSeverity.WARNING,
    "A word that is not in the list",
    "The attribute takes only values of a closed list, and this word is not known as one of "
    "them in any language we read. " + _KEPT,
    "Correct the cell, or set the value on the asset after the import.",
)
TOO_GENERAL: Final[IssueKind] = issue_kind(
    "VALUE_TOO_GENERAL",
    IssueSeverity.INFO,
    "The word does not say which one",
    "The value rules some choices out but does not name one, for example 'non-production' or "
    "'Prod/Test'. " + _KEPT,
    "Name one value in the cell, or set it on the asset after the import.",
)
OS_NOT_RECOGNISED: Final[IssueKind] = issue_kind(
    "OPERATING_SYSTEM_NOT_RECOGNISED",
    IssueSeverity.INFO,
    "An operating system we do not know by this name",
    "The name is kept as found, but its support dates cannot be looked up.",
    "If it is a common product under another name, correct the cell.",
)
