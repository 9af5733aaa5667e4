"""`voxspec eval run`: sets through the gate, case by case, and what they found as a table or a file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from api.cli.eval_compare import read_run, tell_comparison
from api.cli.eval_sets import kept_sets
from api.cli.exits import ExitCode
from api.cli.files import demand_place, writing
from api.cli.output import OnProgress
from api.cli.session import Session
from api.shown import shown_run
from assistant.errors import NotFound, UsageError
from assistant.settings import Settings
from evals.cases.case import EvalSet, load_set, shipped_sets
from evals.opinion import OFF, cards_of, judge_of
from evals.runs.compare import Comparison, compare
from evals.runs.outcome import CaseResult, EvalRun, Gate, Outcome, Recall, total
from evals.runs.report import ENDINGS, Format, lines_of, report
from evals.runs.run_sets import Cards, asks_model, run_sets

_CODES = {
    Gate.passed: ExitCode.ok,
    Gate.failed: ExitCode.failed,
    Gate.inconclusive: ExitCode.unavailable,
}
_MOST_SHOWN = 20
_ANSWERED = "What the model answered is kept; run the same command again and it is not paid twice. "


class ReportFormat(StrEnum):
    """What a run can be written as."""

    json = "json"
    junit = "junit"
    sarif = "sarif"
    html = "html"


def run(
    session: Session,
    sets: Annotated[
        list[str] | None,
        Argument(
            metavar="[SET|FOLDER]…",
            help="Names of sets that come with Voxspec or are the workspace's, or folders.",
        ),
    ] = None,
    every: Annotated[bool, Option("--all", help="All sets that come with Voxspec.")] = False,
    writer: Annotated[
        str | None,
        Option(metavar="MODEL", help="extractive, openai:NAME or langchain:PROVIDER:NAME; default: as set."),
    ] = None,
    workers: Annotated[int, Option(min=1, max=64, help="Processes that work on the cases.")] = 1,
    form: Annotated[
        ReportFormat | None, Option("--format", help="Of the file, or of stdout where there is none.")
    ] = None,
    out: Annotated[
        list[Path] | None,
        Option(help="File to write: .json, .xml (JUnit), .sarif or .html; repeatable."),
    ] = None,
    judge: Annotated[
        bool, Option("--judge", help="Ask a language model about each draft, too: the setting `judge`.")
    ] = False,
    against: Annotated[
        Path | None, Option(metavar="FILE.json", help="An earlier run: also fail where a case got worse.")
    ] = None,
) -> ExitCode:
    """Run evaluation sets: which cases pass, and why others don't.

    Exit code 0: all gates passed; 1: one failed; 3: inconclusive, because the model couldn't serve in a case, or the judge left a
    question open.
    """
    files = _files(out or [], form)
    kept = kept_sets(session, [name for name in sets or [] if not _is_folder(name)])
    others = [name for name in sets or [] if name not in kept]
    folders = _folders(others, every=every) if others or not kept else {}
    before = read_run(against) if against else None
    settings, cards = _judged_by(session, session.settings(model=writer), judge=judge)
    session.saved = f"{_ANSWERED if asks_model(settings) else ''}No file was written."
    held = [load_set(folder) for folder in folders.values()]
    places = {one.spec.name: folder for one, folder in zip(held, folders.values(), strict=True)}
    held += kept.values()
    _demand_names(held)
    with _progress(session, held) as progress:
        found = shown_run(settings, run_sets(held, settings, workers=workers, progress=progress, cards=cards))
    compared = compare(before, found) if before else None
    for path, as_form in files.items():
        with writing(path) as stream:
            stream.write(report(found, as_form, lines_of(places)))
        session.output.note(f"written to {path}")
    if session.as_json or (form and not files):
        asked: Format = "json" if session.as_json or form is None else form.value
        session.output.raw(report(found, asked, lines_of(places)).decode("utf-8", "surrogatepass"))
    else:
        _tell(session, found)
        if compared is not None:
            tell_comparison(session, compared)
    return _code(found, compared)


def _judged_by(session: Session, settings: Settings, *, judge: bool) -> tuple[Settings, Cards]:
    """The settings of the run, and what the workspace knows of their judge. Without --judge nobody is asked. Raises: UsageError."""
    if not judge:
        return settings.model_copy(update={"judge": OFF}), {}
    with session.bench() as bench:
        # Of the workspace's own settings: --writer says who writes, not who judges.
        name = judge_of(bench.settings)
        if name is None:
            raise UsageError(
                "There is no judge.",
                hint="Set VOXSPEC_JUDGE, or 'judge' in voxspec.toml, to 'openai:<name>' or 'langchain:<provider>:<name>'.",
            )
        return settings.model_copy(update={"judge": name}), cards_of(bench, name)


def _code(found: EvalRun, compared: Comparison | None) -> ExitCode:
    if compared is not None and compared.worse:
        return ExitCode.failed
    return _CODES[found.gate]


def _files(out: Sequence[Path], form: ReportFormat | None) -> dict[Path, Format]:
    """Each file with its format. Raises: UsageError."""
    if form is not None and len(out) > 1:
        raise UsageError("--format goes with one --out.", hint="With several, the endings name the formats.")
    files: dict[Path, Format] = {}
    for path in out:
        named = form.value if form else ENDINGS.get(path.suffix.lower())
        if named is None:
            raise UsageError(
                f"'{path}' names no format that a run can be written in.",
                hint=f"End the name with {', '.join(ENDINGS)}, or give --format.",
            )
        demand_place(path)
        files[path] = named
    return files


def _folders(names: Sequence[str], *, every: bool) -> dict[str, Path]:
    """The sets that are asked for. Raises: UsageError, NotFound."""
    shipped = shipped_sets()
    there = f"Sets here: {', '.join(shipped)}."
    if bool(names) == every:
        raise UsageError(
            "Name sets, or give --all, not both." if every else "Which sets? Name some, or give --all.",
            hint=there,
        )
    if every:
        return shipped
    found: dict[str, Path] = {}
    for name in names:
        folder = shipped.get(name) or Path(name)
        if not folder.is_dir():
            raise NotFound(f"There is no evaluation set '{name}', and no folder of that name.", hint=there)
        found[name] = folder
    return found


def _is_folder(name: str) -> bool:
    return name in shipped_sets() or Path(name).is_dir()


def _demand_names(held: Sequence[EvalSet]) -> None:
    names = [one.spec.name for one in held]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(
            f"Two of the sets are called '{twice[0]}'.",
            hint="Name each set once, and give each its own name.",
        )


@contextmanager
def _progress(session: Session, held: Sequence[EvalSet]) -> Iterator[OnProgress]:
    """A bar where a person watches; elsewhere a line now and then."""
    cases = sum(len(one.cases) for one in held)
    session.output.note(f"… {cases} cases of {len(held)} sets" if len(held) > 1 else f"… {cases} cases")
    step, told = max(10, -(-cases // 5)), 0
    with session.output.progress("cases") as bar:

        def show(done: int, total_cases: int | None, message: str) -> None:
            nonlocal told
            bar(done, total_cases, message)
            if not session.output.err.is_terminal and done // step > told:
                told = done // step
                session.output.note(f"… {done} of {total_cases} ({message})")

        yield show


def _tell(session: Session, found: EvalRun) -> None:
    heads = ["set", "gate", "cases", *(one.value for one in Outcome), "vital nuggets", "nuggets", "cited"]
    rows = [
        [
            held.name,
            held.gate.value,
            len(held.results),
            *(held.counts()[one] for one in Outcome),
            *(
                _share(total(getattr(one, name) for one in held.results))
                for name in ("vital", "nuggets", "cited")
            ),
        ]
        for held in found.sets
    ]
    session.output.table(heads, rows)
    missed = [(held.name, one) for held in found.sets for one in held.results if not one.passed]
    shown = missed if session.output.verbose else missed[:_MOST_SHOWN]
    for name, one in shown:
        session.output.say(f"{name}/{one.case_id}: {one.outcome.value}. {_why(one)}")
    if len(missed) > len(shown):
        session.output.note(
            f"{len(missed) - len(shown)} more cases didn't pass; --verbose or --out lists them."
        )
    session.output.say(f"gate: {found.gate.value}")


def _why(result: CaseResult) -> str:
    return f"{result.problem.message}" if result.problem else " ".join(result.misses)


def _share(recall: Recall | None) -> str:
    return f"{recall.found}/{recall.of}" if recall else "–"
