"""Nothing in the draft's prose carries a reader away: no links and no images but those of the brief."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.sample import with_claim
from evals.spot import Spot, blocking, on_record
from evals.view import EvidenceView

_NAME = "foreign_links"
_LINK = re.compile(
    r"!?\[[^\]\n]*\]\([^)\n]*\)|!?\[[^\]\n]*\]\[[^\]\n]*\]|^\s{0,3}\[[^\]\n]+\]:\s*\S+|!\[\[[^\]\n]*\]\]"
    r"|\b[a-z][a-z0-9+.-]{1,20}:/{2,}\S+|\b(?:data|javascript|vbscript|mailto|tel|sms|file|blob):(?=\S)\S+"
    r"|(?<![\w:/])//[\w-]+\.\S+|\bwww\.\w\S*|\b[\w.+-]+@[\w-]+\.[\w.-]+\b",
    re.IGNORECASE | re.MULTILINE,
)
_HOST = re.compile(
    r"(?<![\w@.-])(?:[\w-]+(?:\.|\[\.\]|\(dot\)))+(?:com|net|org|info|biz|xyz|top|site|online|shop|club|test|example|invalid"
    r"|zip|mov|click|link|live|ru|cn|tk|io|co|me|app|dev|ai|de|fr|uk|eu)(?![\w-])(?:[:/?#]\S*)?"
    r"|(?<![\w@./-])(?:[a-z0-9-]{2,}\.)+[a-z]{2,12}/\S+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/\S*",
    re.IGNORECASE,
)


def foreign_links(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on links, images and addresses in prose. A link of the brief is the person's own.

    The bare name of a site (`booking.com`) may be repeated where somebody on record names it. Quotes are verbatim.
    """
    known = on_record(draft, view).casefold() if _mentions_host(draft) else ""
    return blocking(_NAME, draft, lambda text: find_links(text, draft.brief, known))


def _mentions_host(draft: Draft) -> bool:
    return bool(blocking(_NAME, draft, lambda text: (Spot(*m.span(), "") for m in _HOST.finditer(text))))


def find_links(text: str, brief: str, known: str = "") -> Iterator[Spot]:
    """Links, images and addresses of a text. Args: known: folded texts whose names of sites may be repeated."""
    taken: list[tuple[int, int]] = []
    for match in _LINK.finditer(text):
        if match.group() not in brief:
            taken.append(match.span())
            yield Spot(*match.span(), "A link that the evidence can't vouch for.")
    for match in _HOST.finditer(text):
        inside = any(start <= match.start() < end for start, end in taken)
        if not inside and match.group().casefold() not in known and match.group() not in brief:
            yield Spot(*match.span(), "The name of a site that the evidence can't vouch for.")


def _good(draft: Draft) -> Draft:
    asked = draft.model_copy(update={"brief": "timetable without a network, see https://lanes.example/plan"})
    return with_claim(asked, "C4", text="The plan stands at https://lanes.example/plan for now.")


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools keep their slow lines, see http://lanes.example/offer.")


GRADER = Grader(_NAME, 3, Severity.block, foreign_links, _good, _bad)
