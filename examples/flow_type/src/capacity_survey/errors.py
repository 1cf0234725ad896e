"""What can go wrong, each with its remedy."""

from landbridge.sdk import Category, LandbridgeError, Retry


class RateCardAway(LandbridgeError):
    """The rate card is kept outside, and was not there or could not be read just now."""

    code = "CAPACITY_SURVEY_RATE_CARD_AWAY"
    title = "The rate card is not there"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.SAFE
    message = "The rate card {name} cannot be read: {reason}."
    remedy = "Put {name}.json into the folder CAPACITY_SURVEY_RATES of the workers, then retry."


class NothingToSurvey(LandbridgeError):
    """The engagement has no asset yet, so there is nothing to sum up."""

    code = "CAPACITY_SURVEY_NOTHING"
    title = "There is nothing to survey"
    status = 409
    category = Category.CONFLICT
    message = "The engagement has no assets."
    remedy = "Run Discovery in this engagement first."
