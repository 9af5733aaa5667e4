"""`voxspec check` and `replay`: is it true, and does it come out the same again."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from typer import Argument

from api.cli.drafts import count_of, verdict_code
from api.cli.exits import ExitCode
from api.cli.session import Session
from api.shown import shown_report
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport
from assistant.errors import InputRejected, NotFound, UsageError
from assistant.workbench import Workbench
from evals.check import check as check_draft
from evals.check import load_draft_json
from evals.markdown import check_markdown
from evals.replay import replay as write_again


def check(
    session: Session,
    draft: Annotated[str, Argument(metavar="DRAFT_ID|FILE", help="A draft's id, or a .json or .md file.")],
) -> ExitCode:
    """Check a draft: every quote, every number, every form.

    Exit code 0: ready; 1: it needs fixes; 3: not enough evidence.
    """
    path = Path(draft)
    with session.bench() as bench:
        if path.suffix.lower() in {".md", ".markdown"}:
            report = check_markdown(bench, _read(path))
        elif path.suffix.lower() == ".json":
            report = check_draft(bench, read_draft(bench, path))
        else:
            report = check_draft(bench, stored_draft(bench, draft))
        report = shown_report(bench.settings, report)
    _show(session, report)
    return verdict_code(report)


def replay(
    session: Session,
    draft_id: Annotated[str, Argument(help="Id of a stored draft.", show_default=False)],
) -> ExitCode:
    """Write a draft again and compare the bytes.

    Exit code 1: other bytes; the difference is classified.
    """
    with session.bench() as bench:
        outcome = write_again(bench, stored_draft(bench, draft_id))
    if session.as_json:
        session.output.json(asdict(outcome))
    elif outcome.same:
        session.output.say(f"{draft_id}: the same bytes.")
    else:
        session.output.say(f"{draft_id}: other bytes: {', '.join(outcome.causes)}.")
        session.output.table(["what differs"], [[path] for path in outcome.paths])
    return ExitCode.ok if outcome.same else ExitCode.failed


def stored_draft(bench: Workbench, draft_id: str) -> Draft:
    """A draft of the workspace. Raises: NotFound."""
    found = bench.catalog.drafts.get(bench.workspace, draft_id)
    if found is None:
        raise NotFound(
            f"There is no draft '{draft_id}' in workspace '{bench.workspace}'.",
            hint="Give the id that `voxspec draft` printed, or a file that ends with .json or .md.",
        )
    return found


def read_draft(bench: Workbench, path: Path) -> Draft:
    """A draft from a JSON file. Raises: InputRejected, UsageError where it belongs to another workspace."""
    draft = load_draft_json(_read(path), bench)
    if draft.workspace != bench.workspace:
        raise UsageError(
            f"'{path}' belongs to workspace '{draft.workspace}', not '{bench.workspace}'.",
            hint=f"Run the command with -w {draft.workspace}.",
        )
    return draft


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as problem:
        raise NotFound(f"There is no file '{path}'.", hint="Check the path.") from problem
    except UnicodeDecodeError as problem:
        raise InputRejected(f"'{path}' isn't UTF-8 text.", hint="Save it as UTF-8.") from problem


def _show(session: Session, report: CheckReport) -> None:
    if session.as_json:
        session.output.json(report.model_dump(mode="json"))
        return
    rows = [[one.severity.value, one.grader, one.target, one.message, one.fix] for one in report.findings]
    if rows:
        session.output.table(["severity", "grader", "target", "problem", "fix"], rows)
    for name in report.counts:
        session.output.say(f"{name.replace('_', ' ')}: {count_of(report, name)}")
    session.output.say(f"verdict: {report.verdict.value}")
