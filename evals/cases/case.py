"""Evaluation sets: frozen evidence, what is asked of it, and what a draft must and must not say. Format and reading.

A set is a folder: `set.yaml` (SetSpec), `records.jsonl` (FrozenRecord a line), `cases.jsonl` (Case a line), and, where people
judged, `labels.jsonl` (Label a line).
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen
from assistant.domain.evidence import Scope
from assistant.domain.finding import Severity
from assistant.domain.label import Label
from assistant.domain.record import RecordKind
from assistant.errors import InputRejected, NotFound
from evals.cases.set_lines import read_lines, read_spec
from evals.registry import check_names

_DESCRIBED = "evals/cases/case.py"


class FrozenRecord(Frozen):
    """One record of a set, as it would stand in a person's file."""

    external_id: str
    source: str
    kind: RecordKind = RecordKind.customer
    text: str
    author: str | None = None
    account: str | None = None
    rating: float | None = None
    said_at: str | None = None
    """ISO date or time, as a file would give it."""
    language: str | None = None
    segments: dict[str, str] = Field(default_factory=dict)


class Nugget(Frozen):
    """One thing that a good answer says (TREC's nuggets; Voorhees 2003)."""

    says: str = Field(min_length=1)
    """Words of which one must occur, `a|b`; beginnings of words count."""
    importance: Literal["vital", "okay"] = "vital"
    """A case fails without a vital one; an okay one only counts."""


class Expect(Frozen):
    """What a draft must do. Never a whole reference draft: many drafts are right."""

    themes: tuple[str, ...] = ()
    """Words that must occur in the draft's text or quotes; `a|b`: one of them. Beginnings of words count."""
    must_cite: tuple[str, ...] = ()
    """External ids of records that must be quoted; `L1|L2`: one of them."""
    must_not_cite: tuple[str, ...] = ()
    """External ids of records that must not be quoted."""
    nuggets: tuple[Nugget, ...] = ()
    """What a good answer says; counted as recall over the vital and over all."""
    abstain: bool = False
    """The draft must say `not enough evidence`, and otherwise be ready."""


class Case(Frozen):
    """One question to a set's records."""

    id: str
    ask: str
    """The brief."""
    about: str = ""
    """What the case is there for, for whoever reads its result."""
    scope: Scope = Field(default_factory=Scope)
    max_items: int = Field(default=10, ge=1, le=50)
    expect: Expect


class RecordsFile(Frozen):
    """Where the evidence lies, and its hash: changed evidence makes another set."""

    file: str = "records.jsonl"
    sha256: str


class SetSpec(Frozen):
    """What `set.yaml` holds."""

    schema_version: Literal[1]
    name: str
    kind: str
    purpose: str = ""
    records: RecordsFile
    graders: dict[str, Severity] = Field(default_factory=dict)
    """Grader → its gate here, `block` or `advise`, where it differs from the grader's own."""
    thresholds: dict[Literal["cases_passed"], float] = Field(default_factory=dict)
    """Least share of cases that must pass; 1 where it isn't given."""
    frozen_at: AwareDatetime | None = None


@dataclass(frozen=True)
class EvalSet:
    """A set as it was read, complete and consistent."""

    spec: SetSpec
    records: tuple[FrozenRecord, ...]
    cases: tuple[Case, ...]
    labels: tuple[Label, ...] = ()


def shipped_sets() -> dict[str, Path]:
    """The folders of the sets that come with Voxspec, by name."""
    root = Path(str(files("evals"))) / "sets"
    return {path.parent.name: path.parent for path in sorted(root.glob("*/set.yaml"))}


def load_set(folder: Path) -> EvalSet:
    """Read a set.

    Raises: NotFound (no `set.yaml`), InputRejected (names file, line and field; evidence that isn't what its hash says;
    ids given twice or leading nowhere), UsageError (a grader that doesn't exist).
    """
    spec_file = folder / "set.yaml"
    if not spec_file.is_file():
        raise NotFound(f"There is no evaluation set in {folder}.", hint="A set is a folder with a set.yaml.")
    spec = read_spec(spec_file, SetSpec, _DESCRIBED)
    check_names(spec.graders)
    evidence = folder / spec.records.file
    if not evidence.is_file() or sha256(evidence.read_bytes()).hexdigest() != spec.records.sha256:
        raise InputRejected(
            f"{spec.records.file} isn't the evidence that {spec.name} was frozen with.",
            hint="Restore the file, or write its SHA-256 into set.yaml and give the set a new name.",
        )
    records = tuple(read_lines(evidence, FrozenRecord, _DESCRIBED))
    asked = folder / "cases.jsonl"
    if not asked.is_file():
        raise InputRejected(
            f"{asked.name} is missing.", hint="A set needs set.yaml, its records and cases.jsonl."
        )
    cases = tuple(read_lines(asked, Case, _DESCRIBED))
    judged = folder / "labels.jsonl"
    labels = tuple(read_lines(judged, Label, _DESCRIBED)) if judged.is_file() else ()
    _consistent(spec, records, cases)
    return EvalSet(spec, records, cases, labels)


def _consistent(spec: SetSpec, records: tuple[FrozenRecord, ...], cases: tuple[Case, ...]) -> None:
    known = [record.external_id for record in records]
    asked = [case.id for case in cases]
    for what, names in (("record", known), ("case", asked)):
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise InputRejected(
                f"{spec.name}: the {what} id '{twice[0]}' is given twice.", hint="Ids are unique."
            )
    if not cases:
        raise InputRejected(f"{spec.name} has no cases.", hint="Add one to cases.jsonl.")
    for case in cases:
        cited = {name for entry in case.expect.must_cite for name in entry.split("|")} | set(
            case.expect.must_not_cite
        )
        if lost := sorted(cited - set(known)):
            raise InputRejected(
                f"{spec.name}: the case '{case.id}' expects '{lost[0]}', which isn't among the records.",
                hint="Use the external_id of a record of the set.",
            )


def as_file(records: list[FrozenRecord]) -> str:
    """Records of one source and kind as the JSONL that `voxspec ingest` reads, with flat columns."""
    rows = []
    for record in records:
        row = record.model_dump(mode="json", exclude={"source", "kind", "segments"}, exclude_none=True)
        rows.append(row | {f"segment_{name}": value for name, value in record.segments.items()})
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
