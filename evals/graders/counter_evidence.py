"""Who is content is heard beside those who complain: what was counted against a need is told in words, not in a table alone."""

from math import ceil

from assistant.domain.draft import Claim, Draft, Stance
from assistant.domain.fact import Selection
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.needs import needs
from evals.reading.prose import placeholders
from evals.reading.voices import person_of
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "counter_evidence"
_HEARD = 3
_SHARE = 0.1
"""From so many people on, or so large a share of the troubled, those who are content must be heard."""


def counter_evidence(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block where a claim tells of those whom a need troubles, and none of those whom the draft itself counts as content with it.

    Told is a side where a claim counts or quotes it, for or against. Praise is heard from three people on, or a tenth of the troubled.
    """
    return [
        Finding(
            grader=_NAME,
            severity=Severity.block,
            target=telling[0],
            message=f"Of those close to “{need.name}” some are content, and no claim tells of them.",
            evidence=", ".join(need.content.record_ids[:5]),
            fix="Tell it with its count and a quote, next to what it speaks against.",
        )
        for need in needs(draft)
        if need.content.record_ids
        and (
            telling := [key for key, claim in draft.claims.items() if _in_detail(draft, claim, need.troubled)]
        )
        and _people(need.content, view) >= min(_HEARD, ceil(_SHARE * _people(need.troubled, view)))
        and not any(_tells(draft, claim, need.content) for claim in draft.claims.values())
    ]


def _people(side: Selection, view: EvidenceView) -> int:
    """How many people wrote the records of a side; a record of nobody known is one."""
    return len({person_of(record_id, view) for record_id in side.record_ids})


def _in_detail(draft: Draft, claim: Claim, side: Selection) -> bool:
    """Whether a claim counts a side and lets one of it speak."""
    return _counts(draft, claim, side) and _quotes(draft, claim.quote_ids, side)


def _tells(draft: Draft, claim: Claim, side: Selection) -> bool:
    return _counts(draft, claim, side) or _quotes(draft, (*claim.quote_ids, *claim.counter_quote_ids), side)


def _counts(draft: Draft, claim: Claim, side: Selection) -> bool:
    shown = placeholders(claim.text)
    return any(draft.facts[name].filter.selection == side.id for name in shown if name in draft.facts)


def _quotes(draft: Draft, names: tuple[str, ...], side: Selection) -> bool:
    return any(draft.quotes[name].record_id in side.record_ids for name in names if name in draft.quotes)


def _good(draft: Draft) -> Draft:
    rule = "of those close to «timetable»: the ones that "
    troubled = draft.selections["S1"].model_copy(
        update={"rule": f"{rule}complain, ask for something or name a failure"}
    )
    content = Selection(id="S2", rule=f"{rule}praise it", record_ids=("rec_d",))
    return draft.model_copy(update={"selections": {"S1": troubled, "S2": content}})


def _bad(draft: Draft) -> Draft:
    return with_claim(
        _good(draft),
        "C3",
        text="Most who write are affected ({F3}).",
        stance=Stance.supported,
        counter_quote_ids=(),
    )


GRADER = Grader(_NAME, 1, Severity.block, counter_evidence, _good, _bad)
