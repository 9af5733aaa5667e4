"""The draft's prose is plain text: no HTML, no entities that become HTML, no template expressions, no comments."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.plain import back, plain
from evals.reading.spot import Spot, blocking
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "markup"
_MARKUP = re.compile(
    r"<\s*/?\s*[a-zA-Z][^<>\n]*>|<(?:script|iframe|img|svg|style|object|embed|link|meta|base|form)\b|<!--|<!\[CDATA\["
    r"|<[a-z][\w-]*[\s/%][^<>\n]*(?:=|%3d)|<[!?]|%3c[\w/!]|&(?:[lg]t|[lr]par|#\d{1,7}|#x[0-9a-f]{1,6});?|\{\{|\}\}|\{%|%\}|\$\{|<%|<\|[a-z_]{2,20}\|>",
    re.IGNORECASE,
)


def markup(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on tags, comments and template expressions in prose, unless the brief holds the very same."""
    return blocking(_NAME, draft, lambda text: find_markup(text, draft.brief), "Write it as plain text.")


def find_markup(text: str, brief: str) -> Iterator[Spot]:
    """Tags, entities, comments and template expressions of a text."""
    folded, offsets = plain(text)
    for match in _MARKUP.finditer(folded):
        if match.group() not in brief:
            start, end = back(match.span(), offsets) or match.span()
            yield Spot(start, end, "Mark-up stands where plain text should.")


def _good(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools with < 2 lanes & > 1 clock keep their slow lines.")


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools keep their <b>slow</b> lines.")


GRADER = Grader(_NAME, 3, Severity.block, markup, _good, _bad)
