"""`voxspec demo`: the main job on generated sample data, from files to themes and three checked drafts."""

import os
import shlex
import shutil
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

from typer import Option

from api.cli.demo_themes import Themed, find_themes, show_themes, told
from api.cli.drafts import count_of, show_step
from api.cli.exits import ExitCode
from api.cli.files import writing
from api.cli.session import Session
from api.server import demand_address
from api.server import serve as serve_forever
from api.shown import shown_report
from assistant.domain.draft import Draft
from assistant.domain.finding import Severity, Verdict
from assistant.domain.record import RecordKind
from assistant.domain.request import DraftRequest
from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.workbench import Workbench
from evals.documents.exported import exported
from evals.gate import produce
from evals.kanbo.generate import write_sample
from evals.kanbo.truth import Truth
from ingest.options import IngestOptions, IngestResult
from ingest.pipeline import ingest

SEED = 42
FORMATS = ("md", "json", "html")
REQUESTS = (
    ("insight_summary", ""),
    ("prd", "exports of large boards fail"),
    ("user_stories", "export large boards"),
)


@dataclass(frozen=True)
class Held:
    """What the workspace holds after the import."""

    records: int
    voices: int
    """Records that count: the same text from the same person counts once."""


@dataclass(frozen=True)
class Written:
    """A draft of the demo and how long it took."""

    draft: Draft
    path: Path
    seconds: float


def demo(
    session: Session,
    out: Annotated[Path, Option(help="Folder for the sample and the drafts.")] = Path("demo-out"),
    serve: Annotated[bool, Option("--serve", help="Start the web pages on the result.")] = False,
    port: Annotated[
        int | None, Option(min=0, max=65535, help="With --serve: the port; 0 takes a free one.")
    ] = None,
) -> ExitCode:
    """Ingest sample data, find its themes, write checked drafts.

    The sample is invented: the app Kanbo and its customers. It goes to the workspace 'demo' of $VOXSPEC_HOME, or of
    a folder of its own inside --out, so that it never mixes with real data.
    """
    if port is not None and not serve:
        raise UsageError(
            "A port is only used together with --serve.", hint="Add --serve, or leave out --port."
        )
    settings = _settings(session, out, port)
    if serve:
        demand_address(settings)
    session.saved = (
        f"What was finished is saved in {out}; run the same command again and it goes on from there."
    )
    started = time.perf_counter()
    with session.bench(settings) as bench:
        imports, truth = _bring_in(session, bench, out)
        # Before the drafts, since the insight summary is written from themes; a second run then gives the same bytes.
        themed = find_themes(session, bench, truth, out)
        drafts = [_write(session, bench, out, kind, brief) for kind, brief in REQUESTS]
        rows = bench.corpus()
        held = Held(records=len(rows.record_ids), voices=len(set(rows.voice)))
    _show(session, imports, themed, drafts, held, time.perf_counter() - started)
    if not session.as_json:
        show_themes(session, themed, out)
        _show_next(session, settings, out, drafts, serve=serve)
    if serve:
        session.saved = "The service has stopped."
        serve_forever(settings)
    fine = all(one.draft.report and one.draft.report.verdict is Verdict.ready for one in drafts)
    return ExitCode.ok if fine else ExitCode.failed


def _settings(session: Session, out: Path, port: int | None) -> Settings:
    if out.exists() and not out.is_dir():
        raise UsageError(f"'{out}' is a file.", hint="Name a folder with --out.")
    out.mkdir(parents=True, exist_ok=True)
    own = None if session.home or os.environ.get("VOXSPEC_HOME") else out / ".voxspec"
    flags = {"workspace": session.workspace or "demo"} | ({"home": own.resolve()} if own else {})
    return session.settings(**flags, port=port)


def _bring_in(session: Session, bench: Workbench, out: Path) -> tuple[list[IngestResult], Truth]:
    session.output.note(f"Writing the sample to {out / 'sample'} …")
    truth = write_sample(out / "sample", SEED)
    results = []
    for folder, kind in (("feedback", RecordKind.customer), ("competitors", RecordKind.competitor)):
        session.output.note(f"Reading {folder} …")
        with session.output.progress(f"reading {folder}") as on_progress:
            paths = sorted(path for path in (out / "sample" / folder).iterdir() if path.is_file())
            results.append(ingest(bench, paths, IngestOptions(kind=kind), on_progress))
    return results, truth


