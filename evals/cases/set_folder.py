"""Workspace sets as folders in the format of the shipped ones, and folders as workspace sets."""

from pathlib import Path

import yaml

from assistant.errors import Conflict, InputRejected, UsageError
from assistant.workbench import Workbench
from evals.cases.case import Case, EvalSet, FrozenRecord, load_set
from evals.cases.kept import cases_of, keep, records_lines, workspace_set
from evals.cases.opinions import keep_newer, opinions
from evals.runs.run import bring_in


def export_set(bench: Workbench, name: str, folder: Path) -> EvalSet:
    """Write a set of the workspace as a folder: its records frozen, with their SHA-256.

    Raises: NotFound, UsageError (the folder holds something), StoreError.
    """
    held = workspace_set(bench, name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"'{folder}' exists and isn't empty.", hint="Name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / held.spec.records.file).write_bytes(records_lines(held.records).encode("utf-8"))
    (folder / "cases.jsonl").write_bytes(_lines(held.cases).encode("utf-8"))
    if held.labels:
        (folder / "labels.jsonl").write_bytes(
            "".join(f"{one.model_dump_json()}\n" for one in held.labels).encode("utf-8")
        )
    spec = held.spec.model_dump(mode="json", exclude_defaults=True)
    spec["records"] = held.spec.records.model_dump()
    (folder / "set.yaml").write_text(
        yaml.safe_dump(spec, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    return load_set(folder)


def import_set(
    bench: Workbench, folder: Path, *, name: str = "", by: str, add_records: bool = False
) -> EvalSet:
    """Keep a set's cases in the workspace, and its labels as opinions. Records that the workspace has already are found again by id
    and text.

    Args:
        name: of the set here; default: its own.
        add_records: ingest the set's records even though the workspace holds others.

    Raises: NotFound, InputRejected (the folder is no set, or its labels decide something), UsageError (its records would mix with others), StoreError.
    """
    held = load_set(folder)
    told = opinions(held.labels, "labels.jsonl")
    ids = _known(bench, held)
    if len(ids) < len(held.records):
        if bench.corpus().record_ids and len(ids) == 0 and not add_records:
            raise UsageError(
                f"The workspace '{bench.workspace}' holds other records than the set '{held.spec.name}'.",
                hint="Import it into a workspace of its own with -w NAME, or add its records here with --add-records.",
            )
        _ingest(bench, held)
        ids = _known(bench, held)
    if lost := sorted({one.external_id for one in held.records} - set(ids)):
        raise InputRejected(
            f"{len(lost)} records of the set could not be kept, such as '{lost[0][:60]}'.",
            hint="Are their texts empty?",
        )
    for case in held.cases:
        keep(bench, name or held.spec.name, held.spec.kind, _renamed(case, ids), ids.values(), by=by)
    own = f"{held.spec.name}/"
    here = f"{name or held.spec.name}/"
    moved = [
        one.model_copy(update={"item": here + one.item.removeprefix(own)})
        for one in told
        if one.item.startswith(own)
    ]
    keep_newer(bench.catalog.labels, bench.workspace, moved)
    return workspace_set(bench, name or held.spec.name)


def remove_case(bench: Workbench, name: str, case_id: str) -> bool:
    """Take a case out of a set of the workspace. Returns whether there was one. Raises: NotFound for the set."""
    cases_of(bench, name)
    return bench.catalog.cases.remove(bench.workspace, name, case_id)


def _ingest(bench: Workbench, held: EvalSet) -> None:
    try:
        bring_in(bench, held)
    except Conflict:
        # It says that other records are here as well, which was asked for.
        return


def _known(bench: Workbench, held: EvalSet) -> dict[str, str]:
    """External id → id of the record here that says the same: by that very id, or by the source's own."""
    found: dict[str, str] = {}
    here = bench.catalog.records.get(bench.workspace, bench.corpus().record_ids)
    by_name = {(one.source, one.external_id): one for one in here.values()}
    for record in held.records:
        same = here.get(record.external_id) or by_name.get((record.source, record.external_id))
        if same is not None and _says(same.raw, record):
            found[record.external_id] = same.id
    return found


def _says(raw: str, record: FrozenRecord) -> bool:
    return raw.strip() == record.text.strip()


def _renamed(case: Case, ids: dict[str, str]) -> Case:
    def named(entry: str) -> str:
        return "|".join(ids[name] for name in entry.split("|"))

    expect = case.expect.model_copy(
        update={
            "must_cite": tuple(map(named, case.expect.must_cite)),
            "must_not_cite": tuple(map(named, case.expect.must_not_cite)),
        }
    )
    return case.model_copy(update={"expect": expect})


def _lines(cases: tuple[Case, ...]) -> str:
    return "".join(f"{case.model_dump_json(exclude_defaults=True)}\n" for case in cases)
