"""Evaluation sets that live in a workspace: a draft, a finding or a bad answer becomes a case, and the cases a set that runs.

A case names records by their ids in the workspace. Its evidence is kept as (record id, revision): what was found for the
draft, and what the case names.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from pydantic import ValidationError

from assistant.domain.base import canonical_json, digest
from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.finding import Verdict, finding_key
from assistant.domain.label import KeptCase
from assistant.domain.record import Record
from assistant.errors import InputRejected, NotFound, UsageError
from assistant.search.query import search
from assistant.workbench import Workbench
from evals.cases.case import Case, EvalSet, Expect, FrozenRecord, RecordsFile, SetSpec
from evals.check import check
from evals.view import kind_spec

_NEIGHBOURS = 20
"""Records found anew for a case whose draft found none: what it abstained over."""
_QUOTE_ID = re.compile(r"Q\d+\Z")


@dataclass(frozen=True)
class Promotion:
    """What a person says of a draft when it becomes a case."""

    set_name: str
    must_cite: tuple[str, ...] = ()
    """Quote ids of the draft or record ids; `Q1|Q2`: one of them."""
    must_not_cite: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    bad: bool = False
    """The draft is no good answer: the case says what one would do."""
    abstain: bool | None = None
    """Whether a good answer says 'not enough evidence'; None: as the draft does, or doesn't where it is bad."""
    finding: str = ""
    """Key of a finding that cried wolf: the case passes where it is gone."""
    about: str = ""
    case_id: str = ""
    """Default: from the draft's id and version."""
    by: str = field(default="unknown", kw_only=True)


def promote(bench: Workbench, draft: Draft, asked: Promotion) -> KeptCase:
    """Keep a draft's request as a case of a set of the workspace, with its evidence.

    Raises: UsageError (a bad answer without a word on what a good one does, a set for another kind, a name that can't be),
        NotFound (a quote, record or finding that isn't there).
    """
    if draft.stale_reason:
        raise UsageError("The draft is stale: its evidence was erased.", hint="Write it again, then keep it.")
    names = {
        name: _records_named(bench, draft, getattr(asked, name)) for name in ("must_cite", "must_not_cite")
    }
    abstain = _abstains(draft) if asked.abstain is None and not asked.bad else bool(asked.abstain)
    expect = Expect(
        themes=asked.themes,
        must_cite=names["must_cite"],
        must_not_cite=names["must_not_cite"],
        abstain=abstain,
    )
    if asked.bad and asked.abstain is None and expect == Expect():
        raise UsageError(
            "A bad answer alone doesn't say what a good one does.",
            hint="Add what it must cite, must not cite or speak of, or that it must abstain.",
        )
    case = Case(
        id=asked.case_id or f"{draft.id}.v{draft.version}",
        ask=draft.brief,
        about=asked.about or _about(bench, draft, asked),
        scope=draft.scope,
        max_items=draft.max_items,
        expect=expect,
    )
    found = [quote.record_id for quote in draft.quotes.values()]
    passages = bench.catalog.records.passages(bench.workspace, list(draft.provenance.retrieved))
    found += [passage.record_id for passage in passages.values()]
    return keep(bench, asked.set_name, draft.kind, case, found, by=asked.by)


def keep(
    bench: Workbench, set_name: str, kind: str, case: Case, found: Iterable[str], *, by: str
) -> KeptCase:
    """Keep a case with its evidence: the records found, those it names, or, where there are none, the nearest to its brief.

    Raises: UnknownKind, UsageError, NotFound (it names a record that isn't there), StoreError.
    """
    kind_spec(kind)
    named = {
        name for entry in (*case.expect.must_cite, *case.expect.must_not_cite) for name in entry.split("|")
    }
    wanted = {*found, *named}
    if not wanted and case.ask.strip():
        wanted = {hit.record_id for hit in search(bench, case.ask[:1_000], Scope(), _NEIGHBOURS)}
    held = bench.catalog.records.get(bench.workspace, sorted(wanted))
    if lost := sorted(named - set(held)):
        raise NotFound(f"There is no record '{lost[0][:60]}' here.", hint="Name a record of this workspace.")
    try:
        kept = KeptCase(
            set_name=set_name,
            kind=kind,
            id=case.id,
            body=canonical_json(case),
            records=tuple((name, held[name].revision) for name in sorted(held)),
            by=by,
            at=datetime.now(UTC),
        )
    except ValidationError as problem:
        where = str(problem.errors()[0]["loc"][0])
        raise InputRejected(
            f"'{(set_name if where == 'set_name' else case.id)[:60]}' can't name a {'set' if where == 'set_name' else 'case'}.",
            hint="A set's name is 1 to 64 of a-z, 0-9, '-' and '_'; a case's id has letters, digits, '.', '-' and '_'.",
        ) from problem
    bench.catalog.cases.put(bench.workspace, kept)
    return kept


