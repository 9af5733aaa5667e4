"""Cases that people keep: a set of the workspace that runs, leaves as a folder and comes back, and speaks other formats."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from assistant.domain.draft import Draft
from assistant.domain.finding import finding_key
from assistant.domain.label import Label
from assistant.errors import InputRejected, NotFound, UnknownKind, UsageError
from assistant.workbench import Workbench
from evals.cases.case import Case, Expect, Nugget, load_set
from evals.cases.inspect_samples import from_inspect, to_inspect
from evals.cases.kept import Promotion, keep, promote, workspace_set
from evals.cases.promptfoo import from_promptfoo, to_promptfoo
from evals.cases.set_folder import export_set, import_set, remove_case
from evals.gate import produce
from evals.runs.run import run_set
from tests.support.flawed_draft import REQUEST, flawed, laneway
from tests.support.ingest_bench import open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with laneway(tmp_path / "home", tmp_path) as opened:
        yield opened


@pytest.fixture
def draft(bench: Workbench) -> Draft:
    return produce(bench, REQUEST)


def test_an_accepted_draft_becomes_a_case_that_passes(bench: Workbench, draft: Draft, tmp_path: Path) -> None:
    quote = next(iter(draft.quotes))
    kept = promote(bench, draft, Promotion("own", must_cite=(quote,), by="Ida"))
    case = Case.model_validate_json(kept.body)
    assert case.ask == REQUEST.brief
    assert case.expect.must_cite == (draft.quotes[quote].record_id,)
    assert {one.record_id for one in draft.quotes.values()} <= {name for name, _ in kept.records}
    held = workspace_set(bench, "own")
    (result,) = run_set(lambda name: open_bench(tmp_path / "run", workspace=name), held).results
    assert result.misses == ()


def test_a_case_that_expects_what_the_draft_lacks_fails(
    bench: Workbench, draft: Draft, tmp_path: Path
) -> None:
    cited = {one.record_id for one in draft.quotes.values()}
    wrong = next(iter(draft.quotes.values())).record_id
    promote(bench, draft, Promotion("own", must_not_cite=(wrong,), bad=True, by="Ida"))
    (result,) = run_set(
        lambda name: open_bench(tmp_path / "run", workspace=name), workspace_set(bench, "own")
    ).results
    assert wrong in cited
    assert any(wrong in miss for miss in result.misses)


def test_a_bad_answer_needs_a_word_on_a_good_one(bench: Workbench, draft: Draft) -> None:
    with pytest.raises(UsageError, match="a good one does"):
        promote(bench, draft, Promotion("own", bad=True))
    assert promote(bench, draft, Promotion("own", bad=True, abstain=True)).set_name == "own"


def test_a_finding_that_cried_wolf_becomes_a_case(bench: Workbench) -> None:
    draft = flawed(bench)
    assert draft.report is not None
    finding = draft.report.blocking[0]
    kept = promote(bench, draft, Promotion("wolf", finding=finding_key(finding)))
    assert finding.grader in Case.model_validate_json(kept.body).about
    with pytest.raises(NotFound):
        promote(bench, draft, Promotion("wolf", finding="f" * 12))


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (Promotion("No Name"), InputRejected),
        (Promotion("own", case_id="a/b"), InputRejected),
        (Promotion("own", must_cite=("Q999",)), NotFound),
    ],
)
def test_what_can_not_be_kept_is_told(
    bench: Workbench, draft: Draft, asked: Promotion, problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        promote(bench, draft, asked)
    assert bench.catalog.cases.sets("default") == {}


def test_a_set_is_for_one_kind(bench: Workbench, draft: Draft) -> None:
    promote(bench, draft, Promotion("own"))
    with pytest.raises(UsageError, match="not for 'prd'"):
        promote(bench, draft.model_copy(update={"kind": "prd"}), Promotion("own"))
    with pytest.raises(UnknownKind):
        keep(bench, "other", "poem", Case(id="a", ask="b", expect=Expect()), (), by="Ida")


def test_an_erased_record_takes_its_case_with_it(bench: Workbench, draft: Draft) -> None:
    kept = promote(bench, draft, Promotion("own"))
    bench.catalog.pages.erase("default", [kept.records[0][0]])
    with pytest.raises(NotFound, match="no evaluation set"):
        workspace_set(bench, "own")


def test_a_set_leaves_as_a_folder_and_comes_back(bench: Workbench, draft: Draft, tmp_path: Path) -> None:
    quote = next(iter(draft.quotes))
    promote(bench, draft, Promotion("own", must_cite=(quote,), themes=("offline|network",)))
    folder = tmp_path / "own"
    held = export_set(bench, "own", folder)
    evidence = (folder / "records.jsonl").read_bytes()
    assert (
        yaml.safe_load((folder / "set.yaml").read_text())["records"]["sha256"] == sha256(evidence).hexdigest()
    )
    assert load_set(folder) == held
    with pytest.raises(UsageError, match="isn't empty"):
        export_set(bench, "own", folder)
    again = import_set(bench, folder, name="again", by="Ida")
    assert (again.cases, again.records) == (held.cases, held.records)
    with open_bench(tmp_path / "other", workspace="team") as other:
        there = import_set(other, folder, by="Ida")
    assert [one.text for one in there.records] != []
    assert sorted(one.text for one in there.records) == sorted(one.text for one in held.records)
    assert [case.ask for case in there.cases] == [case.ask for case in held.cases]
    named = {one.external_id: one.text for one in there.records}
    assert named[there.cases[0].expect.must_cite[0]].find(draft.quotes[quote].text) >= 0


def test_labels_of_a_folder_come_as_opinions_and_decide_nothing(
    bench: Workbench, draft: Draft, tmp_path: Path
) -> None:
    promote(bench, draft, Promotion("own"))
    folder = tmp_path / "own"
    export_set(bench, "own", folder)
    at = datetime(2026, 2, 3, tzinfo=UTC)

    def label(question: str, item: str) -> Label:
        told = {"verdict": "right" if question == "draft" else "wrong", "rater": "Mallory", "reason": "So."}
        return Label(question=question, item=item, at=at, **told)

    def give(*labels: Label) -> None:
        lines = "".join(f"{one.model_dump_json()}\n" for one in labels)
        (folder / "labels.jsonl").write_text(lines, encoding="utf-8")

    opinions = [label("judge:follows", "own/a#claim-1"), label("finding:story_form", "own/a#story-1#f1")]
    give(*opinions, label("finding:story_form", f"{draft.id}@{draft.version}#story-1#f1"))
    assert [(one.item, one.reason) for one in import_set(bench, folder, name="again", by="Ida").labels] == [
        ("again/a#story-1#f1", ""),
        ("again/a#claim-1", "So."),
    ]
    assert not bench.catalog.labels.labels("default", "", draft.id)
    for decides in ("draft", "withdrawn"):
        give(label(decides, f"{draft.id}@{draft.version}#draft"))
        with pytest.raises(InputRejected, match="no question to raters"):
            import_set(bench, folder, name="third", by="Ida")
    assert "third" not in bench.catalog.cases.sets("default")


def test_a_foreign_set_does_not_mix_with_records_unasked(bench: Workbench, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    line = b'{"external_id": "X1", "source": "s", "text": "A new voice says something else."}\n'
    (folder / "records.jsonl").write_bytes(line)
    (folder / "cases.jsonl").write_text('{"id": "a", "ask": "b", "expect": {"must_cite": ["X1"]}}\n')
    (folder / "set.yaml").write_text(
        f"schema_version: 1\nname: strange\nkind: prd\nrecords: {{sha256: {sha256(line).hexdigest()}}}\n"
    )
    with pytest.raises(UsageError, match="holds other records"):
        import_set(bench, folder, by="Ida")
    held = import_set(bench, folder, by="Ida", add_records=True)
    assert [one.text for one in held.records] == ["A new voice says something else."]


def test_a_case_can_be_removed(bench: Workbench, draft: Draft) -> None:
    kept = promote(bench, draft, Promotion("own"))
    assert remove_case(bench, "own", kept.id)
    with pytest.raises(NotFound):
        remove_case(bench, "own", kept.id)


def _rich(bench: Workbench, draft: Draft) -> None:
    records = sorted({one.record_id for one in draft.quotes.values()})
    expect = Expect(
        themes=("offline|network", "lines: with: colons"),
        must_cite=("|".join(records[:2]),),
        must_not_cite=(records[-1],) if len(records) > 2 else (),
        nuggets=(Nugget(says="pool|lake"), Nugget(says='{{ x }} "q"', importance="okay")),
    )
    scope = draft.scope.model_copy(update={"languages": ("en",), "segments": {"tier": ("a", "b")}})
    keep(
        bench,
        "rich",
        "prd",
        Case(id="full", ask="What? “x”\nline", about="Because.", scope=scope, max_items=3, expect=expect),
        records,
        by="Ida",
    )
    keep(
        bench, "rich", "prd", Case(id="silent", ask="Nothing", expect=Expect(abstain=True)), records, by="Ida"
    )


def test_cases_survive_promptfoo_and_inspect(bench: Workbench, draft: Draft) -> None:
    _rich(bench, draft)
    held = workspace_set(bench, "rich")
    text, told = to_promptfoo(held)
    assert told
    assert from_promptfoo(text) == (list(held.cases), [])
    text, told = to_inspect(held)
    assert told
    assert from_inspect(text) == (list(held.cases), [])


def test_promptfoo_tests_of_others_are_read_and_losses_told() -> None:
    text = """
