"""Signatures are those of the specification's own library."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from landbridge.webhooks.signing import headers, new_secret, signature


def test_the_vector_of_the_specification():
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_reference_library_accepts_either_secret_during_a_rotation():
    old, new = new_secret(), new_secret()
    body = '{"a": "ü"}'.encode()
    sent = dict(headers((new, old), "id", datetime.now(UTC), body))
    for secret in (old, new):
        assert Webhook(secret).verify(body, sent) == {"a": "ü"}
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body + b" ", sent)


def test_an_old_message_is_not_accepted():
    secret = new_secret()
    sent = dict(headers((secret,), "id", datetime.now(UTC) - timedelta(minutes=6), b"{}"))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b"{}", sent)
