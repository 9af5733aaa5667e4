"""Words that point at what stands elsewhere: `see table 2`, `as in the other story`, `per the attached sheet`. English, German where simple.

A reader who has only this sentence doesn't know what is meant. Which of it may resolve is for the caller to say.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_PART = (
    r"(?:(?:sub-?)?sections?|chapters?|paragraphs?|appendix|appendices|annex(?:es)?|figures?|diagrams?|illustrations?|footnotes?|scenarios?|stor(?:y|ies)|requirements?"
    r"|criteri(?:on|a)|bullets?|clauses?)"
)
"""What a document consists of."""
_PAPER = (
    r"(?:spec(?:ification)?s?|mock-?ups?|wire-?frames?|sketch(?:es)?|sheets?|minutes|memos?|wiki(?: page)?|attachments?|enclosures?|hand-?outs?|slides?|decks?|papers?"
    r"|documents?|drawings?|charts?|tables?|tickets?|threads?|meetings?|workshops?|discussions?|e-?mails?|mails?)"
)
"""Where else something may have been written down or said."""
_OTHER = r"(?:other|previous|last|latest|old|older|earlier|prior|next|former|original|preceding|first|second|third|neighbou?ring|existing|attached|enclosed|above)"
_TOLD = (
    r"(?:mentioned|described|stated|defined|listed|shown|depicted|illustrated|outlined|specified|discussed|agreed|explained|noted|documented|presented|decided|detailed"
    r"|indicated|sketched|drawn|set out|laid out|laid down|spelled out|written down|talked about|promised)"
)
_SEE = r"(?:see|cf\.?|refer to|consult|compare|have a look at|look at|siehe|vgl\.?)"
_WHERE = r"(?:above|below|overleaf|earlier|before|previously|elsewhere|opposite|further (?:up|down|on)|already|there|oben|unten)"
_THE = r"(?:(?:the|our|your|its|that|this|an?) )?"
_STOPS = r"(?=\W*\Z|[,.;:)]| (?:overleaf|above|below|attached|of|in|on|at|by|from|with|and|or|that|which|we|they|who|here|there|\d))"
"""What may follow a noun that isn't the first half of another one: `the table`, not `the table order`."""
_SAME = r"(?:(?:just|exactly|much|quite|precisely) )?(?:as|like|(?:the )?same as|similar(?:ly)? to|analogous(?:ly)? to|identical(?:ly)? to|the way)"
_AT_DOCUMENT = re.compile(
    rf"(?<!\w)(?:overleaf|ibid\.?|hereinafter|hereinabove|(?:afore|above)[- ]?(?:mentioned|said|named|described|listed|cited)"
    rf"|{_THE}(?:attached|enclosed|above|accompanying|preceding|foregoing) (?:\w+ )?{_PART}"
    rf"|{_PART} (?:above|below|overleaf|opposite|at the end|on the (?:next|previous|following|last) page|further (?:up|down))"
    rf"|(?:as per|per (?=the |our |your |its )|according to|in accordance with|in line with|in keeping with|pursuant to|conforming to|as (?:\w+ )?(?:in|on|at)) ?{_THE}(?:\w+[- ]){{0,2}}?(?:{_PART}|{_PAPER}){_STOPS}"
    rf"|as {_TOLD} (?:in|on|at|under|during) {_THE}(?:\w+[- ]){{0,2}}?(?:{_PART}|{_PAPER}){_STOPS}|{_TOLD} (?:in|on|at|under) {_THE}(?:\w+[- ]){{0,2}}?{_PART}{_STOPS}"
    rf"|as (?:discussed|agreed|decided|promised|talked about|arranged|settled)(?: (?:with|by|between|among) [^,.;]*)?(?=\W*\Z|[,.;:)])|as {_TOLD}(?: {_WHERE})?(?=\W*\Z|[,.;:)])|(?:as )?{_TOLD} (?:above|below|overleaf|earlier|previously|elsewhere)(?=\W*\Z|[,.;:)]| (?:shall|must|is|are|and|for)\b)|(?:mentioned|described|stated|defined) before(?=\W*\Z|[,.;:)])"
    rf"|siehe (?:oben|unten)|(?:wie )?oben (?:genannt|beschrieben|erwähnt)\w*|vorstehend\w*)(?!\w)"
    rf"|(?:\A|[(\[]|[,;:–-] )(?:please )?{_SEE} (?:{_WHERE}|{_THE}(?:\w+[- ]){{0,2}}?(?:{_PART}|wiki|spec\w*|mock-?ups?|wire-?frames?|tickets?|threads?|minutes|attachments?))\b[^,.;)]*",
    re.IGNORECASE,
)
_AT_EARLIER = re.compile(
    rf"(?<!\w)(?:{_SAME} (?:it (?:is|was) )?(?:in|on|for|with|under|at) {_THE}(?:\w+[- ])?{_OTHER}(?: (?!and\b|or\b|to\b)[\w-]+){{0,2}}"
    rf"|{_SAME} (?:before(?! (?:the|an?|I|it|they|we|you|he|she|my|their)\b)|above|below|ever|usual|always|today|previously|hitherto|elsewhere)"
    rf"|(?:the )?same as {_THE}{_OTHER}(?: [\w-]+)?|ditto|idem|the same (?:again|applies|goes|holds|happens|thing)(?: (?:here|there|again|as before))?"
    r"|the above|(?:the )?(?:former|latter)(?= (?:shall|must|is|are|case|option)\b|\W*\Z)|(?:the )?previous (?:requirement|story|point|one)|letztere[rsn]?)(?!\w)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?<!\w)(?:(?P<part>section|chapter|paragraph|appendix|annex|footnote|scenario|story|requirement|criterion|clause)s?|(?:see|cf\.?|in|from|under|per|as in|of|by|to)"
    r" (?:the )?(?P<shown>table|figure|fig\.|diagram|chart|slide|sheet|page)|(?P<mark>§))\s?(?:no\.? ?)?(?P<number>\d+(?:\.\d+)*|(?-i:[A-HJ-Z]|[IVX]{2,})(?!\w))",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<![\w-])(?:US|N?FR|OQ|AC)-\d+(?!\w)")
