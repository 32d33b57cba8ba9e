"""What the staff list tells of a person and the exporter may never show, as it is recognised."""

import re

from exporter.simulator.contacts import EXTENSION_PREFIX, MAIL_DOMAIN, PHONE_PREFIX

_CANARY = re.compile(
    rf"\w+{re.escape(MAIL_DOMAIN)}|{PHONE_PREFIX}[0-9]{{3}}|\b{EXTENSION_PREFIX}[0-9]{{3}}\b"
)


def canaries(text: str) -> list[str]:
    """The e-mail addresses, phone numbers and extensions of simulated people in a text."""
    return _CANARY.findall(text)
