"""From scores to probabilities: how often such evidence was right."""

from __future__ import annotations

from landbridge.discovery.mapping.values import Profile
from landbridge.discovery.mapping.votes import AGREES, Vote

_STEPS = ((0.995, 0.95), (0.9, 0.9), (0.8, 0.82), (0.7, 0.72), (0.6, 0.62), (0.5, 0.52), (0.0, 0.4))


def confidence_of(
    name_score: float, margin: float, opinion: Vote, by_context: bool, values: Profile
) -> float:
    """The probability that a reading is right.

    Args:
        name_score: similarity of the name, 0–1.
        margin: distance to the next attribute in the running.
        opinion: the values' verdict on the attribute.
        by_context: the neighbours decided between meanings.
        values: the profile of the values, empty for names only.
    """
    base = next(c for s, c in _STEPS if name_score >= s)
    if opinion.verdict == AGREES:
        base += (1 - base) * (0.6 if opinion.telling else 0.2)
    elif values.count:
        base -= 0.03
    if margin < 0.12:
        base -= 0.1
    if by_context:
        base -= 0.03
    return max(0.3, min(0.99, base))
