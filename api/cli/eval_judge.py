"""`voxspec eval judge`: a language model's opinion of a draft, and what that opinion is worth."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from api.cli.checks import read_draft, stored_draft
from api.cli.eval_label import chain_set
from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.finding import Severity
from assistant.domain.label import Label
from assistant.errors import UsageError
from assistant.workbench import Workbench
from evals.judging.calibration import Card, calibrate, keep_card, sampled
from evals.judging.judge import SILENT, Asked, Judgement, Question, judge_id, judged
from evals.judging.layer4 import NOT_JUDGED, Layer4, judge_draft, questions_of

_DRAFTS = "drafts"
_NO_MODEL = (
    "Set VOXSPEC_MODEL, or 'model' in voxspec.toml, to 'openai:<name>' or 'langchain:<provider>:<name>'."
)


def judge(
    session: Session,
    draft: Annotated[
        str | None,
        Argument(metavar="[DRAFT_ID|FILE]", help="A draft's id or .json file.", show_default=False),
    ] = None,
    calibrate_on: Annotated[
        str | None,
        Option("--calibrate", metavar="SET", help="Hold the judge against labels: of a set, or of 'drafts'."),
    ] = None,
    sample: Annotated[int | None, Option(min=1, help="At most so many labelled things.")] = None,
    out: Annotated[Path | None, Option(metavar="DIR", help="Write the cards there, too.")] = None,
) -> ExitCode:
    """Ask a model about a draft, or calibrate it on labels.

    One closed question at a time. Calibrating measures how far the model agrees with people. Its findings advise. They block only while its calibration card says that κ is 0.60 or more beyond doubt. Exit code 1: a finding
    blocks; 3: not judged.
    """
    if (draft is None) == (calibrate_on is None):
        raise UsageError("Judge a draft, or calibrate.", hint="voxspec eval judge DRAFT_ID | --calibrate SET")
    with session.bench() as bench:
        if calibrate_on is not None:
            return _calibrate(session, bench, calibrate_on, sample, out)
        assert draft is not None
        path = Path(draft)
        held = read_draft(bench, path) if path.suffix.lower() == ".json" else stored_draft(bench, draft)
        with session.output.progress("judging") as progress:
            total, done = len(list(questions_of(held))), 0

            def heard(_one: Judgement) -> None:
                nonlocal done
                done += 1
                progress(done, total, "judging")

            found = judge_draft(bench, held, heard)
    return _show(session, found)


def _show(session: Session, found: Layer4) -> ExitCode:
    answered = any(not one.problem for one in found.judgements)
    if session.as_json:
        cards = {
            question.value: card.model_dump(mode="json") if card else None
            for question, card in found.cards.items()
        }
        session.output.json(
            {
                "state": found.state,
                "counts": found.counts(),
                "judgements": [one.model_dump(mode="json") for one in found.judgements],
                "findings": [one.model_dump(mode="json") for one in found.findings],
                "cards": cards,
            }
        )
    elif found.state == NOT_JUDGED:
        session.output.say("not judged: no language model is set.")
        session.output.note(_NO_MODEL)
    else:
        if found.findings:
            session.output.table(
                ["severity", "grader", "target", "problem", "judge"],
                [[f.severity.value, f.grader, f.target, f.message, f.evidence] for f in found.findings],
            )
        for question, counts in found.counts().items():
            said = ", ".join(f"{number} {answer}" for answer, number in counts.items() if number)
            card = found.cards.get(Question(question))
            session.output.say(f"{question}: {said} ({card.summary if card else 'never calibrated'})")
    if any(one.severity is Severity.block for one in found.findings):
        return ExitCode.failed
    return ExitCode.ok if answered else ExitCode.unavailable


def _calibrate(
    session: Session, bench: Workbench, name: str, sample: int | None, out: Path | None
) -> ExitCode:
    if bench.model is None:
        raise UsageError("There is no model to calibrate.", hint=_NO_MODEL)
    asked, labels = _labelled(bench, name)
    wanted = sampled(labels, sample)
    if not wanted:
        raise UsageError(
            "Nobody has labelled any of it yet.", hint="voxspec eval label --draft ID --rater NAME"
        )
    questions = [asked[pair] for pair in wanted if pair in asked]
    answers: list[Judgement] = []
    with session.output.progress("calibrating") as progress:
        for one in judged(bench.model, questions):
            answers.append(one)
            progress(len(answers), len(questions), "calibrating")
    if silent := sum(one.problem in SILENT for one in answers):
        session.output.note(
            f"{silent} of {len(answers)} questions had no reply; no card was made. What was answered is kept: run it again."
        )
        return ExitCode.unavailable
    cards = list(_cards(bench.model.name, labels, answers, name))
    for card in cards:
        keep_card(bench.catalog.calls, bench.workspace, card)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            safe = "".join(c if c.isalnum() or c in ".-" else "_" for c in card.model)
            path = out / f"{card.question}.{safe}.{card.prompt_sha256[:8]}.json"
            path.write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
    if session.as_json:
        session.output.json({"cards": [card.model_dump(mode="json") for card in cards]})
    else:
        session.output.table(
            ["question", "labels", "wrong", "κ", "95 %", "sees", "lets pass", "unsure", "error", "may gate"],
            [_row(card) for card in cards],
        )
    return ExitCode.ok


def _labelled(bench: Workbench, name: str) -> tuple[dict[tuple[str, str], Asked], list[Label]]:
    """Questions by what a label calls them, question and item; and the labels about them."""
    own = bench.catalog.labels.labels(bench.workspace, "judge:")
    if name != _DRAFTS:
        held = chain_set(name)
        here = [one for one in own if one.item.startswith(f"{name}/")]
        of_set = {(f"judge:{one.question}", one.item): one for one in held.asked().values()}
        return of_set, [*held.labels, *here]
    asked: dict[tuple[str, str], Asked] = {}
    for version in sorted({one.item.partition("#")[0] for one in own if "@" in one.item}):
        draft_id, _, number = version.partition("@")
        draft = bench.catalog.drafts.get(bench.workspace, draft_id, int(number)) if number.isdigit() else None
        for one in questions_of(draft) if draft else ():
            asked[f"judge:{one.question}", f"{version}#{one.item}"] = one
    return asked, [one for one in own if (one.question, one.item) in asked]


def _cards(model: str, labels: list[Label], answers: list[Judgement], source: str) -> Iterable[Card]:
    for question in Question:
        if any(one.question is question for one in answers):
            yield calibrate(judge_id(model, question), question, labels, answers, source)


def _row(card: Card) -> list[object]:
    return [
        card.question.value,
        card.n,
        "—" if card.prevalence is None else f"{card.prevalence:.0%}",
        "—" if card.kappa is None else f"{card.kappa:.2f}",
        f"{card.kappa_low:.2f} to {card.kappa_high:.2f}",
        f"{card.sensitivity.part}/{card.sensitivity.whole}",
        f"{card.specificity.part}/{card.specificity.whole}",
        card.unsure,
        card.errors,
        "yes" if card.may_gate else "no",
    ]
