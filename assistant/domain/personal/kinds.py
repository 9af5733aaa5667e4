"""The kinds of personal data, and a place in a text that holds some."""

from enum import StrEnum
from typing import NamedTuple


class PersonalKind(StrEnum):
    """What was found; the value is what stands in its place, in brackets."""

    secret = "secret"  # noqa: S105 - a name, not one
    email = "e-mail"
    iban = "IBAN"
    card = "card"
    ip = "IP address"
    phone = "phone"
    handle = "handle"
    document = "ID number"
    """Of a passport, a licence, a tax office; found by Presidio alone."""
    name_of_person = "name"
    """Found by Presidio alone, with a model."""

    @property
    def mask(self) -> str:
        """What a reader sees instead."""
        return f"[{self.value}]"


class PersonalSpan(NamedTuple):
    """Where it stands: offsets in code points, end exclusive."""

    start: int
    end: int
    kind: PersonalKind


LEFT = r"(?<![A-Za-z0-9_])"
"""Nothing of a longer word or number before it. ASCII on purpose: beside Chinese or Japanese there are no spaces."""
RIGHT = r"(?![A-Za-z0-9_])"
