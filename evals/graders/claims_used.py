"""Each claim stands somewhere in the draft, and each quote that one cites in the appendix: what was proven is shown."""

from assistant.domain.draft import Draft, QuotesBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.prose import natural
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "claims_used"


def claims_used(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on a claim that no section shows and no story, requirement, risk or question rests on.

    Advise, too, on a quote that a claim cites and no list of quotes shows, where the draft has such a list.
    """
    return [*_unused(draft), *_unshown(draft)]


def _unused(draft: Draft) -> list[Finding]:
    used = {name for block in draft.blocks() for name in getattr(block, "claim_ids", ())}
    return [
        Finding(
            grader=_NAME,
            severity=Severity.advise,
            target=name,
            message=f"Nothing in the draft uses {name}.",
            evidence=draft.claims[name].text,
            fix=f"Rest a story or requirement on it, show it under the non-goals, or take {name} out.",
        )
        for name in sorted(draft.claims, key=natural)
        if name not in used
    ]


def _unshown(draft: Draft) -> list[Finding]:
    lists = [block.quote_ids for block in draft.blocks() if isinstance(block, QuotesBlock)]
    shown = {name for listed in lists for name in listed}
    cited = {name for claim in draft.claims.values() for name in (*claim.quote_ids, *claim.counter_quote_ids)}
    return [
        Finding(
            grader=_NAME,
            severity=Severity.advise,
            target=name,
            message=f"{name} is cited, and no list of quotes shows it.",
            evidence=draft.quotes[name].text,
            fix=f"Add {name} to the evidence.",
        )
        for name in sorted(cited & draft.quotes.keys(), key=natural)
        if lists and name not in shown
    ]


def _good(draft: Draft) -> Draft:
    return with_claim(draft, "C2", text="The timetable hangs in the morning.")


def _bad(draft: Draft) -> Draft:
    spare = draft.claims["C1"].model_copy(update={"id": "C99"})
    return draft.model_copy(update={"claims": {**draft.claims, "C99": spare}})


GRADER = Grader(_NAME, 2, Severity.advise, claims_used, _good, _bad)
