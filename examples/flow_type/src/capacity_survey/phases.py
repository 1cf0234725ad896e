"""The phases: each one transaction, its output committed with it or not at all."""

import os
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import text

from capacity_survey.errors import NothingToSurvey, RateCardAway
from landbridge.sdk import PhaseContext

FOLDER = "CAPACITY_SURVEY_RATES"
PRODUCTION = "production"

# Row-level security scopes every statement to the flow's client account.
COUNT = text("""
select count(*), count(*) filter (where environment = 'production')
  from app.assets where engagement_id = :engagement""")
SUM = """
select coalesce(sum({column}), 0) from app.assets
 where engagement_id = :engagement and (:everything or environment = 'production')"""


class Counted(BaseModel):
    """How many assets there are."""

    assets: int
    in_production: int


class Compute(BaseModel):
    """What the chosen assets have."""

    cores: int
    memory_gb: int


class Storage(BaseModel):
    """What the chosen assets have."""

    storage_gb: int


class Price(BaseModel):
    """Per month, in minor units of the currency."""

    currency: str
    amount: int


class RateCard(BaseModel):
    """Prices per month, in minor units of the currency."""

    currency: str
    core: int
    memory_gb: int
    storage_gb: int


class CountAssets:
    """How much there is; the gate after it asks what of it to survey."""

    key = "count_assets"
    title = "Count assets"
    unit = "assets"
    output = Counted

    def run(self, context: PhaseContext) -> Counted:
        """Count the assets of the engagement."""
        values = {"engagement": context.engagement_id}
        assets, in_production = context.session.execute(COUNT, values).one()
        if not assets:
            raise NothingToSurvey
        context.progress(assets, assets)
        return Counted(assets=assets, in_production=in_production)


class SumCompute:
    """Cores and memory of what was chosen."""

    key = "sum_compute"
    title = "Sum up compute"
    unit = "sums"
    output = Compute
    needs: ClassVar = {"count_assets": Counted}

    def run(self, context: PhaseContext) -> Compute:
        """Sum up cores and memory."""
        return Compute(
            cores=total(context, "cpu_cores"), memory_gb=-(-total(context, "memory_mb") // 1024)
        )


class SumStorage:
    """Storage of what was chosen; runs beside the sum of compute."""

    key = "sum_storage"
    title = "Sum up storage"
    unit = "sums"
    output = Storage
    needs: ClassVar = {"count_assets": Counted}

    def run(self, context: PhaseContext) -> Storage:
        """Sum up storage."""
        return Storage(storage_gb=-(-total(context, "storage_mb") // 1024))


class PriceIt:
    """Prices both from the rate card, which may be away for a moment."""

    key = "price_it"
    title = "Price it"
    unit = "prices"
    output = Price
    needs: ClassVar = {"sum_compute": Compute, "sum_storage": Storage}

    def run(self, context: PhaseContext) -> Price:
        """Price what was summed up."""
        rates = read(context.inputs["rate_card"])
        compute = Compute(**context.outputs["sum_compute"])
        storage = Storage(**context.outputs["sum_storage"])
        amount = (
            compute.cores * rates.core
            + compute.memory_gb * rates.memory_gb
            + storage.storage_gb * rates.storage_gb
        )
        context.notes.append({"kind": "priced", "text": f"{amount / 100:,.2f} {rates.currency}"})
        return Price(currency=rates.currency, amount=amount)


def total(context: PhaseContext, column: str) -> int:
    """A column, summed up over the assets that were chosen at the gate."""
    values = {
        "engagement": context.engagement_id,
        "everything": context.answers["scope"] != PRODUCTION,
    }
    statement = text(SUM.format(column=column))
    return int(context.session.execute(statement, values).scalar_one())


def read(name: str) -> RateCard:
    """The rate card of this name, from the folder that the operator chose.

    Raises:
        RateCardAway: it is not there, or is not whole; the phase is tried again.
    """
    path = Path(os.environ.get(FOLDER, "/etc/capacity-survey")) / f"{name}.json"
    try:
        return RateCard.model_validate_json(path.read_bytes())
    except OSError as error:
        raise RateCardAway(name=name, reason=error.strerror or "it is away") from error
    except ValidationError as error:
        raise RateCardAway(name=name, reason="it is no rate card") from error
