"""A judge's opinion as part of a draft's report: asked for, kept, and rated anew by the judge's card of now.

Code checks first and last. A judge can hold a draft up only by a finding of a question that its calibration card lets it gate on; what
it leaves open is told and is no pass; what it says changes no word of the draft.
"""

from collections.abc import Callable, Iterator

from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport, Finding, Opinion
from assistant.errors import ModelError, UsageError
from assistant.llm.cache import RESTS_ON
from assistant.settings import Settings
from assistant.workbench import Workbench
from evals.check import with_findings
from evals.judging.calibration import Card, card_of
from evals.judging.judge import SILENT, Answer, Judgement, Question, judge_id
from evals.judging.layer4 import GRADER, NOT_JUDGED, Layer4, judge_draft, questions_of, rated

OFF = "off"


def judges_drafts(settings: Settings) -> bool:
    """Whether each new draft is to be judged."""
    return settings.judge != OFF


def judge_of(settings: Settings) -> str | None:
    """The model that would judge under these settings, whether or not it is asked by itself; None: there is none."""
    if settings.judge not in (OFF, "model"):
        return settings.judge
    return None if settings.model == "extractive" else settings.model


def with_opinion(
    bench: Workbench,
    draft: Draft,
    report: CheckReport,
    heard: Callable[[Judgement], None] = lambda _one: None,
) -> CheckReport:
    """The report with what the workspace's judge says of the draft. A judge that can't be asked at all is inconclusive, never an error:
    the draft is there and checked.

    Args: report: of the graders of code. Returns: the same report where there is no judge.
    Raises: StoreError.
    """
    bare = without_opinion(draft, report)
    try:
        found = judge_draft(bench, draft, heard)
    except (UsageError, ModelError) as problem:
        # It refuses the key, or isn't there: the same for every question.
        asked = len(list(questions_of(draft)))
        opinion = Opinion(
            model=judge_of(bench.settings) or "the judge",
            judges={},
            asked=asked,
            errors=asked,
            problems=(problem.code,),
        )
        return bare.model_copy(update={"opinion": opinion})
    if found.state == NOT_JUDGED or bench.judge is None:
        return bare
    opinion = _opinion(bench.judge.name, found)
    return with_findings(bare, draft, found.findings).model_copy(update={"opinion": opinion})


def keep_opinion(bench: Workbench, draft: Draft, report: CheckReport) -> None:
    """Keep what a judge said later of a stored version, beside it: the version stays as it was written. What it said last counts.

    An erasure takes it away with the other answers that rest on the record. Raises: StoreError.
    """
    if report.opinion is None:
        return
    told = tuple(one.model_copy(update={"overruled": None}) for one in report.findings if is_of_judge(one))
    kept = CheckReport(verdict=report.verdict, findings=told, opinion=report.opinion)
    number, last = _told_later(bench, draft)
    if kept != (last or draft.report):
        records = sorted({quote.record_id for quote in draft.quotes.values()})
        entry = {"report": kept.model_dump_json(), RESTS_ON: records}
        bench.catalog.calls.put(bench.workspace, _later_key(draft, number), entry)


def _told_later(bench: Workbench, draft: Draft) -> tuple[int, CheckReport | None]:
    """How often a judge was asked about this version after it was written, and what it said last."""
    number, last = 0, None
    while (entry := bench.catalog.calls.get(bench.workspace, _later_key(draft, number))) is not None:
        number, last = number + 1, entry
    return number, CheckReport.model_validate_json(last["report"]) if last else None


def _later_key(draft: Draft, number: int) -> str:
    return digest("judge-opinion", draft.id, draft.version, number)


def kept_opinion(bench: Workbench, draft: Draft, report: CheckReport) -> CheckReport:
    """A new report of the graders of code, with what a judge said last of this very version: when it was written, or asked later."""
    held = _told_later(bench, draft)[1] or draft.report
    if held is None or held.opinion is None:
        return report
    told = [one for one in held.findings if is_of_judge(one)]
    merged = with_findings(without_opinion(draft, report), draft, told)
    return rerated(bench, draft, merged.model_copy(update={"opinion": held.opinion}))


def rerated(bench: Workbench, draft: Draft, report: CheckReport) -> CheckReport:
    """The report with a judge's findings worth what its card of now says: a judge that was demoted advises, also on what it said before."""
    opinion = report.opinion
    if opinion is None:
        return report
    cards = dict(_cards_of_now(bench, opinion))
    gates = tuple(name for name, card in cards.items() if card and card.may_gate)
    others = without_opinion(draft, report)
    told = [
        rated(one, cards.get(one.grader.removeprefix(GRADER)), opinion.model)
        for one in report.findings
        if is_of_judge(one)
    ]
    now = opinion.model_copy(update={"gates": gates})
    return with_findings(others, draft, told).model_copy(update={"opinion": now})


def cards_of(bench: Workbench, model: str) -> dict[Question, Card]:
    """What the workspace knows of a model as a judge, by question."""
    found = {
        question: card_of(bench.catalog.calls, bench.workspace, judge_id(model, question), question)
        for question in Question
    }
    return {question: card for question, card in found.items() if card}


def without_opinion(draft: Draft, report: CheckReport) -> CheckReport:
    """The report of code alone."""
    if report.opinion is None and not any(map(is_of_judge, report.findings)):
        return report
    kept = tuple(one for one in report.findings if not is_of_judge(one))
    bare = report.model_copy(update={"findings": kept, "opinion": None})
    return with_findings(bare, draft, ())


def is_of_judge(finding: Finding) -> bool:
    """Whether a judge made it, no grader of code."""
    return finding.grader.startswith(GRADER) and finding.grader.removeprefix(GRADER) in set(Question)


def holds_up(report: CheckReport) -> bool:
    """Whether a judge that may gate left a question open on which it does: not ready then, though nothing is known to be wrong."""
    opinion = report.opinion
    return opinion is not None and bool(set(opinion.open) & set(opinion.gates))


def was_silent(report: CheckReport | None) -> bool:
    """Whether the judge was asked and not heard at all."""
    opinion = report.opinion if report else None
    return opinion is not None and 0 < opinion.asked == opinion.errors and set(opinion.problems) <= SILENT


def _opinion(model: str, found: Layer4) -> Opinion:
    left = {one.question.value for one in found.judgements if one.answer in (Answer.unsure, Answer.error)}
    return Opinion(
        model=model,
        judges={question.value: str(judge_id(model, question)) for question in sorted(found.cards)},
        gates=tuple(
            question.value for question, card in sorted(found.cards.items()) if card and card.may_gate
        ),
        asked=len(found.judgements),
        unsure=sum(one.answer is Answer.unsure for one in found.judgements),
        errors=sum(one.answer is Answer.error for one in found.judgements),
        open=tuple(sorted(left)),
        problems=tuple(sorted({one.problem for one in found.judgements if one.problem})),
    )


def _cards_of_now(bench: Workbench, opinion: Opinion) -> Iterator[tuple[str, Card | None]]:
    """By question that was asked: the judge's card, None where its prompt is another one by now."""
    for name, judge in opinion.judges.items():
        if name not in set(Question):
            continue
        question = Question(name)
        who = judge_id(opinion.model, question)
        known = str(who) == judge
        yield name, card_of(bench.catalog.calls, bench.workspace, who, question) if known else None
