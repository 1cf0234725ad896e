"""Whether a product of an asset is still supported, as far as data and inventory tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from landbridge.discovery.techdebt.eol import Cycle, End, EolData, Open, is_over
from landbridge.discovery.techdebt.products import candidates

YEAR = timedelta(days=365)


class Support(StrEnum):
    """What is known of the support of a product."""

    OVER = "over"  # nobody supports it any more
    EXTENDED_ONLY = "extended_only"  # only support that must be bought
    ENDS_WITHIN_12_MONTHS = "ends_within_12_months"
    ENDS_WITHIN_24_MONTHS = "ends_within_24_months"
    SUPPORTED = "supported"
    VERSION_MISSING = "version_missing"  # the inventory does not say which release runs
    VERSION_COARSE = "version_coarse"  # releases of different fate share what it says
    NOT_LISTED = "not_listed"  # the data does not have this product or release
    NO_DATES = "no_dates"  # the data has the release, but no dates


@dataclass(frozen=True, slots=True)
class Verdict:
    """The support of one product on one asset.

    Attributes:
        support: what is known.
        product: key in the end-of-life data; None if it is not in there.
        cycles: the cycles the version may belong to; the last to end comes first.
    """

    support: Support
    product: str | None
    cycles: tuple[Cycle, ...] = ()

    @property
    def cycle(self) -> Cycle:
        """The cycle that ends last: support ends then at the latest."""
        return self.cycles[0]


def judge(
    data: EolData, product: str | None, version: str | None, edition: str | None, today: date
) -> Verdict:
    """Judge one product.

    Args:
        data: the end-of-life data.
        product: key of the product; None if the inventory's name is not known.
        version: its release; None if the inventory does not say.
        edition: its edition, where it is known.
        today: the day of the judgement.
    """
    cycles = data.products.get(product or "")
    if product is None or not cycles:
        return Verdict(Support.NOT_LISTED, product)
    found = candidates(product, cycles, version, edition) if version else list(cycles)
    found.sort(key=lambda c: (_last_day(c.end), _last_day(c.extended_end)), reverse=True)
    fates = {_fate(c, today) for c in found}
    if not version:
        # Where every release is over, it does not matter which one runs.
        over = bool(fates) and fates <= {Support.OVER}
        return Verdict(
            Support.OVER if over else Support.VERSION_MISSING, product, tuple(found) if over else ()
        )
    if not found:
        return Verdict(Support.NOT_LISTED, product)
    if len(fates) > 1:
        ended = {Support.OVER, Support.EXTENDED_ONLY}
        support = Support.EXTENDED_ONLY if fates <= ended else Support.VERSION_COARSE
        return Verdict(support, product, tuple(found))
    return Verdict(fates.pop(), product, tuple(found))


def _fate(cycle: Cycle, today: date) -> Support:
    over = is_over(cycle.end, today)
    if over is None:
        return Support.NO_DATES
    if over:
        extended = is_over(cycle.extended_end, today)
        return Support.EXTENDED_ONLY if extended is False else Support.OVER
    if isinstance(cycle.end, date):
        if cycle.end < today + YEAR:
            return Support.ENDS_WITHIN_12_MONTHS
        if cycle.end < today + 2 * YEAR:
            return Support.ENDS_WITHIN_24_MONTHS
    return Support.SUPPORTED


def last_support(cycle: Cycle) -> End:
    """The end of all support of a cycle, bought support included."""
    ends = [e for e in (cycle.end, cycle.extended_end) if e is not None]
    return max(ends, key=_last_day, default=None)


def _last_day(end: End) -> date:
    """A day to order ends by: unknown and long ago come first, no end in sight last."""
    if isinstance(end, date):
        return end
    return date.max if end is Open.SUPPORTED else date.min
