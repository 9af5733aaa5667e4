"""`voxspec check` and `replay`: is it true, and does it come out the same again."""

import getpass
from dataclasses import asdict
from enum import StrEnum
from importlib.metadata import version
from itertools import count as numbers
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from api.annotations import annotations
from api.check_sarif import check_sarif
from api.cli.drafts import FORMATS, count_of, verdict_code
from api.cli.editing import told
from api.cli.exits import ExitCode
from api.cli.files import read_text
from api.cli.session import Session
from api.hooks.telling import tell_of_check
from api.keyed import KeyedFinding, KeyedReport, keyed_report
from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport
from assistant.errors import NotFound, UsageError
from assistant.workbench import Workbench
from evals.check import check as check_draft
from evals.check import load_draft_json
from evals.documents.foreign import check_document
from evals.documents.stored import check_copy
from evals.editing.amend import Amended
from evals.editing.fixes import fix as mend
from evals.judging.layer4 import questions_of
from evals.opinion import kept_opinion, with_opinion
from evals.release import with_overrulings
from evals.replay import replay as write_again

_MARKDOWN = {".md", ".markdown"}


class Form(StrEnum):
    """How findings are written."""

    table = "table"
    json = "json"
    github = "github"
    sarif = "sarif"


def check(
    session: Session,
    draft: Annotated[str, Argument(metavar="DRAFT_ID|FILE", help="A draft's id, or a .json or .md file.")],
    form: Annotated[
        Form,
        Option("--format", help="table; json, as --json; github: annotations of a pull request; sarif."),
    ] = Form.table,
    judge: Annotated[bool, Option("--judge", help="Ask a language model, too; for a draft only.")] = False,
    fix: Annotated[
        bool,
        Option(
            "--fix", help="Mend what code can mend without a choice: a new version; shows the difference."
        ),
    ] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="With --fix: show it, and keep nothing.")] = False,
) -> ExitCode:
    """Check a draft, or a document that was written elsewhere.

    Every quote, every number, every form. A Markdown file without Voxspec's mark is a document: its quotations are searched in
    the workspace's records, counts of people are flagged, Gherkin is read.

    With --judge the model of the setting `judge`, or else the one that writes, is asked what only a reader sees. What it finds advises,
    unless its calibration card lets it gate. A stored version keeps the report it was written with, so it isn't added to that; its
    answers are kept, and asking again costs nothing. With the setting `judge` each new draft is judged, and the findings stay with it.

    Exit code 0: ready; 1: it needs fixes; 3: not enough evidence, or the judge left a question open. Hooks hear of a check that fails.
    """
    if fix or dry_run:
        return _mend(session, draft, fix=fix, dry_run=dry_run)
    path = Path(draft)
    text = ""
    if judge and path.suffix.lower() in _MARKDOWN:
        raise UsageError("A Markdown file can't be judged.", hint="Give the draft's id, or its .json file.")
    with session.bench() as bench:
        if path.suffix.lower() in _MARKDOWN:
            text = read_text(path)
            report = check_document(bench, text)
            tell_of_check(bench, report, None, text)
        else:
            report = _of_draft(session, bench, draft, judge=judge)
        report = keyed_report(bench.settings, report)
    if form in (Form.github, Form.sarif):
        place, text = path.as_posix() if text else "", text.removeprefix("\ufeff")
        if form is Form.sarif:
            session.output.raw(check_sarif(report, place, text, version("voxspec")) + "\n")
        for line in annotations(report, place, text) if form is Form.github else ():
            session.output.say(line)
        session.output.note(f"verdict: {report.verdict.value}")
    else:
        _show(session, report, as_json=session.as_json or form is Form.json, keys=not text)
    is_open = judge and (report.opinion is None or not report.opinion.is_conclusive)
    code = verdict_code(report)
    return ExitCode.unavailable if is_open and code is ExitCode.ok else code


def _of_draft(session: Session, bench: Workbench, name: str, *, judge: bool) -> CheckReport:
    """The check of a stored draft, or of one in a JSON file; hooks hear where it fails."""
    path = Path(name)
    if path.suffix.lower() == ".json":
        held = read_draft(bench, path)
        report = check_copy(bench, held)
        report = _judged(session, bench, held, report) if judge else report
        stored = bench.catalog.drafts.get(bench.workspace, held.id, held.version)
        tell_of_check(bench, report, stored, canonical_json(held))
        return report
    held = _named(bench, name, "checked", (".json", ".md"))
    report = check_draft(bench, held)
    report = _judged(session, bench, held, report) if judge else kept_opinion(bench, held, report)
    report = with_overrulings(bench, held, report)
    tell_of_check(bench, report, held)
    return report


def _judged(session: Session, bench: Workbench, draft: Draft, report: CheckReport) -> CheckReport:
    if bench.judge is None:
        session.output.note("not judged: no language model is set. Set VOXSPEC_JUDGE or VOXSPEC_MODEL.")
        return report
    with session.output.progress("judging") as progress:
        total = len(list(questions_of(draft)))
        done = numbers(1)
        return with_opinion(bench, draft, report, lambda _one: progress(next(done), total, "judging"))