def _write(session: Session, bench: Workbench, out: Path, kind: str, brief: str) -> Written:
    session.output.note(f"Drafting {kind} …")
    started = time.perf_counter()
    request = DraftRequest(kind=kind, brief=brief)
    draft = produce(bench, request, partial(show_step, session))
    for form in FORMATS:
        with writing(out / f"{kind}.{form}") as stream:
            stream.write(exported(bench, draft, form))
    return Written(draft, out / f"{kind}.md", time.perf_counter() - started)


def _show(
    session: Session,
    imports: list[IngestResult],
    themed: Themed,
    drafts: list[Written],
    held: Held,
    seconds: float,
) -> None:
    reports = [report for result in imports for report in result.files]
    totals = {
        name: sum(getattr(report, name) for report in reports)
        for name in ("rows", "kept", "duplicate", "near_duplicate", "empty", "rejected")
    }
    if session.as_json:
        rows = [
            {
                "id": one.draft.id,
                "kind": one.draft.kind,
                "path": str(one.path),
                "seconds": round(one.seconds, 2),
                "report": shown_report(session.settings(), one.draft.report).model_dump(mode="json")
                if one.draft.report
                else None,
            }
            for one in drafts
        ]
        session.output.json(
            {
                "records": held.records,
                "voices": held.voices,
                **totals,
                "themes": told(themed),
                "drafts": rows,
                "seconds": round(seconds, 2),
            }
        )
        return
    session.output.table(
        ["rows read", "kept", "duplicate or known", "empty", "rejected"],
        [[totals[name] for name in ("rows", "kept", "duplicate", "empty", "rejected")]],
    )
    repeats = held.records - held.voices
    session.output.say(
        f"\n{held.records:,} records are in the workspace; {repeats:,} repeat another and count once."
    )
    session.output.say("")
    header = ["draft", "verdict", "quotes verified", "numbers recomputed", "findings", "seconds"]
    session.output.table(header, [_row(one) for one in drafts])
    session.output.say(f"\n{seconds:.1f} s in all.")


def _row(written: Written) -> list[object]:
    report = written.draft.report
    findings = report.findings if report else ()
    blocking = sum(one.severity is Severity.block for one in findings)
    return [
        str(written.path),
        report.verdict.value if report else "not checked",
        count_of(report, "quotes_verified"),
        count_of(report, "numbers_recomputed"),
        f"{blocking} blocking, {len(findings) - blocking} advising",
        f"{written.seconds:.1f}",
    ]


def _show_next(
    session: Session, settings: Settings, out: Path, drafts: list[Written], *, serve: bool
) -> None:
    from_environment = "VOXSPEC_HOME" in os.environ and not session.home
    home = [] if from_environment else ["--home", _short(settings.home)]
    shared = ["-w", settings.workspace, *home]
    story = next(one for one in drafts if one.draft.kind == "user_stories")
    commands = [
        ["search", "export ends with an empty file", *shared],
        ["themes", "list", *shared],
        ["check", str(story.path.with_suffix(".json")), *shared],
        ["draft", "prd", "work without a network", "--out", str(out / "offline.html"), *shared],
    ]
    if not serve:
        commands.append(["serve", *shared])
    session.output.say("\nNext:")
    for command in commands:
        session.output.say(f"  {shlex.join([_program(), *command])}")
    if not serve:
        address = f"http://{settings.host}:{settings.port}/"
        session.output.say(f"The last one shows these drafts at {address}, with every record that they cite.")


def _program() -> str:
    """The command as a person in this folder can type it."""
    called = Path(sys.argv[0])
    here = (
        called
        if called.name.startswith("voxspec") and called.exists()
        else Path(sys.executable).with_name("voxspec")
    )
    found = shutil.which("voxspec")
    return "voxspec" if found and Path(found).resolve() == here.resolve() else _short(here)


def _short(path: Path) -> str:
    relative = os.path.relpath(path)
    return relative if not relative.startswith("..") else str(path.resolve())
