"""`voxspec eval sets`, `promote`, `export` and `import`: the evaluation sets of a workspace."""

import getpass
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from api.cli.checks import stored_draft
from api.cli.exits import ExitCode
from api.cli.files import demand_place, writing
from api.cli.session import Session
from assistant.errors import InputRejected, NotFound, UsageError
from evals.cases.case import Case, EvalSet, load_set, shipped_sets
from evals.cases.inspect_samples import from_inspect, to_inspect
from evals.cases.kept import Promotion, keep, workspace_set
from evals.cases.kept import promote as promote_draft
from evals.cases.promptfoo import from_promptfoo, to_promptfoo
from evals.cases.set_folder import export_set, import_set, remove_case
from evals.release import judged

_LARGEST_BYTES = 16 * 1024 * 1024
_Set = Annotated[str, Option("--set", metavar="NAME", help="The workspace's set.", show_default=False)]
_Name = Annotated[str, Argument(metavar="NAME", help="A set of the workspace.", show_default=False)]
_By = Annotated[str | None, Option("--by", help="Who decides; default: whoever is logged in.")]


class Form(StrEnum):
    """How cases are written."""

    folder = "folder"
    promptfoo = "promptfoo"
    inspect = "inspect"


def kept_sets(session: Session, names: Sequence[str]) -> dict[str, EvalSet]:
    """Those of the names that are sets of the workspace, ready to run; the workspace is opened only for some name."""
    if not names:
        return {}
    with session.bench() as bench:
        known = bench.catalog.cases.sets(bench.workspace)
        return {name: workspace_set(bench, name) for name in names if name in known}


def sets(
    session: Session,
    remove: Annotated[
        str | None, Option("--remove", metavar="NAME/CASE", help="Take a case out of a set of the workspace.")
    ] = None,
) -> ExitCode:
    """List evaluation sets: the workspace's and Voxspec's own."""
    with session.bench() as bench:
        if remove is not None:
            name, _, case_id = remove.partition("/")
            if not remove_case(bench, name, case_id):
                raise NotFound(f"There is no case '{case_id}' in '{name}'.", hint="--json lists the cases.")
            session.output.note(f"{remove} was removed.")
        own = {
            name: {
                "kind": kind,
                "cases": [one.id for one in bench.catalog.cases.cases(bench.workspace, name)],
            }
            for name, (kind, _) in bench.catalog.cases.sets(bench.workspace).items()
        }
    shipped = {name: load_set(folder) for name, folder in shipped_sets().items()}
    if session.as_json:
        theirs = {
            name: {"kind": one.spec.kind, "cases": [c.id for c in one.cases]} for name, one in shipped.items()
        }
        session.output.json({"shipped": theirs, "workspace": own})
        return ExitCode.ok
    rows = [[name, "workspace", str(held["kind"]), len(held["cases"])] for name, held in own.items()]
    rows += [[name, "Voxspec", one.spec.kind, len(one.cases)] for name, one in shipped.items()]
    session.output.table(["set", "of", "kind", "cases"], rows)
    return ExitCode.ok


def promote(
    session: Session,
    draft: Annotated[str, Argument(metavar="DRAFT_ID", help="The draft's id.", show_default=False)],
    set_name: _Set,
    must_cite: Annotated[
        list[str] | None, Option(metavar="Q1|REC", help="A quote or record that must be cited; repeatable.")
    ] = None,
    must_not_cite: Annotated[
        list[str] | None, Option(metavar="Q1|REC", help="One that must not be cited; repeatable.")
    ] = None,
    theme: Annotated[
        list[str] | None, Option(metavar="WORD|WORD", help="Words of which one must occur; repeatable.")
    ] = None,
    bad: Annotated[bool, Option("--bad", help="The draft is no good answer; say what one does.")] = False,
    abstain: Annotated[
        bool | None,
        Option("--abstain/--answer", help="Must it say 'not enough evidence'? Default: as the draft does."),
    ] = None,
    finding: Annotated[str, Option(metavar="KEY", help="A finding that cried wolf, and must be gone.")] = "",
    about: Annotated[str, Option(help="What the case is there for.")] = "",
    case: Annotated[str, Option("--case", metavar="ID", help="Id of the case; default: of the draft.")] = "",
    version: Annotated[
        int | None, Option("--draft-version", min=1, max=1_000_000, metavar="N", help="Default: the newest.")
    ] = None,
    by: _By = None,
) -> ExitCode:
    """Keep a draft as a case of a set of the workspace.

    The case asks what the draft's brief asked, over the evidence that was found for it. What it expects is that the draft is
    ready (or abstains), and what the options say; never the draft's own words.
    """
    asked = Promotion(
        set_name,
        must_cite=tuple(must_cite or ()),
        must_not_cite=tuple(must_not_cite or ()),
        themes=tuple(theme or ()),
        bad=bad,
        abstain=abstain,
        finding=finding,
        about=about,
        case_id=case,
        by=by or getpass.getuser(),
    )
    with session.bench() as bench:
        kept = promote_draft(bench, judged(bench, stored_draft(bench, draft, version)), asked)
    if session.as_json:
        session.output.json(
            kept.model_dump(mode="json")
            | {"body": Case.model_validate_json(kept.body).model_dump(mode="json")}
        )
        return ExitCode.ok
    session.output.say(f"{kept.set_name}/{kept.id}: kept with {len(kept.records)} records as evidence.")
    expect = Case.model_validate_json(kept.body).expect
    if not (expect.must_cite or expect.must_not_cite or expect.themes or expect.abstain):
        session.output.note("It expects only that the draft is ready; --must-cite and --theme say more.")
    return ExitCode.ok


