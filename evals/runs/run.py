"""Runs the cases of an evaluation set: its records into a fresh workspace, each case through the gate, expectations compared."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.request import DraftRequest
from assistant.errors import Conflict, ModelError
from assistant.workbench import Workbench
from evals.cases.case import Case, EvalSet, FrozenRecord, as_file
from evals.cases.expectations import result_of
from evals.gate import write_and_check
from evals.judging.judge import Gone
from evals.opinion import was_silent
from evals.reading.prose import natural
from evals.runs.outcome import CaseResult, Outcome, Problem, SetRun
from ingest.options import IngestOptions
from ingest.pipeline import ingest

BenchFactory = Callable[[str], Workbench]
"""Opens a workspace of that name; the caller chooses the home and owns it."""

_IN_A_ROW = 2
"""Cases in which a judge was silent, after which it isn't asked any more."""
External = dict[str, str]
"""Record id → external id."""


def run_set(bench_factory: BenchFactory, held: EvalSet) -> SetRun:
    """Run every case of a set in a workspace of its own, which must be empty or hold this very set.

    A case that breaks off because the model can't serve has the outcome `error`; the others go on.
    Raises: Conflict (the workspace holds other records), UnknownKind, StoreError.
    """
    with bench_factory(workspace_of(held)) as bench:
        bring_in(bench, held)
        return as_set_run(held, run_cases(bench, held, held.cases), bench.embedder.identity)


def workspace_of(held: EvalSet) -> str:
    """The workspace that a set's records are put into. Sets with the same records share it."""
    return f"eval-{digest(records_hash(held), version('voxspec'), size=8)}"


def records_hash(held: EvalSet) -> str:
    """Hash of the evidence, whatever its order."""
    return digest(*_sorted(held.records))


def bring_in(bench: Workbench, held: EvalSet) -> None:
    """Ingest the records as files. Raises: Conflict where the workspace holds others."""

    def group(record: FrozenRecord) -> tuple[str, str, str]:
        return record.kind.value, record.source, record.external_id

    with TemporaryDirectory() as folder:
        ordered = sorted(held.records, key=group)
        for (kind, source), members in groupby(ordered, key=lambda record: group(record)[:2]):
            rows = list(members)
            path = Path(folder) / f"{kind}-{source}.jsonl"
            path.write_text(as_file(rows), encoding="utf-8")
            ingest(bench, [path], IngestOptions(kind=rows[0].kind, source=source, mapping=_mapping(rows)))
    if strangers := set(_external(bench).values()) - {record.external_id for record in held.records}:
        raise Conflict(
            f"The workspace '{bench.workspace}' holds records of something else, such as '{min(strangers)}'.",
            hint="Run the set in an empty home.",
        )


def run_cases(
    bench: Workbench, held: EvalSet, cases: Iterable[Case], written: Callable[[Draft], None] | None = None
) -> Iterator[CaseResult]:
    """Run some cases of a set whose records are in the workspace. Raises: UnknownKind, StoreError.

    Args:
        written: called with each case's draft, which the results don't keep.
    """
    external = _external(bench)
    silent = 0
    for case in cases:
        request = DraftRequest(
            kind=held.spec.kind, brief=case.ask, scope=case.scope, max_items=case.max_items
        )
        try:
            draft = write_and_check(bench, request)
        except ModelError as problem:
            yield _broken_off(case, problem)
        else:
            if written is not None:
                written(draft)
            silent = silent + 1 if was_silent(draft.report) else 0
            if silent >= _IN_A_ROW and bench.judge is not None:
                # Each further case would wait for it as long again.
                bench.judge = Gone(bench.judge.name)
            yield result_of(draft, case, held, external)


def as_set_run(held: EvalSet, results: Iterable[CaseResult], embedder: str) -> SetRun:
    """The results of all cases of a set, in the order of their ids, with what they rest on."""
    ordered = tuple(sorted(results, key=lambda one: natural(one.case_id)))
    quoted = {quote.external_id for one in ordered for quote in one.quotes}
    return SetRun(
        name=held.spec.name,
        kind=held.spec.kind,
        records=records_hash(held),
        cases=digest(*sorted(held.cases, key=lambda case: case.id)),
        gates=digest(held.spec.graders, held.spec.thresholds),
        embedder=embedder,
        threshold=held.spec.thresholds.get("cases_passed", 1.0),
        evidence={
            one.external_id: one.model_copy(update={"author": None, "account": None})
            for one in _sorted(held.records)
            if one.external_id in quoted
        },
        results=ordered,
    )


def _sorted(records: Sequence[FrozenRecord]) -> list[FrozenRecord]:
    return sorted(records, key=lambda record: record.external_id)


def _external(bench: Workbench) -> External:
    held = bench.catalog.records.get(bench.workspace, bench.corpus().record_ids)
    return {key: record.external_id or "" for key, record in held.items()}


def _mapping(rows: list[FrozenRecord]) -> dict[str, str]:
    fields = ("text", "external_id", "said_at", "author", "account", "rating", "language")
    given = {name: name for name in fields if any(getattr(row, name) is not None for row in rows)}
    return given | {f"segment.{name}": f"segment_{name}" for row in rows for name in row.segments}


def _broken_off(case: Case, problem: ModelError) -> CaseResult:
    return CaseResult(
        case_id=case.id,
        asked=digest(case),
        ask=case.ask,
        about=case.about,
        outcome=Outcome.error,
        problem=Problem(code=problem.code, message=problem.message, hint=problem.hint),
    )
