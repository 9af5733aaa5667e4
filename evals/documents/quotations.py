"""Finds what a document that was written elsewhere gives as somebody's words: in quotation marks, quoted, after a colon."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evals.documents.blocks import Block, Page
from evals.graders.quote_verbatim import is_saying

_BODY = '[^“”„«»「」『』"＂〝〞〟]{1,2000}'
_SINGLE = r"(?:[^‘’'“”„«»「」『』\"]|(?<=\w)['’](?=\w)){1,2000}"
_MARKS = re.compile(
    rf"“({_BODY})[”“]|„({_BODY})[“”„]|«({_BODY})»|»({_BODY})«|「({_BODY})」|『({_BODY})』|\"({_BODY})[\"”]|”({_BODY})”"
    rf"|＂({_BODY})＂|〝({_BODY})[〞〟]|‹([^‹›]{{1,2000}})›|›([^‹›]{{1,2000}})‹|(?<!\w)[‘‚']({_SINGLE})[’‘'](?!\w)"
)
"""Bodies are bounded and hold no other mark, so that finding them takes linear time in any text."""
_PEOPLE = (
    r"(?:customers?|users?|clients?|people|respondents?|participants?|interviewees?|reviewers?|subscribers?|members?|admins?"
    r"|somebody|someone|one of them|kund\w+|nutzer\w*|anwender\w*|utilisateur\w*|clientes?|usuari\w+|klant\w*)"
)
_VERB = (
    r"(?:says?|said|saying|writes?|wrote|told(?: us| me)?|tells?(?: us)?|reports?|reported|complain(?:s|ed)|asks?|asked|puts? it"
    r"|comment(?:s|ed)|explain(?:s|ed)|mention(?:s|ed)|sagt\w*|schr(?:eibt|ieb)\w*|meint\w*|berichtet\w*|dit|disent|écrit"
    r"|dice\w*|dijo|escribi\w+|zegt|zei)"
)
_SPOKEN = re.compile(rf"\b{_VERB}\b[^.!?]{{0,30}}\Z|\b{_PEOPLE}\b[^.!?]{{0,40}}[:,—–-]\s*\Z", re.IGNORECASE)
_REPORTED = re.compile(
    rf"\b(?:an?|the|one|another|many|some|several|our|ein\w*|un\w*)?\s*{_PEOPLE}\s+(?:\w+\s+)?{_VERB}(?:(?P<that>\s+that)|\s*(?P<colon>:))\s+(?P<words>[^“„«「\"]{{8,600}})",
    re.IGNORECASE,
)
_SCREEN = re.compile(
    r"\b(?:messages?|buttons?|labels?|errors?|banner|tooltip|titles?|titled|named|called|shows?|displays?|reads?|copy|placeholder|links?|dialog"
    r"|screen|menu|option|field|heading|toast|e-?mail|subject|prompt|types?|enters?|clicks?|selects?|term)\b[^.!?]{0,30}\Z",
    re.IGNORECASE,
)
_EVIDENCE = re.compile(
    r"\b(?:evidence|feedback|quotes?|quotations?|verbatims?|voices?|research|interviews?|testimonials?|reviews?|what (?:customers|users|people)"
    r"|kundenstimmen|zitate?|rückmeldung\w*|stimmen|citations?|avis|opiniones|citas)\b",
    re.IGNORECASE,
)
_CALLOUT = re.compile(
    r"\A\W*(?:\[!\w+\]|note|notes|tip|warning|important|caution|info|hint|todo|example|decision|assumption|open question|status|summary|tl;?dr|vision"
    r"|goal|hinweis|achtung|wichtig)\b",
    re.IGNORECASE,
)
_OWN_VOICE = re.compile(
    r"\b(?:I|we|my|our|me|us|ich|wir|mein\w*|unser\w*|je|j['’]|nous|mon|notre|yo|nosotr\w+|nuestr\w+|ik|wij|ons)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s+(?:—|–|--|-)\s*(?P<who>[^—–]{1,120})\Z")


@dataclass(frozen=True)
class Quotation:
    """Words that a document gives as said."""

    words: str
    block: Block
    attributed: bool
    """Whether the document says, by what stands around it, that somebody said it."""
    reported: bool = False
    """Told without quotation marks."""


def quotations(page: Page) -> Iterator[Quotation]:
    """All quotations of a page in reading order. Names of buttons, screens and terms are none."""
    for block in page.blocks:
        if block.kind in ("code", "markup", "heading"):
            continue
        in_marks = list(_in_marks(block))
        yield from in_marks
        if block.quoted and not in_marks:
            yield from _block_quote(block)
        elif not in_marks:
            yield from _reported(block)


def without_quotations(text: str) -> str:
    """The text with what stands in quotation marks overwritten, so that offsets stay."""
    return _MARKS.sub(lambda match: " " * len(match.group()), text)


def _in_marks(block: Block) -> Iterator[Quotation]:
    for cell in block.cells:
        text = "".join(piece.text for piece in cell if piece.kind != "markup")
        for match in _MARKS.finditer(text):
            words = next(filter(None, match.groups())).strip()
            before = text[: match.start()]
            spoken = bool(_SPOKEN.search(before[-80:]))
            if not spoken and _SCREEN.search(before[-60:]):
                continue
            alone = block.quoted or (not before.strip() and bool(_TAIL.search(text[match.end() :])))
            attributed = spoken or alone or bool(_EVIDENCE.search(block.heading))
            if _is_said(before[-200:], words, attributed=attributed):
                yield Quotation(words, block, attributed)


def _is_said(before: str, words: str, *, attributed: bool) -> bool:
    if not re.search(r"[^\W\d_]", words):
        return False
    if _unspaced(words):
        return len(words) >= (4 if attributed else 10)
    return len(words.split()) >= 2 if attributed else is_saying(before, words)


def _unspaced(words: str) -> bool:
    """Whether a script without spaces between words makes up most of it."""
    return sum("\u3040" <= c <= "\u9fff" or "\u0e00" <= c <= "\u0eff" for c in words) * 2 > len(words)


def _block_quote(block: Block) -> Iterator[Quotation]:
    text = block.words
    tail = _TAIL.search(text)
    words = (text[: tail.start()] if tail else text).strip()
    if _CALLOUT.match(words) or not _is_said("", words, attributed=True):
        return
    attributed = tail is not None or bool(_EVIDENCE.search(block.heading)) or bool(_OWN_VOICE.search(words))
    yield Quotation(words, block, attributed)


def _reported(block: Block) -> Iterator[Quotation]:
    for match in _REPORTED.finditer(block.words[:20_000]):
        words = re.split(r"(?<=[.!?])\s", match["words"], maxsplit=1)[0].strip()
        if len(words.split()) >= 3:
            verbatim = match["colon"] is not None and match["that"] is None
            yield Quotation(words, block, verbatim, reported=not verbatim)
