"""What a case's draft says against what the case expects: pure, from a checked draft to its result."""

from collections.abc import Iterator, Mapping, Sequence

from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.finding import Opinion, Severity, Verdict
from evals.cases.case import Case, EvalSet, Expect, Nugget
from evals.language.match import fold
from evals.reading.prose import natural, places
from evals.runs.outcome import CaseResult, Cited, Outcome, Problem, Recall


def result_of(draft: Draft, case: Case, held: EvalSet, external: Mapping[str, str]) -> CaseResult:
    """Hold a checked draft against the case's expectations and the set's gates.

    Args:
        external: record id → external id.
    """
    assert draft.report is not None
    report, expect = draft.report, case.expect
    said, cited = _said(draft), _cited(draft, external)
    gates = held.spec.graders
    findings = tuple(
        one.model_copy(update={"severity": gates.get(one.grader, one.severity)}) for one in report.findings
    )
    blocking = [f"{one.grader}: {one.message}" for one in findings if one.severity is Severity.block]
    abstained = report.verdict is Verdict.not_enough_evidence
    misses = (*blocking, *_misses(expect, abstained, said, {one.external_id for one in cited}))
    outcome = Outcome.failed if misses else Outcome.passed
    if abstained and not expect.abstain and not blocking:
        outcome = Outcome.abstained
    problem = None
    if outcome is Outcome.passed and report.opinion and not report.opinion.is_conclusive:
        # What a judge leaves open is no pass. What code found before stands without it.
        outcome, problem = Outcome.error, _left_open(report.opinion)
    answers = not abstained
    return CaseResult(
        case_id=case.id,
        asked=digest(case),
        ask=case.ask,
        about=case.about,
        outcome=outcome,
        verdict=report.verdict,
        misses=misses,
        findings=findings,
        nuggets=_recalled(expect.nuggets, said) if answers else None,
        vital=_recalled([one for one in expect.nuggets if one.importance == "vital"], said)
        if answers
        else None,
        cited=_recall_of_citing(expect, cited) if answers else None,
        quotes=cited,
        draft=digest(draft),
        problem=problem,
    )


def _left_open(opinion: Opinion) -> Problem:
    return Problem(
        code="judge-inconclusive",
        message=f"The judge is {opinion.summary}.",
        hint="Run it again if the judge couldn't be heard; else look at the draft yourself, or take another judge.",
    )


def _misses(expect: Expect, abstained: bool, said: str, cited: set[str]) -> Iterator[str]:
    if abstained and not expect.abstain:
        # What else it doesn't say follows from that.
        yield "It says not enough evidence."
        return
    if expect.abstain and not abstained:
        yield "It should say that there is not enough evidence."
    for entry in expect.must_cite:
        if not cited & set(entry.split("|")):
            yield f"It should cite {entry.replace('|', ' or ')}."
    for name in sorted(cited & set(expect.must_not_cite)):
        yield f"It must not cite {name}."
    for theme in expect.themes:
        if not _says(said, theme):
            yield f"It should speak of {theme.replace('|', ' or ')}."
    for nugget in expect.nuggets:
        if nugget.importance == "vital" and not _says(said, nugget.says):
            yield f"It should say {nugget.says.replace('|', ' or ')}."


def _recalled(nuggets: Sequence[Nugget], said: str) -> Recall | None:
    found = sum(_says(said, nugget.says) for nugget in nuggets)
    return Recall(found=found, of=len(nuggets)) if nuggets else None


def _recall_of_citing(expect: Expect, cited: Sequence[Cited]) -> Recall | None:
    names = {one.external_id for one in cited}
    found = sum(bool(names & set(entry.split("|"))) for entry in expect.must_cite)
    return Recall(found=found, of=len(expect.must_cite)) if expect.must_cite else None


def _cited(draft: Draft, external: Mapping[str, str]) -> tuple[Cited, ...]:
    named = [
        Cited(
            external_id=external.get(quote.record_id, quote.record_id),
            start=quote.start,
            end=quote.end,
            text=quote.text,
        )
        for quote in draft.quotes.values()
    ]
    return tuple(sorted(set(named), key=lambda one: (natural(one.external_id), one.start, one.end)))


def _said(draft: Draft) -> str:
    texts = [*(place.text for place in places(draft)), *(quote.text for quote in draft.quotes.values())]
    return (" " + fold(" ".join(texts))).replace('"', " ")


def _says(said: str, words: str) -> bool:
    return any(f" {fold(word)}" in said for word in words.split("|"))
