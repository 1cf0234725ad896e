"""Why an agent is not asked, or its answer not taken."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class AgentsNotInstalled(LandbridgeError):
    """The library that talks to language models is an extra of the package, so that the core stays
    small; some providers need a package of their own beside it.
    """

    code = "AGENTS_NOT_INSTALLED"
    title = "The extra for agents is not installed"
    status = 503
    category = Category.DEPENDENCY
    message = "A model of {provider} is configured, but what talks to it is not installed."
    remedy = "Install it: pip install 'landbridge[agents]' 'pydantic-ai-slim[{provider}]'"


class AgentModelInvalid(LandbridgeError):
    """The setting of the model does not name a provider that is known here, or lacks what that
    provider needs.
    """

    code = "AGENT_MODEL_INVALID"
    title = "The agents' model is not set rightly"
    status = 503
    category = Category.DEPENDENCY
    message = "LANDBRIDGE_AGENT_MODEL cannot be used: {reason}."
    remedy = "Set provider:model, as in openai:gpt-5-mini; 'landbridge agents check' tries it."


class AgentAnswerUnsound(LandbridgeError):
    """The model's answer has the right form, but says what cannot be: a name that does not exist,
    or something about what was not asked. Nothing of it is used.
    """

    code = "AGENT_ANSWER_UNSOUND"
    title = "An agent's answer cannot be right"
    status = 502
    category = Category.DEPENDENCY
    message = "The answer of {model} was not used: {reason}."
    remedy = "Nothing has to be done: the rules' suggestion stands. Other models may do better."


class AgentQuestionTooLarge(LandbridgeError):
    """The question is longer than its task allows, so that no single one eats a budget."""

    code = "AGENT_QUESTION_TOO_LARGE"
    title = "A question to an agent is too large"
    status = 413
    category = Category.CAPACITY
    message = "The question has {size} bytes; {limit} are allowed."
    remedy = "Nothing has to be done: the rules' suggestion stands."


class AgentRecordingMissing(LandbridgeError):
    """Recordings answer only what they were made for."""

    code = "AGENT_RECORDING_MISSING"
    title = "No answer to this question was recorded"
    status = 404
    message = "The recording has no answer to this question of {task}."
    remedy = "Record it again with a model."
