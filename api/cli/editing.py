"""`voxspec edit`, `undo`, `redo` and `versions`: a draft is edited from the command line, and nothing is lost by it."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import TypeAdapter, ValidationError
from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.files import read_text
from api.cli.session import Session
from api.shown import shown_diff, shown_draft, shown_note
from assistant.domain.draft_diff import Change, DraftDiff, VersionNote
from assistant.domain.edit import MOST_EDITS, Edit, Lock, Remove, Replace, Unlock
from assistant.errors import Conflict, InputRejected, UsageError
from assistant.workbench import Workbench
from evals.editing.amend import Amended, Stale, amend
from evals.editing.amend import undo as undo_last
from evals.editing.history import diff_of, history, version_of

_Draft = Annotated[str, Argument(metavar="DRAFT_ID", help="The draft's id.", show_default=False)]
_By = Annotated[str | None, Option("--by", help="Who edits; default: whoever is logged in.")]
_EDITS = TypeAdapter(list[Edit])
Made = TypeVar("Made")


def edit(
    session: Session,
    draft: _Draft,
    put: Annotated[
        list[str] | None,
        Option(
            "--set",
            metavar="TARGET=TEXT",
            help="Type over a text: US-1.want, C3, FR-2.text, section:problem.title.",
        ),
    ] = None,
    remove: Annotated[
        list[str] | None, Option("--remove", metavar="TARGET", help="Take a block, claim or scenario out.")
    ] = None,
    lock: Annotated[
        list[str] | None, Option("--lock", metavar="TARGET", help="Nothing writes it anew.")
    ] = None,
    unlock: Annotated[
        list[str] | None, Option("--unlock", metavar="TARGET", help="It may be written anew.")
    ] = None,
    edits: Annotated[
        str | None,
        Option(
            "--edits", metavar="FILE", help="A JSON list of edits, as POST /v1/drafts/ID/edits takes them."
        ),
    ] = None,
    version: Annotated[
        int | None,
        Option(
            "--draft-version",
            min=1,
            max=1_000_000,
            metavar="N",
            help="The version you saw; default: the newest.",
        ),
    ] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="Show what would change, and keep nothing.")] = False,
    by: _By = None,
) -> ExitCode:
    """Edit a draft: a new version, graded.

    What no edit names stays byte for byte. What you type is locked: later drafts keep it. Quotes and counted numbers can't be typed over. Exit code 1: the new version
    needs fixes.
    """
    wanted: list[Edit] = [
        *map(_typed_over, put or ()),
        *(Remove(target=one) for one in remove or ()),
        *(Lock(target=one) for one in lock or ()),
        *(Unlock(target=one) for one in unlock or ()),
        *(_from_file(edits) if edits else ()),
    ]
    if not wanted:
        raise UsageError(
            "Nothing is to be changed.", hint="Say what: --set US-1.want='to …', --remove C3, --edits FILE."
        )
    with session.bench() as bench:
        seen = version or version_of(bench, draft).version
        done = amend(bench, draft, wanted, version=seen, by=by or getpass.getuser(), dry_run=dry_run)
        return told(session, bench, done)


def undo(session: Session, draft: _Draft, by: _By = None) -> ExitCode:
    """Undo the last change of a draft.

    A new version says what the one before said; nothing of the history goes.
    """
    return _step(session, draft, by, again=False)


def redo(session: Session, draft: _Draft, by: _By = None) -> ExitCode:
    """Do again what was undone last."""
    return _step(session, draft, by, again=True)


def versions(
    session: Session,
    draft: _Draft,
    since: Annotated[
        int | None,
        Option(
            "--diff",
            min=1,
            max=1_000_000,
            metavar="N",
            help="Show what differs from version N to the newest.",
        ),
    ] = None,
) -> ExitCode:
    """List the versions of a draft and how each came about."""
    with session.bench() as bench:
        held = history(bench, draft)
        if since is not None:
            _show(session, shown_diff(bench.settings, diff_of(bench, draft, since)))
            return ExitCode.ok
        notes = {note.version: shown_note(bench.settings, note) for note in held.notes}
        rows = []
        for number in reversed(held.versions):
            one = version_of(bench, draft, number)
            rows.append((number, one.report.verdict.value if one.report else "", notes.get(number)))
    if session.as_json:
        items = [
            {"version": number, "verdict": verdict, "note": note.model_dump(mode="json") if note else None}
            for number, verdict, note in rows
        ]
        session.output.json({"draft_id": draft, "versions": items})
        return ExitCode.ok
    session.output.table(
        ["version", "verdict", "how", "by", "when"],
        [[str(number), verdict, *_how(note)] for number, verdict, note in rows],
    )
    return ExitCode.ok


def told(session: Session, bench: Workbench, done: Amended | Stale) -> ExitCode:
    """Say what came of edits. Raises: Conflict where somebody else changed the same."""
    if isinstance(done, Stale):
        raise Conflict(
            f"Version {done.newest} is the newest by now, and it changed what these edits are about: {', '.join(done.changed[:5])}.",
            hint=f"voxspec versions {done.diff.draft_id} --diff {done.diff.from_version} shows what changed.",
        )
    report = done.draft.report
    diff = shown_diff(bench.settings, done.diff)
    if session.as_json:
        draft = shown_draft(bench.settings, done.draft).model_dump(mode="json")
        session.output.json(
            {"draft": draft, "diff": diff.model_dump(mode="json"), "kept": done.kept, "merged": done.merged}
        )
    else:
        _show(session, diff)
        state = f"version {done.draft.version}" if done.kept else "nothing was kept"
        session.output.say(
            f"{done.draft.id}: {state}; verdict: {report.verdict.value if report else 'not checked'}"
        )
    return ExitCode.failed if report is not None and report.blocking else ExitCode.ok


def _step(session: Session, draft: str, by: str | None, *, again: bool) -> ExitCode:
    with session.bench() as bench:
        seen = version_of(bench, draft).version
        return told(
            session, bench, undo_last(bench, draft, version=seen, by=by or getpass.getuser(), again=again)
        )


def _show(session: Session, diff: DraftDiff) -> None:
    if session.as_json:
        session.output.json(diff.model_dump(mode="json"))
        return
    for change in diff.changes:
        for line in _lines(change):
            session.output.say(line)
    for finding in diff.check.solved:
        session.output.say(f"solved: {finding.grader} on {finding.target}: {finding.message}")
    for finding in diff.check.raised:
        session.output.say(
            f"{finding.severity.value}: {finding.grader} on {finding.target}: {finding.message}"
        )
    for why in diff.why:
        session.output.note(why)


def _lines(change: Change) -> list[str]:
    why = f" ({change.why})" if change.why else ""
    lines = [f"{change.type} {change.target}{why}"]
    if change.type == "moved":
        return lines
    lines += [f"  - {line}" for line in change.before.splitlines()]
    return lines + [f"  + {line}" for line in change.after.splitlines()]


def _how(note: VersionNote | None) -> list[str]:
    if note is None:
        return ["written", "voxspec", ""]
    back = f", back to version {note.restores}" if note.restores else ""
    what = ", ".join(dict.fromkeys(one.type for one in note.edits))
    return [
        f"{note.cause.value}{back}{f': {what}' if what else ''}",
        note.by,
        note.at.isoformat(timespec="seconds"),
    ]


def _valid(make: Callable[[], Made]) -> Made:
    """What a person typed, as edits. Raises: InputRejected."""
    try:
        return make()
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputRejected(
            f"This is no edit: {where[:80]}: {first['msg'].lower()}.",
            hint='For example: [{"type": "replace", "target": "US-1.want", "text": "to …"}]',
        ) from problem


def _typed_over(given: str) -> Replace:
    target, equals, text = given.partition("=")
    if not equals or not target.strip():
        raise UsageError(
            f"'{given[:60]}' isn't TARGET=TEXT.", hint="For example: --set 'US-1.want=to export all boards'."
        )
    return _valid(lambda: Replace(target=target.strip(), text=text))


def _from_file(name: str) -> list[Edit]:
    text = read_text(Path(name))
    found: list[Edit] = _valid(lambda: _EDITS.validate_json(text))
    if len(found) > MOST_EDITS:
        raise InputRejected(
            f"'{name}' holds more than {MOST_EDITS} edits.", hint="Make them in several runs."
        )
    return found
