"""Runs an evaluation set: its records into a fresh workspace, each case through the gate, expectations compared."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.domain.draft import Draft
from assistant.domain.finding import Severity, Verdict
from assistant.domain.request import DraftRequest
from assistant.errors import Conflict
from assistant.workbench import Workbench
from evals.case import Case, EvalSet, FrozenRecord, as_file
from evals.gate import write_and_check
from evals.match import fold
from evals.prose import places
from ingest.options import IngestOptions
from ingest.pipeline import ingest

BenchFactory = Callable[[str], Workbench]
"""Opens a workspace of that name; the caller chooses the home and owns it."""


@dataclass(frozen=True)
class CaseResult:
    """One case and what it missed."""

    case_id: str
    verdict: Verdict
    misses: tuple[str, ...]
    """One sentence for each expectation that wasn't met; empty where the case passed."""
    nuggets: tuple[int, int] = (0, 0)
    """How many of the expected nuggets the draft says, of how many."""

    @property
    def passed(self) -> bool:
        return not self.misses


@dataclass(frozen=True)
class Run:
    """One execution of a set."""

    name: str
    kind: str
    evidence: str
    """SHA-256 of the set's records."""
    results: tuple[CaseResult, ...]
    threshold: float

    @property
    def passed(self) -> bool:
        """Whether enough cases passed. A case with a blocking finding never does."""
        return sum(result.passed for result in self.results) >= self.threshold * len(self.results)


def run_set(bench_factory: BenchFactory, held: EvalSet) -> Run:
    """Run every case of a set in a workspace of its own, which must be empty or hold this very set.

    Raises: Conflict (the workspace holds other records), UnknownKind, ModelError, StoreError.
    """
    with bench_factory(f"eval-{held.spec.records.sha256[:12]}") as bench:
        external = _bring_in(bench, held.records)
        results = tuple(_run_case(bench, held, case, external) for case in held.cases)
    return Run(
        name=held.spec.name,
        kind=held.spec.kind,
        evidence=held.spec.records.sha256,
        results=results,
        threshold=held.spec.thresholds.get("cases_passed", 1.0),
    )


def _bring_in(bench: Workbench, records: tuple[FrozenRecord, ...]) -> dict[str, str]:
    """Ingest the records as files. Returns: record id → external id."""

    def group(record: FrozenRecord) -> tuple[str, str]:
        return record.kind.value, record.source

    with TemporaryDirectory() as folder:
        for (_, source), members in groupby(sorted(records, key=group), key=group):
            rows = list(members)
            path = Path(folder) / f"{rows[0].kind.value}-{source}.jsonl"
            path.write_text(as_file(rows), encoding="utf-8")
            ingest(bench, [path], IngestOptions(kind=rows[0].kind, source=source, mapping=_mapping(rows)))
    ids = bench.corpus().record_ids
    external = {
        key: record.external_id or ""
        for key, record in bench.catalog.records.get(bench.workspace, ids).items()
    }
    if strangers := set(external.values()) - {record.external_id for record in records}:
        raise Conflict(
            f"The workspace '{bench.workspace}' holds records of something else, such as '{min(strangers)}'.",
            hint="Run the set in an empty home.",
        )
    return external


def _mapping(rows: list[FrozenRecord]) -> dict[str, str]:
    fields = ("text", "external_id", "said_at", "author", "account", "rating", "language")
    given = {name: name for name in fields if any(getattr(row, name) is not None for row in rows)}
    return given | {f"segment.{name}": f"segment_{name}" for row in rows for name in row.segments}


def _run_case(bench: Workbench, held: EvalSet, case: Case, external: dict[str, str]) -> CaseResult:
    request = DraftRequest(kind=held.spec.kind, brief=case.ask, scope=case.scope, max_items=case.max_items)
    draft = write_and_check(bench, request)
    verdict = draft.report.verdict if draft.report else Verdict.needs_fixes
    said = _said(draft)
    nuggets = [_says(said, nugget.says) for nugget in case.expect.nuggets]
    misses = tuple(_misses(draft, case, held, external, said))
    return CaseResult(case.id, verdict, misses, (sum(nuggets), len(nuggets)))


def _misses(draft: Draft, case: Case, held: EvalSet, external: dict[str, str], said: str) -> Iterator[str]:
    expect = case.expect
    report = draft.report
    for finding in report.findings if report else ():
        if held.spec.graders.get(finding.grader, finding.severity) is Severity.block:
            yield f"{finding.grader}: {finding.message}"
    abstained = report is not None and report.verdict is Verdict.not_enough_evidence
    if abstained is not expect.abstain:
        yield (
            "It should say that there is not enough evidence."
            if expect.abstain
            else "It says not enough evidence."
        )
    cited = {external.get(quote.record_id, quote.record_id) for quote in draft.quotes.values()}
    for entry in expect.must_cite:
        if not cited & set(entry.split("|")):
            yield f"It should cite {entry.replace('|', ' or ')}."
    for name in sorted(cited & set(expect.must_not_cite)):
        yield f"It must not cite {name}."
    for theme in expect.themes:
        if not _says(said, theme):
            yield f"It should speak of {theme.replace('|', ' or ')}."
    for nugget in expect.nuggets:
        if nugget.importance == "vital" and not _says(said, nugget.says):
            yield f"It should say {nugget.says.replace('|', ' or ')}."


def _said(draft: Draft) -> str:
    texts = [*(place.text for place in places(draft)), *(quote.text for quote in draft.quotes.values())]
    return (" " + fold(" ".join(texts))).replace('"', " ")


def _says(said: str, words: str) -> bool:
    return any(f" {fold(word)}" in said for word in words.split("|"))
