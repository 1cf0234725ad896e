"""The strategies of a migration, and what people call them."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Strategy(StrEnum):
    """What becomes of an application."""

    RETAIN = "retain"
    RETIRE = "retire"
    REHOST = "rehost"
    RELOCATE = "relocate"
    REPLATFORM = "replatform"
    REFACTOR = "refactor"
    REPURCHASE = "repurchase"


MEANING: Final[dict[Strategy, str]] = {
    Strategy.RETAIN: "It stays where it is, for now.",
    Strategy.RETIRE: "It is switched off; nobody needs it.",
    Strategy.REHOST: "It moves as it is to machines of the target.",
    Strategy.RELOCATE: "Its virtual machines move, unchanged, to the same hypervisor elsewhere.",
    Strategy.REPLATFORM: "It moves with some parts renewed, such as system or database.",
    Strategy.REFACTOR: "It is rewritten, in part or whole, for the target.",
    Strategy.REPURCHASE: "A product or a service takes its place.",
}
_OTHER_NAMES: Final = {
    Strategy.RETAIN: "retain keep stay revisit behalten verbleibt conserver conservar",
    Strategy.RETIRE: "retire decommission remove abschalten stilllegen retirer retirar",
    Strategy.REHOST: "rehost liftandshift liftshift lift rehosting",
    Strategy.RELOCATE: "relocate vmwarecloud relocation",
    Strategy.REPLATFORM: "replatform liftandreshape lifttinkerandshift liftandtinker replatforming",
    Strategy.REFACTOR: "refactor rearchitect rebuild rewrite modernize modernise refactoring",
    Strategy.REPURCHASE: "repurchase replace saas dropandshop replacement ersetzen remplacer",
}
_BY_NAME: Final = {name: s for s, names in _OTHER_NAMES.items() for name in names.split()}


def strategy_called(text: str) -> Strategy | None:
    """The strategy that a source means; None where its word is not known."""
    return _BY_NAME.get(re.sub(r"[^a-zà-ÿ]", "", text.casefold()))
