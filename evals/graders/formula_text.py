"""No text of the draft is a formula: a spreadsheet that opens an export of it calculates nothing and calls nothing."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.spot import Spot, blocking
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "formula_text"
_FORMULA = re.compile(
    r"\A[\s'\"]*(?:[=＝]\s*[^\s=>]\S*|[+\-@＋－＠]\s*(?:[A-Za-z_][\w.]*[(!|]|\d[\d.]*\s*[+\-*/^]\s*[A-Za-z(])[^\n]*)"
    r"|\b(?:HYPERLINK|IMPORT(?:XML|DATA|HTML|FEED|RANGE)|WEBSERVICE|DDE|REGISTER\.ID|CALL)\s*\(|\b(?:cmd|powershell|mshta|rundll32)\s*\|",
)
"""OWASP's beginnings of a formula; a plus or minus alone begins honest texts (`+12`, `- a point`)."""


def formula_text(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on texts that a spreadsheet would run."""
    return blocking(_NAME, draft, find_formulas, "Write it as words.")


def find_formulas(text: str) -> Iterator[Spot]:
    """Where a text is a formula."""
    for match in _FORMULA.finditer(text):
        yield Spot(*match.span(), "A spreadsheet would run this as a formula.")


def _good(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="- Pools (call them) keep their slow lines = no change.")


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text='=HYPERLINK("//lanes";"Pools")')


GRADER = Grader(_NAME, 3, Severity.block, formula_text, _good, _bad)