def export(
    session: Session,
    name: _Name,
    out: Annotated[
        Path, Argument(metavar="DIR|FILE", help="A new folder; with --to, a file.", show_default=False)
    ],
    to: Annotated[
        Form, Option("--to", help="folder, promptfoo (YAML) or inspect (JSON lines).")
    ] = Form.folder,
) -> ExitCode:
    """Write a set as a folder, for promptfoo or inspect-ai.

    A folder holds the records with their raw text and SHA-256; authors are pseudonyms. What another format can't say is told.
    """
    if to is not Form.folder:
        demand_place(out)
    with session.bench() as bench:
        held = workspace_set(bench, name)
        if to is Form.folder:
            held = export_set(bench, name, out)
    told: list[str] = []
    if to is not Form.folder:
        text, told = to_promptfoo(held) if to is Form.promptfoo else to_inspect(held)
        with writing(out) as stream:
            stream.write(text.encode("utf-8"))
    if session.as_json:
        session.output.json(
            {
                "set": name,
                "cases": len(held.cases),
                "records": len(held.records),
                "out": str(out),
                "told": told,
            }
        )
        return ExitCode.ok
    session.output.say(f"{len(held.cases)} cases over {len(held.records)} records, written to {out}")
    for line in told:
        session.output.note(line)
    return ExitCode.ok


def import_(
    session: Session,
    source: Annotated[
        Path, Argument(metavar="DIR|FILE", help="A set's folder, or with --from a file.", show_default=False)
    ],
    form: Annotated[
        Form, Option("--from", help="folder, promptfoo (YAML) or inspect (JSON lines).")
    ] = Form.folder,
    set_name: Annotated[
        str, Option("--set", metavar="NAME", help="Its name here; default: its own, or the file's.")
    ] = "",
    kind: Annotated[str, Option(help="Kind of draft that the cases of a file are for.")] = "",
    add_records: Annotated[
        bool, Option("--add-records", help="Add the folder's records to a workspace that holds others.")
    ] = False,
    by: _By = None,
) -> ExitCode:
    """Keep a folder, promptfoo tests or inspect samples as a set."""
    name = set_name or source.stem.lower().replace(" ", "_")
    told: list[str] = []
    who = by or getpass.getuser()
    with session.bench() as bench:
        if form is Form.folder:
            held = import_set(bench, source, name=set_name, by=who, add_records=add_records)
        else:
            if not kind:
                raise UsageError(
                    "For which kind of draft?", hint="Add --kind prd, user_stories or insight_summary."
                )
            text = _read(source)
            cases, told = from_promptfoo(text) if form is Form.promptfoo else from_inspect(text)
            if not cases:
                raise InputRejected(f"'{source}' holds no case.", hint="; ".join(told[:3]))
            for case in cases:
                keep(bench, name, kind, case, (), by=who)
            held = workspace_set(bench, name)
    if session.as_json:
        session.output.json(
            {"set": held.spec.name, "cases": len(held.cases), "records": len(held.records), "told": told}
        )
        return ExitCode.ok
    session.output.say(f"{held.spec.name}: {len(held.cases)} cases over {len(held.records)} records.")
    for line in told:
        session.output.note(line)
    return ExitCode.ok


def _read(path: Path) -> str:
    if not path.is_file():
        raise NotFound(f"There is no file '{path}'.", hint="Check the path; a folder needs no --from.")
    if path.stat().st_size > _LARGEST_BYTES:
        raise InputRejected(f"'{path}' is too large.", hint="At most 16 MB are read.")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise InputRejected(f"'{path}' isn't UTF-8 text.", hint="Save it as UTF-8.") from problem


# A function can't be called `import`, but the command is.
globals()["import"] = import_
