"""No text is left to be written: TBD, TODO, lorem ipsum, `[insert …]`, braces that nothing fills."""

import re

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.prose import blank_placeholders, places
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "placeholders"
LEFT_OVER = re.compile(
    r"\b(?:TBD|TBC|TODO|FIXME|XXX+|TK)\b"
    r"|(?i:\blorem\s+ipsum\b|\bto be (?:determined|defined|decided|confirmed|added|written|done)\b"
    r"|[\[<(]\s*(?:insert|add|your|placeholder|fill|enter|tbd|todo|name|description|einfügen)\b[^\])>]*[\])>]"
    r"|\bplaceholder text\b|\bcoming soon\b)"
    r"|\{[^}]*\}?|\}|\?\?\?+|_{3,}|⟨[^⟩]*⟩"
)


def placeholders(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on words that stand for text still to come. Quotes aren't looked at: customers may write anything."""
    return [
        Finding(
            grader=_NAME,
            severity=Severity.block,
            target=place.target,
            span=match.span(),
            message=f"'{match.group()[:40]}' stands where text should.",
            fix="Write it, or say in the open questions that it is not known.",
        )
        for place in places(draft)
        for match in LEFT_OVER.finditer(blank_placeholders(place.text))
    ]


def _good(draft: Draft) -> Draft:
    return with_block(draft, "US-1", title="Keep a to-do list of lanes")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "US-1", benefit="TBD")


GRADER = Grader(_NAME, 0, Severity.block, placeholders, _good, _bad)
