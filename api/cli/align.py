"""`voxspec align`: does a branch do what the draft asks for, and nothing that it rules out."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from api.align.align import align as held_against
from api.align.alignment import Alignment, ItemAligned, Misfit, Sign, Stand, Verdict
from api.align.branch import read_branch
from api.align.spec import Spec, spec_of, spec_of_markdown
from api.annotations import annotation
from api.cli.checks import stored_draft
from api.cli.exits import ExitCode
from api.cli.files import read_text
from api.cli.session import Session
from assistant.domain.finding import Severity
from assistant.errors import InputRejected
from assistant.workbench import Workbench
from evals.check import load_draft_json

_LONGEST_PR = 1_000_000
_CODES = {
    Verdict.aligned: ExitCode.ok,
    Verdict.misaligned: ExitCode.failed,
    Verdict.unclear: ExitCode.unavailable,
}
_MOST_SHOWN = 2


class AlignForm(StrEnum):
    """How the answer is written."""

    table = "table"
    json = "json"
    github = "github"


def align(
    session: Session,
    draft: Annotated[str, Argument(metavar="DRAFT_ID|FILE", help="A draft's id, or its .json or .md file.")],
    branch: Annotated[str, Option("--branch", help="The branch, tag or commit that is looked at.")] = "HEAD",
    base: Annotated[
        str, Option("--base", help="What it goes back to; default: the remote's main branch, or main.")
    ] = "",
    pr_text: Annotated[
        str, Option("--pr-text", metavar="FILE|-", help="Title and text of its pull request; - reads stdin.")
    ] = "",
    repository: Annotated[Path, Option("--repository", help="Folder of the clone.")] = Path(),
    complete: Annotated[
        bool, Option("--complete", help="Every requirement has to be done by this branch.")
    ] = False,
    form: Annotated[
        AlignForm, Option("--format", help="table; json, as --json; github: annotations of a pull request.")
    ] = AlignForm.table,
) -> ExitCode:
    """Hold a branch and its pull request against a draft.

    Says which requirements it does, touches, goes against or doesn't mention, by their ids (FR-7) and the keys of their tickets first, then by words and meaning,
    with what matched; non-goals that it works on; tickets without a requirement; stale evidence. `Requirements: none` in the text says that it is about none.

    Exit code 0: aligned; 1: something doesn't fit; 3: unclear, nothing says what it is for.
    """  # fmt: skip
    said = _pr_text(pr_text)
    looked = read_branch(repository, branch, base)
    with session.bench() as bench:
        found = held_against(bench, _spec(bench, draft), looked, said, complete=complete)
    if session.as_json or form is AlignForm.json:
        session.output.json(found.model_dump(mode="json"))
    elif form is AlignForm.github:
        for one in found.misfits:
            session.output.say(_annotated(one))
        session.output.note(f"verdict: {found.verdict.value}")
    else:
        _tell(session, found)
    if not found.is_stored:
        session.output.note(
            "The draft isn't in this workspace: its evidence and its tickets weren't looked at."
        )
    return _CODES[found.verdict]


def _spec(bench: Workbench, name: str) -> Spec:
    path = Path(name)
    if path.suffix.lower() in {".md", ".markdown"}:
        return spec_of_markdown(bench, read_text(path), path.name)
    if path.suffix.lower() != ".json":
        return spec_of(stored_draft(bench, name), is_stored=True)
    held = load_draft_json(read_text(path), bench)
    here = held.workspace == bench.workspace
    kept = bench.catalog.drafts.get(bench.workspace, held.id, held.version) if here else None
    return spec_of(kept or held, is_stored=kept is not None)


def _pr_text(name: str) -> str:
    if not name:
        return ""
    if name != "-":
        return read_text(Path(name))
    content = sys.stdin.buffer.read(_LONGEST_PR + 1)
    if len(content) > _LONGEST_PR:
        raise InputRejected("The text of the pull request is too long.", hint="At most 1 MB is read.")
    return content.decode("utf-8", "replace")


def _annotated(one: Misfit) -> str:
    level = "error" if one.severity is Severity.block else "warning"
    place = {"file": one.path, "line": str(one.line)} if one.path and one.line else {}
    return annotation(level, place | {"title": f"align: {one.rule}"}, one.message, one.evidence, one.fix)


def _tell(session: Session, found: Alignment) -> None:
    say = session.output.say
    say(f"{found.title} ({found.draft_id}, version {found.version})")
    commits, files = _counted(found.commits, "commit"), _counted(found.files, "file")
    say(f"{found.base}...{found.branch}: {commits}, {files}")
    for stand in (Stand.does, Stand.touches, Stand.contradicted, Stand.unclear):
        for one in found.of(stand):
            say(f"{stand.value:12} {one.item}: {one.text}")
            for sign in _shown(one):
                say(f"{'':12}   {_why(sign)}")
    if absent := found.of(Stand.absent):
        say(f"not mentioned: {', '.join(one.item for one in absent)}")
    for ticket in found.tickets:
        if ticket.items or ticket.elsewhere:
            does = ", ".join(filter(None, ticket.items)) or "the draft as a whole"
            say(
                f"ticket {ticket.key} does {does if ticket.items else 'a part of ' + ', '.join(ticket.elsewhere)}"
            )
    for misfit in found.misfits:
        if misfit.rule != "unclear":
            say(f"{'!' if misfit.severity is Severity.block else '?'} {misfit.message}")
            if misfit.evidence:
                say(f"    {misfit.evidence}")
            session.output.note(f"    {misfit.fix}")
    say(f"verdict: {found.verdict.value}")
    if found.verdict is Verdict.unclear:
        session.output.note(
            "Nothing says what the branch is for. Name a requirement in the pull request (`Implements FR-1`), or write `Requirements: none`."
        )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _shown(one: ItemAligned) -> list[Sign]:
    """The signs that a reader needs: the strongest of each kind."""
    first: dict[str, Sign] = {}
    for sign in one.signs:
        first.setdefault(sign.by, sign)
    return list(first.values())[:_MOST_SHOWN]


def _why(sign: Sign) -> str:
    where = f"{sign.where}{f' {sign.place}' if sign.place else ''}{f' line {sign.line}' if sign.line else ''}"
    by = sign.by
    if sign.by == "words":
        by = f"{sign.coverage:.0%} of its words ({', '.join(sign.words) or 'none'})"
        by += f", likeness {sign.cosine:.2f}" if sign.cosine else ""
    elif sign.by == "bound":
        by = f"{sign.words[0]} is beyond {sign.words[1]}"
    return f"{by} — {where}: {sign.text}"
