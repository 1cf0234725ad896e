"""From scores to probabilities: how often such evidence was right."""

from __future__ import annotations

from landbridge.discovery.mapping.values import Profile
from landbridge.discovery.mapping.votes import AGREES, Vote

_STEPS = ((0.995, 0.95), (0.9, 0.88), (0.8, 0.82), (0.7, 0.77), (0.6, 0.74), (0.5, 0.6), (0.0, 0.4))


_CLOSED = frozenset(
    {"asset_type", "status", "environment", "criticality", "os_name", "db_engine", "hypervisor",
     "migration_strategy", "data_classification", "protocol", "rel_type", "cpu_model"}
)  # fmt: skip
_UNHEARD_OF = 0.86
_DECIDING = frozenset(
    {"MAC addresses", "operating systems", "processor models", "hardware models", "environments",
     "migration strategies", "virtual or physical", "UUIDs", "DNS names", "power states",
     "database products", "vendors", "lifecycle states", "kinds of assets", "classifications",
     "processes", "protocols", "kinds of relationship", "waves", "hypervisors", "tiers",
     "criticalities", "IP addresses", "free text"}
)  # fmt: skip
_BY_DECIDING_VALUES = 0.6
_BY_FITTING_VALUES = 0.25


def decides(opinion: Vote) -> bool:
    """Values of such a kind point to one attribute, not to several alike."""
    return opinion.verdict == AGREES and opinion.telling and opinion.kind in _DECIDING


def confidence_of(
    label: str, name_score: float, margin: float, opinion: Vote, by_context: bool, values: Profile
) -> float:
    """The probability that a reading is right.

    Args:
        label: the attribute; some take their values from a small vocabulary.
        name_score: similarity of the name, 0–1.
        margin: distance to the next attribute in the running.
        opinion: the values' verdict on the attribute.
        by_context: the neighbours decided between meanings.
        values: the profile of the values, empty for names only.
    """
    base = next(c for s, c in _STEPS if name_score >= s)
    if opinion.verdict == AGREES:
        base += (1 - base) * (_BY_DECIDING_VALUES if decides(opinion) else _BY_FITTING_VALUES)
    elif values.count:
        base = min(base - 0.03, _UNHEARD_OF) if label in _CLOSED else base - 0.03
    if margin < 0.12:
        base -= 0.1
    if by_context:
        base -= 0.03
    return max(0.3, min(0.99, base))