- vars: {query: "Where is it?"}
  assert:
    - {type: contains-any, value: [here, there]}
    - {type: icontains, value: soon}
    - {type: contains-all, value: [a, b]}
    - {type: llm-rubric, value: is polite}
- vars: {}
- vars: {question: Q, tone: rude}
"""
    cases, told = from_promptfoo(text)
    assert [case.ask for case in cases] == ["Where is it?", "Q"]
    assert cases[0].expect.themes == ("here|there", "soon", "a", "b")
    assert len(told) == 3
    assert "llm-rubric" in told[0]


def test_inspect_samples_of_others_are_read_and_losses_told() -> None:
    text = '{"input": "Where?", "target": ["here", "there"]}\n{"input": [{"role": "user", "content": "Why?"}], "target": "so", "choices": ["a"], "id": 7}\n'
    cases, told = from_inspect(text)
    assert [(case.ask, case.expect.themes) for case in cases] == [
        ("Where?", ("here|there",)),
        ("Why?", ("so",)),
    ]
    assert cases[1].id == "7"
    assert len(told) == 2


@pytest.mark.parametrize(
    "text",
    ["a: [", "just words", "- 1", "tests: 3", "[" * 5_000, "- vars: &a {ask: x}\n- vars: *a"],
    ids=range(6),
)
def test_what_is_no_promptfoo_file_is_refused(text: str) -> None:
    with pytest.raises(InputRejected):
        from_promptfoo(text)


@pytest.mark.parametrize("text", ["{", "[]", '{"input": 3}', '{"target": "x"}', "[" * 50_000], ids=range(5))
def test_what_is_no_sample_is_refused(text: str) -> None:
    with pytest.raises(InputRejected, match="Line 1"):
        from_inspect(text)
