"""The draft's own words name nobody: no e-mail address, phone number, IBAN, card, IP address or handle."""

from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from assistant.domain.personal.find import find_personal
from assistant.domain.personal.kinds import PersonalKind
from evals.grader import Grader
from evals.sample import with_claim
from evals.spot import Spot, blocking
from evals.view import EvidenceView

_NAME = "personal_data"


def personal_data(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on personal data in prose. Quotes are verbatim and masked when they are shown; what the brief says is the person's own."""
    return blocking(_NAME, draft, lambda text: find_people(text, draft.brief), "Say it without.")


def find_people(text: str, brief: str = "") -> Iterator[Spot]:
    """Personal data of a text, secrets apart."""
    for found in find_personal(text):
        if found.kind is not PersonalKind.secret and text[found.start : found.end] not in brief:
            yield Spot(
                found.start, found.end, f"Personal data ({found.kind.value}) in the draft's own words."
            )


def _good(draft: Draft) -> Draft:
    return with_claim(
        draft, "C4", text="Pools keep their slow lines until 2026-05-30 10:15 and 1.250.000 visits."
    )


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools keep their slow lines, says ann.lee@lanes.example.")


GRADER = Grader(_NAME, 3, Severity.block, personal_data, _good, _bad)
