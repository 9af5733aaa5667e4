"""Nothing in the draft's prose carries a reader away: no links and no images but those of the brief."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.plain import back, plain
from evals.reading.prose import places
from evals.reading.spot import Spot, blocking, on_record
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "foreign_links"
_LINK = re.compile(
    r"!?\[[^\]\n]*\]\([^)\n]*\)|!?\[[^\]\n]*\]\[[^\]\n]*\]|^\s{0,3}\[[^\]\n]+\]:\s*\S+|!\[\[[^\]\n]*\]\]"
    r"|\b[a-z][a-z0-9+.-]{1,20}:/{2,}\S+|\b(?:data|javascript|vbscript|mailto|tel|sms|file|blob):(?=\S)\S+"
    r"|(?<![\w:/])//[\w-]+\.\S+|\bwww\.\w\S*|\b[\w.+-]+@[\w-]+\.[\w.-]+\b",
    re.IGNORECASE | re.MULTILINE,
)
_TOP = (
    "com|net|org|info|biz|xyz|top|site|online|shop|store|club|test|example|invalid|localhost|onion|zip|mov|click|link|live|cloud|tech|website|blog|wiki"
    "|ru|cn|tk|io|co|me|app|dev|ai|gg|ly|tv|cc|gl|de|ch|fr|uk|eu|nl|es|pl|se|dk|fi|jp|kr|br|mx|ca|au|nz|edu|gov|mil|xn--[a-z0-9-]+"
)
_SAID_TOP = "com|net|org|info|biz|xyz|io|co|test|example|invalid|dev|eu|uk|ch|fr|de|nl|ru|cn|edu|gov"
"""Ends of names of sites that are no words after a `dot` that is written out."""
_DOT = r"(?:\s*[\[({<]\s*(?:\.|dot|punkt|point|punto)\s*[\])}>]\s*|\s+(?:dot|punkt)\s+)"
"""A dot that no browser sees, and every reader."""
_HOST = re.compile(
    rf"(?<![\w@.-])(?:[\w-]+(?:\.|\[\.\]|\(dot\)))+(?:{_TOP})(?![\w-])(?:[:/?#]\S*)?"
    r"|(?<![\w@./-])(?:[a-z0-9-]{2,}\.)+[a-z]{2,12}/\S+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/\S*",
    re.IGNORECASE,
)
_DISGUISED = re.compile(
    rf"\b[\w-]+(?:{_DOT}[\w-]+)*{_DOT}(?:{_SAID_TOP})\b(?:\s+slash\s+\S+)*|\b[\w-]+{_DOT}[\w-]+\s+slash\s+\S+"
    r"|\bh(?:xx|xt|tx)ps?\b|\bhttps?\s+(?:colon|doppelpunkt)\b|\b(?:colon\s+)?slash\s+slash\b|\bwww\s+(?:dot|punkt)\b|\b[a-z]{2,10}\s*(?:\[:\]|\(:\))\s*/{1,2}\S*"
    r"|\b\d{1,3}(?:\s*(?:[\[(]\.[\])]|[\[( ](?:dot|punkt)[\]) ])\s*\d{1,3}){3}\b",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"\b(?:on|via|over|through|per|bei|auf|über|sur|en)\s+(?:telegram|whats-?app|signal|discord|wechat|mastodon|viber|skype|threema|instagram|tiktok|twitter|facebook|linkedin|reddit|bluesky)\b"
    r"\s*(?:(?:as|under|at|als|unter)\b|[:@/(])\s*\S+"
    r"|\b(?:scan|snap)\b[^.;]{0,30}\b(?:qr|code)\b",
    re.IGNORECASE,
)


def foreign_links(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on links, images and addresses in prose, however they are written. A link of the brief is the person's own.

    The bare name of a site (`booking.com`) may be repeated where somebody on record names it. Quotes are verbatim.
    """
    known = on_record(draft, view).casefold() if _mentions_host(draft) else ""
    return blocking(_NAME, draft, lambda text: find_links(text, draft.brief, known))


def _mentions_host(draft: Draft) -> bool:
    return any(_HOST.search(plain(place.text)[0]) for place in places(draft))


def find_links(text: str, brief: str, known: str = "") -> Iterator[Spot]:
    """Links, images and addresses of a text. Args: known: folded texts whose names of sites may be repeated."""
    taken: list[tuple[int, int]] = []
    folded, offsets = plain(text)
    for pattern in (_LINK, _DISGUISED, _REACHED):
        for match in pattern.finditer(folded):
            inside = any(start <= match.start() < end for start, end in taken)
            if not inside and match.group() not in brief:
                taken.append(match.span())
                yield _spot(match, offsets, "A link that the evidence can't vouch for.")
    for match in _HOST.finditer(folded):
        inside = any(start <= match.start() < end for start, end in taken)
        if not inside and match.group().casefold() not in known and match.group() not in brief:
            yield _spot(match, offsets, "The name of a site that the evidence can't vouch for.")


def _spot(match: re.Match[str], offsets: list[int] | None, message: str) -> Spot:
    start, end = back(match.span(), offsets) or match.span()
    return Spot(start, end, message)


def _good(draft: Draft) -> Draft:
    asked = draft.model_copy(update={"brief": "timetable without a network, see https://lanes.example/plan"})
    return with_claim(asked, "C4", text="The plan stands at https://lanes.example/plan for now.")


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools keep their slow lines, see http://lanes.example/offer.")


GRADER = Grader(_NAME, 3, Severity.block, foreign_links, _good, _bad)
