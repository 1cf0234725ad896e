"""One contract for every adapter; the model is asked over HTTP."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from landbridge.agents.adapters.deterministic import Deterministic
from landbridge.agents.adapters.recorded import Recorded, Recording
from landbridge.agents.port import Refusal, Suggestion, Usage
from tests.support.asked import COLOURS, RED, SAID_RED, Colours, Words


@pytest.fixture(params=["deterministic", "recorded", "model"])
def adapter(request, agent, model, tmp_path):
    model.think = lambda data: {
        "colours": [{"word": w, "reason": "a colour"} for w in data["words"] if w == "red"]
    }
    if request.param == "deterministic":
        return Deterministic()
    if request.param == "model":
        return agent
    recording = Recording(agent, tmp_path / "kept.json")
    for n in range(3):
        recording.ask(COLOURS, Words(words=["red", f"word {n}"]))
    recording.ask(COLOURS, RED)
    model.asked.clear()
    return Recorded(tmp_path / "kept.json")


def test_an_answer_is_typed_and_says_why(adapter):
    found = adapter.ask(COLOURS, RED)
    assert isinstance(found, Suggestion)
    assert isinstance(found.output, Colours)
    assert [c.word for c in found.output.colours] == ["red"]
    assert found.evidence[0].startswith("red: ")
    assert found.model == adapter.model
    assert adapter.name in {"deterministic", "recorded", "model"}


def test_the_same_question_has_the_same_answer(adapter):
    first, second = (adapter.ask(COLOURS, RED) for _ in range(2))
    assert first.output == second.output


def test_questions_at_the_same_time_do_not_mix(adapter):
    def ask(n):
        return adapter.ask(COLOURS, Words(words=["red", f"word {n}"]))

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(ask, range(3)))
    assert [len(f.output.colours) for f in found] == [1] * 3


def test_the_usage_is_told(adapter, model):
    found = adapter.ask(COLOURS, RED)
    costs = adapter.name != "deterministic"
    assert found.usage == (Usage(1, 100, 0, 20) if costs else Usage())
    assert len(model.asked) == (adapter.name == "model")


def test_recordings_refuse_what_they_do_not_know(agent, model, tmp_path):
    model.think = lambda _: SAID_RED
    Recording(agent, tmp_path / "kept.json").ask(COLOURS, RED)
    found = Recorded(tmp_path / "kept.json").ask(COLOURS, Words(words=["blue"]))
    assert isinstance(found, Refusal)
    assert found.error.code == "AGENT_RECORDING_MISSING"
