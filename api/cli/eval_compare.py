"""`voxspec eval compare`: two runs of the same sets, and only what changed between them."""

from pathlib import Path
from typing import Annotated

from typer import Argument

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.errors import InputRejected, NotFound
from evals.runs.compare import Comparison, Direction
from evals.runs.compare import compare as compare_runs
from evals.runs.outcome import EvalRun, load_run
from evals.runs.stats import Difference

_FIGURES = {
    "passed": "cases that pass",
    "vital": "vital nuggets said",
    "nuggets": "nuggets said",
    "cited": "cited as asked",
}


def compare(
    session: Session,
    before: Annotated[Path, Argument(metavar="BEFORE.json", help="A run, as 'eval run --out' wrote it.")],
    after: Annotated[Path, Argument(metavar="AFTER.json", help="A later run of the same sets.")],
) -> ExitCode:
    """Compare two runs case by case: what changed, how surely.

    Exit code 1: a case that passed before doesn't now, whatever else got better; 3: cases broke off, so nothing is known of them.
    """
    compared = compare_runs(read_run(before), read_run(after))
    if session.as_json:
        session.output.json(compared.model_dump(mode="json"))
    else:
        tell_comparison(session, compared)
    if compared.worse:
        return ExitCode.failed
    return ExitCode.unavailable if compared.broken_off else ExitCode.ok


def read_run(path: Path) -> EvalRun:
    """A run from its file. Raises: NotFound, InputRejected."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError) as problem:
        raise NotFound(
            f"There is no file '{path}'.", hint="voxspec eval run … --out FILE.json writes one."
        ) from problem
    except UnicodeDecodeError as problem:
        raise InputRejected(f"'{path}' isn't UTF-8 text.", hint="Save it as UTF-8.") from problem
    return load_run(text, path.name)


def _sureness(difference: Difference) -> str:
    if difference.low == difference.high == 0:
        return "the same"
    return "more than chance" if difference.is_sure else "could be chance"


def tell_comparison(session: Session, compared: Comparison) -> None:
    """The changed verdicts, those that got worse first; then the differences with their intervals."""
    order = list(Direction)[::-1]
    rows = [
        [
            one.direction.value,
            f"{one.set_name}/{one.case_id}",
            f"{one.before.value} → {one.after.value}",
            " ".join(one.come) or " ".join(f"no longer: {miss}" for miss in one.gone),
        ]
        for one in sorted(compared.changed, key=lambda one: order.index(one.direction))
    ]
    if rows:
        session.output.table(["", "case", "verdict", "why"], rows)
    figures = [
        [
            told,
            f"{100 * one.mean:+.1f}",
            f"{100 * one.low:+.1f} to {100 * one.high:+.1f}",
            _sureness(one),
            one.pairs,
        ]
        for name, told in _FIGURES.items()
        if (one := compared.figures.get(name))
    ]
    session.output.table(["in points of 100", "difference", "95 % interval", "", "cases"], figures)
    for line in compared.differs:
        session.output.say(f"differs: {line}")
    worse, better = (
        sum(one.direction is way for one in compared.changed) for way in (Direction.worse, Direction.better)
    )
    session.output.say(
        f"{compared.cases} cases compared: {worse} worse, {better} better, "
        f"{compared.redrafted} drafts with other bytes."
    )
    if compared.broken_off:
        session.output.note(
            f"{compared.broken_off} cases broke off in one of the runs: nothing is said of them."
        )
    if alone := (*compared.only_before, *compared.only_after):
        session.output.note(f"Asked in one of the runs only, or otherwise: {', '.join(alone)}.")
