"""What the rules of the inventory say, in words: those that choose values, classify, and link."""

from __future__ import annotations

from typing import Final

from landbridge.discovery.grounds import AppliedRule

SOURCES: Final = {
    "hypervisor": "the platform itself (a hypervisor or a cloud)",
    "scanner": "a tool that logs in to machines or has an agent on them",
    "cmdb": "a CMDB, which people keep with a process",
    "list": "a list kept by hand, or a file of unknown origin",
    "mention": "a column of another record that only names it",
}
_PREFIXES: Final = {
    "class": "The source states a class, type or category that means this.",
    "model": "Manufacturer and model are known to be this.",
    "os": "The operating system runs on nothing else.",
    "source": "The source lists nothing else.",
    "table": "The columns of the table describe nothing else.",
    "flag": "The source says that the machine is virtual.",
    "column": "The source names the host on which it runs, which only virtual machines have.",
    "serial": "The serial number is one that a hypervisor gives.",
    "named": "It is known only because another record names it in this role.",
    "default": "Nothing tells what it is; without a word to the contrary a record is a server.",
    "relation": "It is known only as the end of a dependency.",
}
_PLAIN: Final = {
    "united": (
        "What all sources say together",
        "The attribute holds a list: what the sources state is united, without repeats.",
    ),
    "sum_of_disks": (
        "The sum of its disks",
        "The capacities of its disks are added up; the source that lists disks knows more than "
        "a total.",
    ),
    "decided": (
        "A person decided",
        "A person chose the value. It stands until a source says something that was not among "
        "the candidates.",
    ),
    "by_hand": (
        "A person set it by hand",
        "A person set the value. It stands above every source, also in later imports, until the "
        "edit is taken back or another one follows.",
    ),
}


def value_rule(rule: str) -> AppliedRule:
    """The rule that chose the value of an attribute."""
    if rule in _PLAIN:
        title, words = _PLAIN[rule]
        return AppliedRule(id=rule, title=title, words=words)
    source = rule.removeprefix("authority.")
    return AppliedRule(
        id=rule,
        title=f"From the {source}, which is believed most for this attribute",
        words="Of the sources that state this attribute, the one of the class that is believed "
        f"most for it counts: {SOURCES.get(source, source)}. Of equals the newest counts, and of "
        "values that agree the more precise one.",
    )


def type_rule(rule: str) -> AppliedRule:
    """The rule that classified an asset."""
    prefix = rule.partition(".")[0]
    words = _PREFIXES.get(prefix, "A rule of classification.")
    return AppliedRule(
        id=f"type.{rule}",
        title="The strongest rule of classification",
        words=f"{words} Where the records of one asset disagree, the strongest rule wins.",
    )


CONFLICT: Final = AppliedRule(
    id="conflict.values",
    title="Sources disagree",
    words="Sources state values that do not agree. Until a person decides, the value of the "
    "source that is believed most for this attribute is in use; nothing was thrown away.",
)
IDENTITY: Final = AppliedRule(
    id="conflict.identity",
    title="Two assets that may be one",
    words="The assets share something that speaks for one machine, but not enough to merge them "
    "without asking.",
)
MEMBERSHIP: Final = AppliedRule(
    id="application.stated",
    title="The sources name the application",
    words="An asset belongs to an application where a column of its record, a row of an "
    "application list or a relation says so. Nothing is guessed.",
)
