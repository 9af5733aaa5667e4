"""`voxspec eval trust`: how many seeded defects the graders catch, and how often they cry wolf."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from typer import Option

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.errors import UsageError
from assistant.workbench import Workbench
from evals.judging.judge import Answer
from evals.mutators.packs import OWN, load_packs
from evals.trust.drafts import ENOUGH, clean_drafts
from evals.trust.judge import Heard, judging
from evals.trust.measure import run_trust
from evals.trust.report import (
    LEAST_MEAN,
    LEAST_WORST,
    MOST_ON_CLEAN,
    MOST_ON_EDITS,
    KindRow,
    Share,
    Sight,
    Trust,
)

_WORST = 12
"""Kinds shown with an example where not everything is caught; `--json` has all."""


def trust(
    session: Session,
    pack: Annotated[
        list[str] | None,
        Option(help="A pack of mutators by name; several may be given. Default: all that are installed."),
    ] = None,
    sample: Annotated[
        int,
        Option(min=0, help="Most drafts per kind of defect, three times as many per edit; 0: all."),
    ] = 20,
    drafts: Annotated[int, Option(min=2, help="How many clean drafts to write.")] = ENOUGH,
    workers: Annotated[
        int, Option(min=1, help="Processes that look for defects; with --judge always one.")
    ] = 1,
    judge: Annotated[
        bool, Option("--judge", help="Put a language model to the test, too: the setting `judge`.")
    ] = False,
) -> ExitCode:
    """Put the checks to the test: seeded defects, harmless edits.

    Two writers, one of them no model and the other a scripted one, write clean drafts of the shipped sets and of the sample;
    packs of mutators put one defect at a time into them, or make one harmless edit. Without --judge it needs neither key nor network,
    and leaves the workspace alone; with it, defects of meaning count, and the workspace keeps what the model answered.

    Exit code 4: the checks can't be trusted; 3: the judge wasn't heard on every question.
    """
    packs = load_packs(pack or ())
    if not any(one.mutators or one.problem for one in packs):
        raise UsageError("No pack has a mutator.", hint=f"Leave out --pack to use '{OWN}'.")
    heard = Heard()
    with ExitStack() as held:
        grader = judging(held.enter_context(_with_judge(session)), heard) if judge else None
        folder = held.enter_context(TemporaryDirectory(prefix="voxspec-trust-"))
        with session.output.progress("clean drafts") as tell:
            cleans = clean_drafts(Path(folder), drafts, tell)
        with session.output.progress("defects") as tell:
            found = run_trust(cleans, packs, sample=sample, workers=workers, tell=tell, judge=grader)
    if heard.refused is not None:
        raise heard.refused
    _show(session, found)
    if judge:
        said = ", ".join(f"{heard.answers[one]} {one.value}" for one in Answer)
        session.output.note(f"judge: {said}")
    if heard.silent:
        session.output.note(
            f"The judge wasn't heard on {heard.silent} questions; run it again: what it answered is kept."
        )
        return ExitCode.unavailable
    return ExitCode.ok if found.passed else ExitCode.untrusted


@contextmanager
def _with_judge(session: Session) -> Iterator[Workbench]:
    """The workspace, whose judge is there. Raises: UsageError."""
    with session.bench() as bench:
        if bench.judge is None:
            raise UsageError(
                "There is no judge.",
                hint="Set VOXSPEC_JUDGE, or 'judge' in voxspec.toml, to 'openai:<name>' or 'langchain:<provider>:<name>'.",
            )
        yield bench


def _show(session: Session, found: Trust) -> None:
    if session.as_json:
        session.output.json(_as_json(found))
        return
    output = session.output
    writers = ", ".join(f"{name} {number}" for name, number in found.writers.items())
    output.say(f"{found.clean.whole} clean drafts ({writers}); packs: {', '.join(found.packs)}")
    rows = [
        [
            f"L{row.layer}" if row.layer is not None else "-",
            row.name,
            _of(row.caught),
            row.right,
            row.blocked,
            _note(row, judged=found.is_judged),
        ]
        for row in sorted(found.kinds, key=lambda row: _rank(row, judged=found.is_judged))
    ]
    output.table(["layer", "defect", "caught (95 % interval)", "right", "blocked", ""], rows)
    output.table(
        ["harmless edit", "stopped (95 % interval)", "advised"],
        [[row.name, _of(row.stopped), row.advised] for row in sorted(found.edits, key=lambda row: (-row.stopped.value, row.name))],
    )  # fmt: skip
    _examples(session, found)
    _verdict(session, found)


def _rank(row: KindRow, *, judged: bool) -> tuple[object, ...]:
    """Worst first; behind them what is for a judge that isn't there, and what applied to no draft."""
    return not row.caught.whole, row.for_judge and not judged, row.caught.value, row.pack, row.name


def _of(share: Share) -> str:
    if not share.whole:
        return "applies to no draft"
    return f"{share.part}/{share.whole}  {share.value:.1%}  ({share.low:.1%} to {share.high:.1%})"


def _note(row: KindRow, *, judged: bool) -> str:
    if row.for_judge and not judged:
        return "for a judge; not counted here"
    return f"no grader called {', '.join(row.absent)}" if len(row.absent) == len(row.expected) else ""


def _examples(session: Session, found: Trust) -> None:
    """What went through, worst kinds first, and what was stopped without a reason."""
    missed = [
        row for row in sorted(found.counted, key=lambda row: (row.caught.value, row.name)) if row.missed
    ]
    for row in missed[:_WORST]:
        session.output.say(f"\nmissed: {row.name}. {row.about}")
        _sight(session, row.missed[0])
    if len(missed) > _WORST:
        session.output.say(f"\n{len(missed) - _WORST} more kinds weren't always caught; --json has them all.")
    for edit in found.edits:
        if edit.wrong:
            session.output.say(f"\nstopped without a reason: {edit.name}. {edit.about}".rstrip())
            _sight(session, edit.wrong[0])
    for sight in found.clean_wrong[:_WORST]:
        session.output.say("\nclean, and stopped:")
        _sight(session, sight)


def _sight(session: Session, sight: Sight) -> None:
    session.output.say(f"  in {sight.draft}")
    for line in (*sight.changes, *sight.findings):
        session.output.say(f"  {line}")


def _verdict(session: Session, found: Trust) -> None:
    say = session.output.say
    worst = found.worst
    say(f"\ncaught, mean over {len(found.counted)} kinds: {found.mean:.2%} (at least {LEAST_MEAN:.1%})")
    say(f"for the right reason: {found.mean_right:.2%}")
    if worst is not None:
        say(f"worst kind: {worst.name}, {worst.caught.value:.1%} (at least {LEAST_WORST:.0%})")
    say(f"harmless edits stopped: {_of(found.edits_stopped)} (at most {MOST_ON_EDITS:.2%})")
    say(f"clean drafts stopped: {_of(found.clean)} (at most {MOST_ON_CLEAN:.0%})")
    for failure in found.failures:
        say(f"- {failure}")
    say("trust: " + ("passed" if found.passed else "failed"))


def _as_json(found: Trust) -> dict[str, object]:
    worst = found.worst
    summary = {
        "passed": found.passed,
        "failures": found.failures,
        "mean": found.mean,
        "mean_right": found.mean_right,
        "worst": worst and {"name": worst.name, "caught": worst.caught.value},
        "edits_stopped": found.edits_stopped.model_dump(),
        "thresholds": {
            "mean": LEAST_MEAN,
            "worst": LEAST_WORST,
            "edits": MOST_ON_EDITS,
            "clean": MOST_ON_CLEAN,
        },
    }
    return summary | found.model_dump(mode="json")