def workspace_set(bench: Workbench, name: str) -> EvalSet:
    """A set of the workspace as one that runs: its records frozen, under their record ids. Raises: NotFound."""
    kept = cases_of(bench, name)
    records = [frozen(record) for record in _evidence(bench, kept).values()]
    evidence = records_lines(records)
    spec = SetSpec(
        schema_version=1,
        name=name,
        kind=kept[0].kind,
        purpose=f"Kept in the workspace {bench.workspace}.",
        records=RecordsFile(sha256=sha256(evidence.encode("utf-8")).hexdigest()),
        frozen_at=max(one.at for one in kept),
    )
    there = {record.external_id for record in records}
    cases = tuple(_without(Case.model_validate_json(one.body), there) for one in kept)
    prefix = f"{name}/"
    labels = tuple(one for one in bench.catalog.labels.labels(bench.workspace, "", prefix))
    return EvalSet(spec, tuple(records), cases, labels)


def cases_of(bench: Workbench, name: str) -> list[KeptCase]:
    """The cases of a set, by id. Raises: NotFound."""
    kept = bench.catalog.cases.cases(bench.workspace, name)
    if not kept:
        known = ", ".join(bench.catalog.cases.sets(bench.workspace)) or "none yet"
        raise NotFound(
            f"There is no evaluation set '{name[:64]}' in workspace '{bench.workspace}'.",
            hint=f"Sets here: {known}. 'voxspec eval promote DRAFT_ID --set NAME' begins one.",
        )
    return kept


def records_lines(records: Sequence[FrozenRecord]) -> str:
    """What `records.jsonl` holds."""
    return "".join(
        f"{canonical_json(record.model_dump(mode='json', exclude_none=True))}\n" for record in records
    )


def frozen(record: Record) -> FrozenRecord:
    """A record as a set holds it, under its record id. The author is the pseudonym: names don't leave."""
    return FrozenRecord(
        external_id=record.id,
        source=record.source,
        kind=record.kind,
        text=record.raw,
        author=record.person,
        account=record.account,
        rating=record.rating,
        said_at=record.said_at.isoformat() if record.said_at else None,
        language=None if record.language == "und" else record.language,
        segments=record.segments,
    )


def _evidence(bench: Workbench, kept: Sequence[KeptCase]) -> Mapping[str, Record]:
    """Each record in its latest kept revision; cases of one set share their evidence."""
    revisions = dict(
        sorted(
            (pair for one in sorted(kept, key=lambda one: (one.at, one.id)) for pair in one.records),
            key=lambda pair: pair[0],
        )
    )
    found: dict[str, Record] = {}
    for name, revision in sorted(revisions.items()):
        held = bench.catalog.records.get(bench.workspace, [name], revision)
        held = held or bench.catalog.records.get(bench.workspace, [name])
        found |= held
    return found


def _without(case: Case, there: set[str]) -> Case:
    """The case without names of records that are gone; one that may have been cited instead stays."""
    cited = tuple(
        left
        for entry in case.expect.must_cite
        if (left := "|".join(n for n in entry.split("|") if n in there))
    )
    refused = tuple(name for name in case.expect.must_not_cite if name in there)
    expect = case.expect.model_copy(update={"must_cite": cited, "must_not_cite": refused})
    return case.model_copy(update={"expect": expect})


def _records_named(bench: Workbench, draft: Draft, entries: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        "|".join(_record_named(bench, draft, name.strip()) for name in entry.split("|")) for entry in entries
    )


def _record_named(bench: Workbench, draft: Draft, name: str) -> str:
    if _QUOTE_ID.match(name) and name in draft.quotes:
        return draft.quotes[name].record_id
    if bench.catalog.records.get(bench.workspace, [name]):
        return name
    raise NotFound(
        f"'{name[:60]}' is no quote of the draft and no record of this workspace.",
        hint="Name quotes of the draft (Q1) or records (rec_…).",
    )


def _abstains(draft: Draft) -> bool:
    return draft.report is not None and draft.report.verdict is Verdict.not_enough_evidence


def _about(bench: Workbench, draft: Draft, asked: Promotion) -> str:
    if not asked.finding:
        return "A bad answer, mended." if asked.bad else "An accepted draft."
    stored = draft.report.findings if draft.report else ()
    for finding in (*stored, *check(bench, draft).findings):
        if finding_key(finding) == asked.finding:
            return f"{finding.grader} cried wolf on {finding.target}: {finding.message}"
    raise NotFound(
        f"Version {draft.version} of {draft.id} has no finding '{asked.finding[:40]}'.",
        hint=f"voxspec check {draft.id} lists its findings with their keys.",
    )


def new_id(*parts: str) -> str:
    """An id for a case that came without one."""
    return f"case-{digest(*parts, size=6)}"