_QUOTED = re.compile(r"“[^”]*”")


class Reference(NamedTuple):
    """Words that point elsewhere: offsets, end exclusive, and what they say."""

    start: int
    end: int
    said: str
    part: str = ""
    """Of a numbered reference the kind of part: `section`, `table`; `id` for `US-14`."""
    number: str = ""


def at_documents(text: str) -> Iterator[Reference]:
    """References to another part of a document, or to another document, without a number."""
    yield from _found(_AT_DOCUMENT, text)


def at_earlier(text: str) -> Iterator[Reference]:
    """Comparisons with what was before or is elsewhere: `as before`, `like in the old release`, `the latter`."""
    yield from _found(_AT_EARLIER, text)


def numbered(text: str) -> Iterator[Reference]:
    """References by number or id: `section 9`, `see table 2`, `US-14`. Names in quotation marks are left alone."""
    plain = _without_names(text)
    for match in _NUMBERED.finditer(plain):
        part = (match["part"] or match["shown"] or "section").casefold()
        yield Reference(*match.span(), match.group(), part, match["number"])
    for match in _NAMED.finditer(plain):
        yield Reference(*match.span(), match.group(), "id", match.group())


def without_references(text: str) -> str:
    """What a text says itself."""
    spans = [ref[:2] for find in (at_documents, at_earlier, numbered) for ref in find(text)]
    return "".join(
        " " if any(start <= place < end for start, end in spans) else letter
        for place, letter in enumerate(text)
    )


def _found(pattern: re.Pattern[str], text: str) -> Iterator[Reference]:
    for match in pattern.finditer(_without_names(text)):
        yield Reference(*match.span(), match.group().strip())


def _without_names(text: str) -> str:
    return _QUOTED.sub(lambda match: "·" * len(match.group()), text)
