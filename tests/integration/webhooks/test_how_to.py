"""The examples of the how-to verify a real message, and nothing else."""

import re

import pytest

from tests.support.repository import ROOT

TEXT = (ROOT / "docs" / "how-to" / "webhooks.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"<!-- example: (\w+) -->\n```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", ["library", "plain"])
def test_the_example_accepts_a_message_and_refuses_what_was_changed(desk, receiver, sending, name):
    _, secret = desk.subscribe(receiver.url, "flow.created")
    flow = desk.flow()
    (got,) = receiver.wait(1)
    names: dict[str, object] = {}
    exec(dict(EXAMPLE.findall(TEXT))[name], names)
    received = names["received"]
    assert received(secret, got.headers, got.body)["data"]["flow_id"] == str(flow.id)
    assert received(secret, got.headers, got.body.replace(b"created", b"deleted")) is None
    other = "whsec_" + "A" * 43 + "="
    assert received(other, got.headers, got.body) is None
    old = {**got.headers, "webhook-timestamp": "1600000000"}
    assert received(secret, old, got.body) is None


def test_the_how_to_lists_every_kind():
    from landbridge.webhooks.vocabulary import KINDS

    assert not [kind for kind in KINDS if f"`{kind}`" not in TEXT]
