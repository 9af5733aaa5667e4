"""A requirement says what shall happen: what shall not happen can't be tested to the end."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.bounds import bounds
from evals.reading.concepts import SHALL, negated
from evals.reading.prose import blank_placeholders
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "negative_requirements"
_INSTEAD = re.compile(r"\b(?:but|instead|unless|until|without|sondern|außer|bis)\b", re.IGNORECASE)
_DENIES = r"\b(?:not|never|no|none|nobody|nothing|neither|cannot|(?:does|do|is|are|ca|wo|must|should)n['’]t|under no circumstances|at no time|in no (?:case|way)|by no means|nicht|nie|kein\w*)\b"
_LACKS = (
    r"\b(?:without|fail(?:s|ing)? to|refus(?:e|es|ing) to|refrain(?:s|ing)? from|omit(?:s|ting)? to|neglect(?:s|ing)? to|avoid(?:s|ing)?|prevent(?:s|ing)?|forbid(?:s|ding)?"
    r"|prohibit(?:s|ing)?|unable|impossible|inaccessible|incomplete|un\w{3,}able|lack(?:s|ing)?|ohne|verhindern|vermeiden|unmöglich)\b"
)
_TWICE = re.compile(
    rf"(?:{_DENIES}|\b(?:refrain|avoid|prevent|forbid|refuse|fail)\w*)(?:(?!\b(?:but|unless|nor|sondern)\b)[^,.;]){{1,60}}?(?:{_DENIES}|{_LACKS})",
    re.IGNORECASE,
)


def negative_requirements(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on a requirement whose only verb is denied, where it neither says what happens instead nor bounds it; and on two
    negations in one clause, whatever else it says.
    """
    return [
        finding
        for block in draft.blocks()
        if isinstance(block, RequirementBlock)
        for finding in _requirement(block, draft.language)
    ]


def _requirement(block: RequirementBlock, language: str) -> Iterator[Finding]:
    plain = blank_placeholders(block.text)
    shall = SHALL.search(plain)
    if shall and _TWICE.search(plain, shall.end()):
        yield _finding(
            block,
            f"{block.id} denies twice, so that its readers have to count the negations.",
            "Say what shall happen, without a negation.",
        )
    elif (
        negated(plain)
        and not _INSTEAD.search(plain, shall.end() if shall else 0)
        and not bounds(plain, language)
    ):
        yield _finding(
            block,
            f"{block.id} says what shall not happen, and no test can show that it never does.",
            "Say what shall happen instead, for example 'If …, the system shall …'.",
        )


def _finding(block: RequirementBlock, message: str, fix: str) -> Finding:
    return Finding(
        grader=_NAME,
        severity=Severity.advise,
        target=block.id,
        message=message,
        evidence=block.text,
        fix=fix,
    )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="The system shall not drop the timetable but keep it on the phone.")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="The system shall not lose the timetable.")


GRADER = Grader(_NAME, 0, Severity.advise, negative_requirements, _good, _bad)
