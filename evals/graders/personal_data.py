"""The draft's own words name nobody: no name, e-mail address, phone number, IBAN, card, IP address or handle."""

import re
from collections.abc import Callable, Iterator

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from assistant.domain.personal.find import find_personal
from assistant.domain.personal.kinds import PersonalKind
from evals.grader import Grader
from evals.language.people import people_named
from evals.reading.prose import blank_placeholders, places
from evals.reading.spot import Spot, blocking, on_record, words_on_record
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "personal_data"
_SPOKEN = re.compile(
    r"\b[\w-]+(?:\s+(?:dot|punkt|underscore|dash)\s+[\w-]+)*\s*[\[({<]?\b(?:at|ät|arroba)\b[\])}>]?\s*[\w-]+(?:\s+(?:dot|punkt|punto)\s+[\w-]+)*"
    r"\s+(?:dot|punkt|punto)\s+(?:com|net|org|info|io|co|eu|uk|ch|fr|de|nl|ru|cn|edu|example|test|invalid)\b",
    re.IGNORECASE,
)
"""An address as it is read aloud."""
_IN_QUOTATION = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]")


def personal_data(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on personal data in prose, and on the name of somebody whom nobody on record names; advise where it may be a thing's name.

    Quotes are verbatim and masked when they are shown; what the brief says is the person's own.
    """
    found = blocking(_NAME, draft, lambda text: find_people(text, draft.brief), "Say it without.")
    return [*found, *_names(draft, view)]


def _names(draft: Draft, view: EvidenceView) -> Iterator[Finding]:
    known: Callable[[str], bool] | None = None
    for place in places(draft):
        bare = _IN_QUOTATION.sub(lambda match: "·" * len(match.group()), blank_placeholders(place.text))
        if not any(True for _ in people_named(bare, lambda _words: False)):
            continue
        # Reading all titles and segments of a large corpus takes a while; most drafts name nobody.
        known = known or _known(draft, view)
        for named in people_named(bare, known):
            shown = bare[named.start : named.end]
            yield Finding(
                grader=_NAME,
                severity=Severity.block if named.told else Severity.advise,
                target=place.target,
                span=(named.start, named.end),
                message=f"'{shown}' names somebody."
                if named.told
                else f"'{shown}' may be somebody's name; nobody on record says it.",
                fix="Say it without.",
            )


def _known(draft: Draft, view: EvidenceView) -> Callable[[str], bool]:
    """Whether the record says a name, or whether a word is one that the draft writes small, too."""
    said = on_record(draft, view).casefold()
    small = {word for place in places(draft) for word in re.findall(r"(?<![\w'’-])[a-zà-ÿ]+", place.text)}
    words = words_on_record(draft, view) | small
    return lambda name: (name.casefold() in said) if " " in name else name.casefold() in words


def find_people(text: str, brief: str = "") -> Iterator[Spot]:
    """Personal data of a text, secrets apart."""
    for spoken in _SPOKEN.finditer(text):
        if spoken.group() not in brief:
            yield Spot(*spoken.span(), "Personal data (an address, spelt out) in the draft's own words.")
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
