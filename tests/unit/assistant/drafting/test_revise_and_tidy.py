"""What a check refutes is taken out and reported; what nothing refers to goes, and nothing that is referred to."""

import pytest

from assistant.domain.draft import PLACEHOLDER, Draft, QuotesBlock
from assistant.domain.fact import Measure
from assistant.domain.finding import Finding, Severity
from assistant.drafting.pipeline import tidy
from assistant.drafting.revise import revise
from assistant.workbench import Workbench
from evals.check import grade
from evals.registry import OWN
from evals.sample import sample_draft, sample_view, with_block
from tests.support.search_corpus import a_bench


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return a_bench(tmp_path_factory.mktemp("revise"))


def _finding(target: str, message: str = "it can't be proven") -> Finding:
    return Finding(grader="test", severity=Severity.block, target=target, message=message)


def _referred(draft: Draft) -> tuple[set[str], set[str], set[str], set[str]]:
    """Claims, quotes, facts and selections that something shown refers to."""
    shown = " ".join(section.model_dump_json() for section in draft.sections) + draft.title
    claims = {name for block in draft.blocks() for name in getattr(block, "claim_ids", ())}
    held = [draft.claims[name] for name in sorted(claims)]
    names = set(PLACEHOLDER.findall(shown + " ".join(claim.text for claim in held)))
    quotes = {name for name in names if name.startswith("Q")}
    quotes |= {name for block in draft.blocks() if isinstance(block, QuotesBlock) for name in block.quote_ids}
    for claim in held:
        names.update(claim.fact_ids)
        quotes.update(claim.quote_ids, claim.counter_quote_ids)
    facts = {name for name in names if name.startswith("F")}
    for name in facts:
        if draft.facts[name].measure is Measure.stated:
            quotes.add(draft.facts[name].param.split(":")[0])
    filters = [
        where
        for name in facts
        for where in (draft.facts[name].filter, draft.facts[name].denominator)
        if where
    ]
    peers = {peer for name in facts for peer in draft.facts[name].peers}
    return claims, quotes, facts, {where.selection for where in filters if where.selection} | peers


def _assert_whole(draft: Draft) -> None:
    """Everything that is referred to is there, and nothing else."""
    claims, quotes, facts, selections = _referred(draft)
    assert claims == set(draft.claims)
    assert quotes == set(draft.quotes)
    assert facts == set(draft.facts)
    assert selections == set(draft.selections)


def test_a_tidy_draft_stays_as_it_is() -> None:
    draft = tidy(sample_draft())
    assert tidy(draft) == draft
    _assert_whole(draft)


def test_what_is_shown_is_never_lost() -> None:
    draft = sample_draft()
    assert tidy(draft).sections == draft.sections
    assert tidy(draft).claims == draft.claims


@pytest.mark.parametrize("section", ["problem", "stories", "evidence"])
def test_with_a_section_goes_what_only_it_referred_to(section: str) -> None:
    draft = sample_draft()
    left = draft.model_copy(update={"sections": tuple(one for one in draft.sections if one.id != section)})
    again = tidy(left)
    assert tidy(again) == again
    _assert_whole(again)


def test_a_fact_keeps_the_quote_that_states_it() -> None:
    draft = sample_draft()
    table = with_block(draft, "G1", baseline="{F6}")
    sections = tuple(one for one in table.sections if one.id == "stories")
    kept = tidy(table.model_copy(update={"sections": sections}))
    assert "F6" in kept.facts
    assert "Q2" in kept.quotes


def test_a_title_is_something_that_is_shown() -> None:
    draft = sample_draft().model_copy(update={"title": "What {F3} say: {Q4}", "sections": ()})
    kept = tidy(draft)
    assert (set(kept.facts), set(kept.quotes), kept.claims) == ({"F3"}, {"Q4"}, {})


def test_nothing_to_do_gives_the_same_draft(bench: Workbench) -> None:
    draft = sample_draft()
    assert revise(bench, draft, []) == draft
    assert revise(bench, draft, [_finding("draft"), _finding("problem"), _finding("C99")]) == draft


TARGETS = [
    "C1",
    "C2",
    "C3",
    "C4",
    "US-1",
    "US-2",
    "FR-1",
    "NFR-1",
    "G1",
    "OQ-1",
    "R-1",
    "Q1",
    "Q2",
    "Q4",
    "F1",
    "F6",
]


@pytest.mark.parametrize("target", TARGETS)
def test_what_a_finding_names_is_gone_and_reported(bench: Workbench, target: str) -> None:
    draft = sample_draft()
    revised = revise(bench, draft, [_finding(target, f"{target} is wrong")])
    blocks = {getattr(block, "id", "") for block in revised.blocks()}
    assert target not in {*revised.claims, *blocks}
    assert any(f"{target} is wrong" in item.reason for item in revised.provenance.removed)
    if target[0] in "QF":
        told = [f"{{{target}}}" in claim.text for claim in revised.claims.values()]
        assert not any(told)


@pytest.mark.parametrize("target", TARGETS)
def test_no_id_is_left_dangling(bench: Workbench, target: str) -> None:
    revised = revise(bench, tidy(sample_draft()), [_finding(target)])
    dangling = [
        finding.message
        for finding in grade(revised, sample_view(), OWN).findings
        if finding.grader == "ids_resolve" and finding.severity is Severity.block
    ]
    assert dangling == []


@pytest.mark.parametrize("target", ["C1", "US-1", "F6"])
def test_revising_twice_changes_nothing_more(bench: Workbench, target: str) -> None:
    once = revise(bench, sample_draft(), [_finding(target)])
    assert revise(bench, once, [_finding(target)]) == once


def test_a_section_that_loses_everything_says_so(bench: Workbench) -> None:
    draft = sample_draft()
    names = [*draft.claims, *(str(getattr(block, "id", "")) for block in draft.blocks())]
    revised = revise(bench, draft, [_finding(name) for name in names if name])
    assert [section.id for section in revised.sections] == [section.id for section in draft.sections]
    assert all(section.blocks for section in revised.sections if section.id != "evidence")
    assert revised.claims == {}
    assert len(revised.provenance.removed) >= len(draft.claims)


def test_other_parts_stay_byte_for_byte(bench: Workbench) -> None:
    draft = tidy(sample_draft())
    revised = revise(bench, draft, [_finding("C2")])
    assert all(revised.claims[name] == draft.claims[name] for name in revised.claims)
    assert all(revised.quotes[name] == draft.quotes[name] for name in revised.quotes)
    kept = {getattr(block, "id", None): block for block in revised.blocks()}
    for block in draft.blocks():
        name = getattr(block, "id", None)
        if name and "C2" not in getattr(block, "claim_ids", ()):
            assert kept[name] == block
