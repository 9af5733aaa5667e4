"""`voxspec draft`: a brief in, a checked draft out."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, get_args

from pydantic import ValidationError
from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.files import demand_place, writing
from api.cli.session import Session
from api.hooks.telling import tell_of_draft
from api.scopes import FILTER_FIELDS, demand_workspace, known_filters
from api.shown import shown_draft
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport, Severity, Verdict
from assistant.domain.request import DraftRequest
from assistant.drafting.formats.render import Format, render
from assistant.errors import NotFound, UsageError
from evals.documents.exported import exported
from evals.gate import produce
from evals.release import judged

FORMATS = get_args(Format)
_CODES = {
    Verdict.ready: ExitCode.ok,
    Verdict.needs_fixes: ExitCode.failed,
    Verdict.not_enough_evidence: ExitCode.unavailable,
}
_OF_EVERYTHING = "insight_summary"
"""Kind of draft that is about all that was said, unless a brief narrows it."""

_Brief = Annotated[
    str | None,
    Argument(
        help="What it is about; '' for everything in the scope, as insight_summary does without one.",
        show_default=False,
    ),
]


def draft(
    session: Session,
    kind: Annotated[str, Argument(help="user_stories, prd or insight_summary.", show_default=False)],
    brief: _Brief = None,
    filters: Annotated[
        list[str] | None,
        Option("--filter", metavar="FIELD=VALUE", help=f"Use only records by {FILTER_FIELDS}; repeatable."),
    ] = None,
    language: Annotated[
        str,
        Option("--lang", metavar="CODE", help="Language of the draft; other than en needs a language model."),
    ] = "en",
    max_items: Annotated[
        int, Option("--max", min=1, max=50, help="At most so many stories or findings.")
    ] = 10,
    out: Annotated[
        list[Path] | None,
        Option(help=f"File to write, by its ending: {' '.join(FORMATS)}; repeatable. Default: stdout."),
    ] = None,
) -> ExitCode:
    """Write and check a draft with proven quotes and numbers.

    Prints Markdown unless --out or --json is given. Exit code 1: it needs fixes; 3: not enough evidence.
    """
    _demand_brief(kind, brief)
    formats = {path: format_of(path) for path in out or []}
    for path in formats:
        demand_place(path)
    session.saved = "Finished steps are kept; run the same command again and they are not paid twice."
    with session.bench() as bench:
        demand_workspace(bench)
        scope = known_filters(bench, filters or [])
        # Opened before the work begins: a missing key is heard of at once.
        _ = bench.model
        try:
            request = DraftRequest(
                kind=kind, brief=brief or "", scope=scope, language=language, max_items=max_items
            )
        except ValidationError as problem:
            first = problem.errors()[0]
            raise UsageError(
                f"The {first['loc'][0]} can't be used: {first['msg']}.",
                hint="A brief is text of at most 20,000 characters; one sentence is best.",
            ) from problem
        finished = produce(bench, request, partial(show_step, session))
        settings = bench.settings
        for path, form in formats.items():
            with writing(path) as stream:
                stream.write(exported(bench, finished, form))
            session.output.note(f"written to {path}")
        tell_of_draft(bench, finished)
    if session.as_json:
        session.output.json(shown_draft(settings, finished).model_dump(mode="json"))
    elif not formats:
        session.output.say(render(finished, "md", show_personal=settings.show_personal_data).decode())
    session.output.note(summary(finished))
    return verdict_code(finished.report)


def write_draft(session: Session, draft_id: str, out: Sequence[Path]) -> ExitCode:
    """The newest version of a stored draft as files. Raises: UsageError without a file; NotFound."""
    if not out:
        raise UsageError(
            "A draft is written to a file.", hint=f"voxspec export {draft_id[:40]} --out draft.docx"
        )
    formats = {path: format_of(path) for path in out}
    for path in formats:
        demand_place(path)
    with session.bench() as bench:
        demand_workspace(bench)
        found = bench.catalog.drafts.get(bench.workspace, draft_id)
        if found is None:
            raise NotFound(
                f"There is no draft {draft_id[:60]} in the workspace '{bench.workspace}'.",
                hint="voxspec draft prints the id of each draft that it writes.",
            )
        shown = judged(bench, found)
        for path, form in formats.items():
            with writing(path) as stream:
                stream.write(exported(bench, shown, form))
    if session.as_json:
        first, *others = map(str, formats)
        more = {"paths": [first, *others]} if others else {}
        session.output.json({"draft_id": found.id, "version": found.version, "path": first, **more})
    else:
        for path in formats:
            session.output.note(f"{found.id}, version {found.version}, written to {path}.")
    return ExitCode.ok


def format_of(path: Path) -> str:
    """The format that a file's ending names. Raises: UsageError."""
    form = path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise UsageError(
            f"'{path}' names no format that a draft can be written in.",
            hint=f"End the name with {', '.join('.' + one for one in FORMATS)}.",
        )
    return form


def verdict_code(report: CheckReport | None) -> ExitCode:
    """0 ready, or a person overruled all that blocks; 1 needs fixes; 3 not enough evidence."""
    if report and report.verdict is Verdict.needs_fixes and not report.standing:
        return ExitCode.ok
    return _CODES[report.verdict] if report else ExitCode.unavailable


def count_of(report: CheckReport | None, name: str) -> str:
    """`n/n` of one of the report's counts."""
    count = report.counts.get(name) if report else None
    return f"{count.ok}/{count.total}" if count else "0/0"


def summary(draft: Draft) -> str:
    """One line on a draft: id, verdict, proofs, findings."""
    report = draft.report
    if report is None:
        return f"{draft.id}: not checked"
    advice = sum(finding.severity is Severity.advise for finding in report.findings)
    return (
        f"{draft.id}: {report.verdict.value} · quotes verified {count_of(report, 'quotes_verified')} · "
        f"numbers recomputed {count_of(report, 'numbers_recomputed')} · "
        f"{len(report.blocking)} blocking and {advice} advising findings"
        f"{f' · judge {report.opinion.summary}' if report.opinion else ''}"
    )


def show_step(session: Session, event: str, data: Mapping[str, object]) -> None:
    """A line of progress per step; streamed text is left out."""
    if event == "step.started":
        details = " ".join(f"{name} {value}" for name, value in data.items() if name != "step")
        session.output.note(f"… {data.get('step', '')} {details}".rstrip())


def _demand_brief(kind: str, brief: str | None) -> None:
    """Raises: UsageError where a kind that needs a brief has none."""
    if brief is None and kind != _OF_EVERYTHING:
        raise UsageError(
            f"A draft of kind '{kind[:40]}' needs a brief.",
            hint=f"voxspec draft {kind[:40]} 'what it is about'",
        )
