"""`draft`: the sections of its kind, no number typed, the same bytes again, and one clear error for a wrong request."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.base import canonical_json
from assistant.domain.draft import PLACEHOLDER, Draft
from assistant.domain.evidence import Scope
from assistant.domain.quantities import stated_quantities
from assistant.domain.record import RecordKind
from assistant.domain.request import DraftRequest
from assistant.drafting.formats.tree import plain
from assistant.drafting.pipeline import draft, tidy, working_scope
from assistant.errors import NotFound, UnknownKind, UsageError
from assistant.llm.scripted import ScriptedModel
from assistant.workbench import Workbench
from prompts.loader import kinds
from tests.support.desks import three_topics
from tests.support.search_corpus import a_bench

KINDS = sorted(kinds())
BRIEF = "export of the board to PDF"


def _write(bench: Workbench, kind: str = "prd", brief: str = BRIEF, **given: Any) -> Draft:
    return draft(bench, DraftRequest(kind=kind, brief=brief, **given))


def _enough(written: Draft) -> bool:
    return bool(written.provenance.parameters["enough_evidence"])


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return a_bench(tmp_path_factory.mktemp("pipeline"), three_topics())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("brief", [BRIEF, ""])
def test_a_draft_has_the_sections_of_its_kind_in_their_order(bench: Workbench, kind: str, brief: str) -> None:
    written = _write(bench, kind, brief)
    assert _enough(written)
    wanted = [section.id for section in kinds()[kind].sections]
    required = {section.id for section in kinds()[kind].sections if section.required}
    told = [section.id for section in written.sections if section.id in wanted]
    assert required <= set(told)
    assert told == [name for name in wanted if name in told]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "brief", [BRIEF, "", "blockchain tokens", "3 most common {F1} {Q1} problems of 2026"]
)
def test_no_prose_holds_a_number_and_no_id_is_unknown(bench: Workbench, kind: str, brief: str) -> None:
    written = _write(bench, kind, brief)
    held = {*written.facts, *written.quotes}
    for claim in written.claims.values():
        assert stated_quantities(PLACEHOLDER.sub(" ", claim.text)) == [], claim.text
        assert set(PLACEHOLDER.findall(claim.text)) <= held
        assert {*claim.quote_ids, *claim.counter_quote_ids, *claim.fact_ids} <= held
    assert set(PLACEHOLDER.findall(written.title)) <= held
    bare = PLACEHOLDER.sub(" ", written.title)
    assert all(bare[start:end] in brief for start, end in stated_quantities(bare))
    assert tidy(written) == written


@pytest.mark.parametrize("kind", KINDS)
def test_writing_twice_gives_the_same_bytes(bench: Workbench, kind: str) -> None:
    assert canonical_json(_write(bench, kind)) == canonical_json(_write(bench, kind))


def test_the_scope_decides_who_is_heard(bench: Workbench) -> None:
    nobody = _write(bench, scope=Scope(sources=("nowhere",)))
    assert not _enough(nobody)
    assert nobody.quotes == {}
    some = _write(bench, scope=Scope(sources=("reviews",)))
    assert _enough(some)
    assert some.scope.kinds == (RecordKind.customer,)
    assert working_scope(Scope(kinds=(RecordKind.internal,))).kinds == (RecordKind.internal,)


def test_an_unknown_kind_is_told_with_those_that_there_are(bench: Workbench) -> None:
    with pytest.raises(UnknownKind) as problem:
        _write(bench, "novel")
    assert all(kind in problem.value.hint for kind in KINDS)


def test_another_language_needs_a_model(bench: Workbench) -> None:
    with pytest.raises(UsageError) as problem:
        _write(bench, language="de")
    assert "VOXSPEC_MODEL" in problem.value.hint


def test_a_parent_that_is_not_there_is_not_found(bench: Workbench) -> None:
    with pytest.raises(NotFound):
        _write(bench, parent="dra_0000000000000000")


def test_a_new_version_keeps_the_id_of_its_parent(tmp_path: Path) -> None:
    with a_bench(tmp_path, three_topics()) as bench:
        first = _write(bench)
        bench.catalog.drafts.save(first)
        second = _write(bench, parent=first.id)
        assert (second.id, second.version, second.parent_version) == (first.id, 2, 1)


def test_other_requests_have_other_ids(bench: Workbench) -> None:
    drafts = [
        _write(bench),
        _write(bench, brief="login"),
        _write(bench, "user_stories"),
        _write(bench, max_items=3),
    ]
    assert len({one.id for one in drafts}) == len(drafts)


@pytest.mark.parametrize("limit", [1, 2])
def test_no_more_stories_than_asked_for(bench: Workbench, limit: int) -> None:
    written = _write(bench, "user_stories", max_items=limit)
    assert sum(block.type == "story" for block in written.blocks()) <= limit


def _names(events: Sequence[tuple[str, dict[str, Any]]], kind: str) -> list[str]:
    return [data["step"] for event, data in events if event == kind]


def test_the_writing_is_told_step_by_step(bench: Workbench) -> None:
    events: list[tuple[str, dict[str, Any]]] = []
    written = draft(
        bench, DraftRequest(kind="prd", brief=BRIEF), lambda event, data: events.append((event, data))
    )
    assert (
        _names(events, "step.started") == _names(events, "step.completed") == ["survey", "outline", "write"]
    )
    cited = [data for event, data in events if event == "draft.citation.added"]
    assert {one["record_id"] for one in cited} >= {quote.record_id for quote in written.quotes.values()}
    told = [data for event, data in events if event == "draft.text.delta"]
    assert [data["text"] for data in told if "section" in data] == [one.title for one in written.sections]
    in_place = [name for block in written.blocks() if block.type == "claims" for name in block.claim_ids]
    assert in_place
    assert [data["target"] for data in told if "target" in data] == in_place
    assert [data["text"] for data in told if "target" in data] == [
        plain(written, written.claims[name].text) for name in in_place
    ]


def test_who_never_wrote_a_word_is_not_named_as_the_writer(tmp_path: Path) -> None:
    with a_bench(tmp_path, three_topics()) as bench:
        model = ScriptedModel(lambda _call: "no JSON", name="openai:foo")
        asked = Workbench(
            bench.settings,
            open_catalog=lambda: bench.catalog,
            open_index=lambda: None,
            open_embedder=lambda: bench.embedder,
            open_model=lambda: model,
        )
        assert _write(asked).provenance.writer == "openai:foo"
        assert model.calls
        model.calls.clear()
        nobody = _write(asked, scope=Scope(sources=("nowhere",)))
        assert (nobody.provenance.writer, model.calls) == ("extractive", [])
        assert nobody.id != _write(bench, scope=Scope(sources=("nowhere",))).id


def test_the_provenance_says_what_it_was_made_of(bench: Workbench) -> None:
    provenance = _write(bench).provenance
    assert provenance.writer == "extractive"
    assert provenance.prompt_id.startswith("drafting/prd.v")
    assert provenance.prompt_sha256 == kinds()["prd"].sha256
    assert provenance.corpus == bench.corpus().snapshot
    assert provenance.embedder == bench.embedder.identity
    assert set(provenance.retrieved) <= set(bench.corpus().passage_ids)
    assert provenance.calls == ()
