"""The draft's own words hold no key, token or password."""

from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from assistant.domain.personal.find import find_personal
from assistant.domain.personal.kinds import PersonalKind
from evals.grader import Grader
from evals.reading.spot import Spot, blocking
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "secrets"


def secrets(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on secrets in prose, also on those that the brief holds: a document travels further than a brief."""
    return blocking(_NAME, draft, find_keys, "Take it out and revoke it.")


def find_keys(text: str) -> Iterator[Spot]:
    """Keys, tokens and passwords of a text."""
    for found in find_personal(text):
        if found.kind is PersonalKind.secret:
            yield Spot(found.start, found.end, "A key, token or password in the draft's own words.")


def _good(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools keep their slow lines until the API key is renewed.")


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text=f"Pools keep their slow lines with AKIA{'J7Q2M4XW' * 2}.")


GRADER = Grader(_NAME, 3, Severity.block, secrets, _good, _bad)
