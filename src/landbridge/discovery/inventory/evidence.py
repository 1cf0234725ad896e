"""Evidence: how much each agreement or disagreement of two records says about whether they
mean one asset. Weights add up; MERGE and above is one asset, REVIEW and above is a person's
question, below is two assets.
"""

from __future__ import annotations

from typing import Final

MERGE: Final = 3.0
REVIEW: Final = 1.5

SAME_SERIAL: Final = 6.0
OTHER_SERIAL: Final = -8.0
SAME_UUID: Final = 6.0
OTHER_UUID: Final = -8.0
SAME_MAC: Final = 5.0
OTHER_MAC: Final = -3.0  # one adapter each, and not the same
OTHER_MACS: Final = -1.5  # several adapters: the lists may be incomplete
SAME_NAME: Final = 4.0
LIKE_NAME: Final = 2.5  # equal but for decoration or separators
SIMILAR_NAME: Final = 1.5  # likely misspelt
OTHER_NAME: Final = -4.0
SAME_DOMAIN: Final = 1.0
OTHER_DOMAIN: Final = -5.0
SAME_IP: Final = 2.5
ONLY_IP: Final = 0.5  # added when neither record says anything but an address
OTHER_IP: Final = -1.0
SAME_SOURCE_ID: Final = 3.0

EXPLANATIONS: Final = {
    "serial": ("the same serial number", "different serial numbers"),
    "uuid": ("the same UUID", "different UUIDs"),
    "mac": ("a MAC address in common", "different MAC addresses"),
    "name": ("the same name", "different names"),
    "domain": ("the same domain", "different domains"),
    "ip": ("an IP address in common", "different IP addresses"),
    "source_id": ("the same id in the source system", ""),
}
"""Words for reviews: agreement, disagreement."""
