"""The gate, replay and Markdown check in a real workspace, and the shipped sets run through it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.finding import Verdict
from assistant.domain.request import DraftRequest
from assistant.drafting.formats.to_markdown import markdown
from assistant.errors import Conflict, NotFound, UsageError
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.cases.case import EvalSet, as_file, load_set, shipped_sets
from evals.check import check, load_draft_json
from evals.documents.markdown import check_markdown
from evals.gate import produce
from evals.reading.prose import stories
from evals.reading.scenarios import criterion_problem
from evals.replay import replay
from evals.runs.outcome import CaseResult, Gate, SetRun
from evals.runs.run import as_set_run, bring_in, run_cases, run_set, workspace_of
from ingest.options import IngestOptions
from ingest.pipeline import ingest

SETS = {name: load_set(folder) for name, folder in shipped_sets().items()}
LANEWAY = SETS["laneway_stories"]
KNOWN_LIMITS = frozenset({"clinivo-double-1", "clinivo-only-desk"})
"""As `thresholds` of the sets say, with the reason."""
REQUEST = DraftRequest(kind="user_stories", brief="open the timetable without a network")


def _open(home: Path, workspace: str = "default") -> Workbench:
    return open_workbench(Settings.load(home=home, workspace=workspace))


def _bring_in(bench: Workbench, held: EvalSet, folder: Path) -> None:
    path = folder / "reviews.jsonl"
    path.write_text(as_file(list(held.records)), encoding="utf-8")
    ingest(
        bench,
        [path],
        IngestOptions(mapping={"text": "text", "external_id": "external_id", "author": "author"}),
    )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with _open(tmp_path / "home") as opened:
        _bring_in(opened, LANEWAY, tmp_path)
        yield opened


def test_the_gate_saves_a_checked_draft_and_tells_so(bench: Workbench) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    draft = produce(bench, REQUEST, lambda event, data: told.append((event, data)))
    assert draft.report is not None
    assert draft.report.blocking == ()
    assert draft.status is DraftStatus.ready
    assert bench.catalog.drafts.get("default", draft.id) == draft
    assert [event for event, _ in told][-2:] == ["draft.check.completed", "draft.completed"]
    assert told[-2][1]["verdict"] == "ready"
    assert check(bench, draft) == draft.report
    json.dumps(told)


def test_the_same_request_gives_the_same_bytes_and_no_new_version(bench: Workbench) -> None:
    first = produce(bench, REQUEST)
    second = produce(bench, REQUEST)
    assert second.model_dump_json() == first.model_dump_json()
    assert second.version == 1


def test_other_bytes_for_the_same_request_become_a_version(bench: Workbench) -> None:
    first = produce(bench, REQUEST)
    bench.catalog.drafts.save(first.model_copy(update={"version": 2, "parent_version": 1, "title": "Edited"}))
    third = produce(bench, REQUEST.model_copy(update={"parent": first.id}))
    assert (third.id, third.version, third.parent_version) == (first.id, 3, 2)


def test_a_replay_is_the_same_until_the_corpus_changes(bench: Workbench, tmp_path: Path) -> None:
    draft = produce(bench, REQUEST)
    assert replay(bench, draft).same
    more = tmp_path / "more.csv"
    more.write_text(
        "text,author\nThe timetable is blank without a network at our lake.,Zoe\n", encoding="utf-8"
    )
    ingest(bench, [more], IngestOptions())
    outcome = replay(bench, draft)
    assert "corpus changed" in outcome.causes
    assert not outcome.same


def test_a_draft_from_json_is_checked_against_the_workspace(bench: Workbench) -> None:
    held = produce(bench, REQUEST)
    assert check(bench, load_draft_json(held.model_dump_json())).verdict is Verdict.ready
    quote_id, quote = next(iter(held.quotes.items()))
    forged = quote.model_copy(update={"text": "x" * len(quote.text)})
    report = check(bench, held.model_copy(update={"quotes": {**held.quotes, quote_id: forged}}))
    assert quote_id in {finding.target for finding in report.blocking}


def test_a_draft_of_another_workspace_does_not_pass(bench: Workbench, tmp_path: Path) -> None:
    held = produce(bench, REQUEST)
    with _open(tmp_path / "home", "other") as other:
        report = check(other, held)
    assert report.counts["quotes_verified"].ok == 0
    assert report.verdict is Verdict.needs_fixes


def test_an_erased_record_takes_its_quotes_with_it(bench: Workbench) -> None:
    held = produce(bench, REQUEST)
    quote_id, quote = next(iter(held.quotes.items()))
    bench.catalog.pages.erase("default", [quote.record_id])
    assert quote_id in {finding.target for finding in check(bench, held).blocking}


def _written(bench: Workbench) -> tuple[Draft, str]:
    held = produce(bench, REQUEST)
    return held, markdown(held)


def test_a_rendered_file_is_ready_and_an_edited_one_is_not(bench: Workbench) -> None:
    held, text = _written(bench)
    assert check_markdown(bench, text).findings == ()
    fact = next(fact for fact in held.facts.values() if isinstance(fact.value, int))
    forged = text.replace(f"[{fact.display}](#{fact.id.casefold()})", f"[999](#{fact.id.casefold()})", 1)
    assert check_markdown(bench, forged).verdict is Verdict.needs_fixes


def test_a_file_that_shows_no_draft_of_this_workspace_is_refused(bench: Workbench) -> None:
    _, text = _written(bench)
    with pytest.raises(UsageError, match="doesn't say which draft"):
        check_markdown(bench, "# A plan\n\n97 people want it.\n")
    with pytest.raises(NotFound, match="workspace 'elsewhere'"):
        check_markdown(bench, text.replace("workspace=default", "workspace=elsewhere"))
    with pytest.raises(NotFound, match="isn't in the workspace"):
        check_markdown(bench, text.replace("version=1 ", "version=7 "))


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    """Those of the shipped sets, once they have run."""
    return []


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory, drafts: list[Draft]) -> dict[str, SetRun]:
    home = tmp_path_factory.mktemp("sets")
    runs = {}
    for name, held in SETS.items():
        with open_workbench(Settings.load(home=home, workspace=workspace_of(held)), indexed=False) as bench:
            bring_in(bench, held)
            results = list(run_cases(bench, held, held.cases, drafts.append))
            runs[name] = as_set_run(held, results, bench.embedder.identity)
    return runs


@pytest.fixture(scope="module")
def results(shipped: dict[str, SetRun]) -> dict[tuple[str, str], CaseResult]:
    return {(name, one.case_id): one for name, held in shipped.items() for one in held.results}


@pytest.mark.parametrize("name", SETS)
def test_a_shipped_set_passes_its_gate(shipped: dict[str, SetRun], name: str) -> None:
    held = shipped[name]
    missed = {one.case_id: one.misses for one in held.results if not one.passed}
    assert held.gate is Gate.passed, missed
    assert [one for one in held.results if one.blocking] == []


@pytest.mark.parametrize(
    ("name", "case_id"),
    [
        pytest.param(
            name,
            case.id,
            marks=[pytest.mark.xfail(strict=True, reason="known limit, see set.yaml")]
            if case.id in KNOWN_LIMITS
            else [],
        )
        for name, held in SETS.items()
        for case in held.cases
    ],
    ids=str,
)
def test_a_shipped_case_passes(results: dict[tuple[str, str], CaseResult], name: str, case_id: str) -> None:
    assert results[name, case_id].misses == ()


def test_the_cases_that_must_abstain_do(results: dict[tuple[str, str], CaseResult]) -> None:
    asked = [(name, case.id) for name, held in SETS.items() for case in held.cases if case.expect.abstain]
    abstained = [results[key].verdict is Verdict.not_enough_evidence for key in asked]
    assert len(asked) >= 80
    assert sum(abstained) >= 0.95 * len(asked)


def test_acceptance_criteria_parse_and_nearly_each_story_has_a_failure_path(
    shipped: dict[str, SetRun], drafts: list[Draft]
) -> None:
    assert len(drafts) == sum(len(run.results) for run in shipped.values())
    held = [story for draft in drafts for story in stories(draft)]
    criteria = [criterion for story in held for criterion in story.criteria]
    failing = [story for story in held if any(one.path == "failure" for one in story.criteria)]
    assert len(held) >= 50
    assert {story.id for story in held if not story.criteria} == set()
    assert [problem for one in criteria if (problem := criterion_problem(one))] == []
    assert len(failing) >= 0.95 * len(held)


@pytest.mark.parametrize("kind", ["user_stories", "prd", "insight_summary"])
@pytest.mark.parametrize("brief", ["", "open the timetable without a network"])
def test_an_empty_corpus_gives_no_factual_claim(tmp_path: Path, kind: str, brief: str) -> None:
    with _open(tmp_path / "home") as empty:
        draft = produce(empty, DraftRequest(kind=kind, brief=brief))
    assert draft.report is not None
    assert draft.report.verdict is Verdict.not_enough_evidence
    assert draft.quotes == {}
    assert {fact.value for fact in draft.facts.values()} <= {0}
    assert not [
        block for block in draft.blocks() if block.type in {"story", "requirement", "metric", "table"}
    ]


def test_a_set_is_not_run_in_a_workspace_of_something_else(tmp_path: Path) -> None:
    held = SETS["tillo_prd"]
    with _open(tmp_path / "home", workspace_of(held)) as other:
        _bring_in(other, LANEWAY, tmp_path)
    with pytest.raises(Conflict, match="records of something else"):
        run_set(lambda workspace: _open(tmp_path / "home", workspace), held)