def _mend(session: Session, draft: str, *, fix: bool, dry_run: bool) -> ExitCode:
    if not fix:
        raise UsageError("--dry-run goes with --fix.", hint=f"voxspec check {draft} --fix --dry-run")
    if Path(draft).suffix.lower() in {".json", *_MARKDOWN}:
        raise UsageError(
            "A file isn't mended, only a stored draft.",
            hint="Give the draft's id; a mended draft is a new version.",
        )
    with session.bench() as bench:
        held = stored_draft(bench, draft)
        done = mend(bench, held.id, version=held.version, by=getpass.getuser(), dry_run=dry_run)
        if isinstance(done, Amended) and not done.diff.changes:
            session.output.note("Code finds nothing that it could mend without a choice of yours.")
        return told(session, bench, done)


def replay(
    session: Session,
    draft: Annotated[
        str, Argument(metavar="DRAFT_ID|FILE", help="A draft's id, or a .json file.", show_default=False)
    ],
) -> ExitCode:
    """Write a draft again and compare the bytes.

    Exit code 1: other bytes; the difference is classified, and --verbose lists every place.
    """
    with session.bench() as bench:
        outcome = write_again(bench, _named(bench, draft, "written again", (".json",)))
    if session.as_json:
        session.output.json(asdict(outcome))
    elif outcome.same:
        session.output.say(f"{draft}: the same bytes.")
    else:
        session.output.say(f"{draft}: other bytes: {', '.join(outcome.causes)}.")
        for line in outcome.summary:
            session.output.say(f"  {line}")
        if session.output.verbose:
            session.output.table(["what differs"], [[path] for path in outcome.paths])
        else:
            session.output.note(f"{len(outcome.paths)} places differ; --verbose or --json lists them.")
    return ExitCode.ok if outcome.same else ExitCode.failed


def _named(bench: Workbench, name: str, what: str, forms: tuple[str, ...]) -> Draft:
    """The draft that an id or a JSON file gives. Raises: NotFound, InputRejected, UsageError."""
    path = Path(name)
    suffix = path.suffix.lower()
    if suffix == ".json":
        return read_draft(bench, path)
    if suffix in _MARKDOWN or suffix.removeprefix(".") in FORMATS or path.is_file():
        form = f"a {suffix} file" if suffix else "a file without an ending"
        raise UsageError(
            f"'{name}' is {form}, and a draft can't be {what} from that.",
            hint=f"Give a file that ends with {' or '.join(forms)}, or the id that `voxspec draft` printed.",
        )
    return stored_draft(bench, name)


def stored_draft(bench: Workbench, draft_id: str, version: int | None = None) -> Draft:
    """A draft of the workspace, the newest version where none is named. Raises: NotFound."""
    found = bench.catalog.drafts.get(bench.workspace, draft_id, version)
    if found is None:
        raise NotFound(
            f"There is no draft '{draft_id}' in workspace '{bench.workspace}'.",
            hint="Give the id that `voxspec draft` printed, or its file; -w chooses another workspace.",
        )
    return found


def read_draft(bench: Workbench, path: Path) -> Draft:
    """A draft from a JSON file. Raises: InputRejected, UsageError where it belongs to another workspace."""
    draft = load_draft_json(read_text(path), bench)
    if draft.workspace != bench.workspace:
        raise UsageError(
            f"'{path}' belongs to workspace '{draft.workspace}', not '{bench.workspace}'.",
            hint=f"Run the command with -w {draft.workspace}.",
        )
    return draft


def _show(session: Session, report: KeyedReport, *, as_json: bool, keys: bool) -> None:
    if as_json:
        session.output.json(report.model_dump(mode="json"))
        return
    header = ["severity", "grader", "target", "problem", "fix"]
    rows = [[_gate(one), one.grader, one.target, one.message, one.fix] for one in report.findings]
    if keys:
        header, rows = [*header, "key"], [[*row, f.key] for row, f in zip(rows, report.findings, strict=True)]
    if rows:
        session.output.table(header, rows)
    for one in report.findings:
        if one.overruled:
            told = one.overruled
            session.output.say(
                f"{one.key} overruled by {told.by} on {told.at.date().isoformat()}: {told.reason}"
            )
    for name in (name for name, count in report.counts.items() if count.total):
        session.output.say(f"{name.replace('_', ' ')}: {count_of(report, name)}")
    if report.opinion:
        session.output.say(f"judge: {report.opinion.summary}")
    dismissed = report.blocking and not report.standing
    session.output.say(
        f"verdict: {report.verdict.value}{', every blocking finding overruled' if dismissed else ''}"
    )


def _gate(finding: KeyedFinding) -> str:
    return "overruled" if finding.overruled else finding.severity.value
