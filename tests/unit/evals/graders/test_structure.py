"""Sections, ids, placeholders, stories, criteria, requirements, support and safety, each broken on purpose."""

import pytest

from assistant.domain.draft import Claim, Criterion, Draft, Stance, TextBlock
from assistant.domain.fact import Fact, FactFilter, Measure
from assistant.domain.finding import Finding, Severity
from evals.grader import Grade
from evals.graders.claims_supported import claims_supported
from evals.graders.gherkin import gherkin
from evals.graders.ids_resolve import ids_resolve
from evals.graders.near_duplicate_stories import near_duplicate_stories
from evals.graders.placeholders import placeholders
from evals.graders.requirement_form import requirement_form
from evals.graders.schema_sections import schema_sections
from evals.graders.story_form import story_form
from evals.sample import with_block, with_claim, with_fact, with_quote
from tests.support.drafts import valid_draft, valid_view


def _run(grade: Grade, draft: Draft) -> list[Finding]:
    return grade(draft, valid_view())


def _blocks(grade: Grade, draft: Draft) -> bool:
    return any(finding.severity is Severity.block for finding in _run(grade, draft))


def _with_section(place: int, **changes: object) -> Draft:
    sections = list(valid_draft().sections)
    sections[place] = sections[place].model_copy(update=changes)
    return valid_draft().model_copy(update={"sections": tuple(sections)})


def test_a_missing_empty_or_repeated_section_blocks() -> None:
    assert _blocks(schema_sections, _with_section(0, id="preface"))
    assert _blocks(schema_sections, _with_section(0, blocks=()))
    assert _blocks(schema_sections, _with_section(0, blocks=(TextBlock(text=" "),)))
    assert _blocks(schema_sections, _with_section(0, id="stories"))


def test_a_section_that_only_says_where_it_is_is_advised() -> None:
    [finding] = _run(schema_sections, _with_section(0, blocks=(TextBlock(text="Written up next month."),)))
    assert finding.severity is Severity.advise
    honest = TextBlock(text="Nobody spoke of a problem.")
    assert _run(schema_sections, _with_section(0, blocks=(honest,))) == []


def test_a_block_in_the_wrong_section_blocks() -> None:
    story = valid_draft().sections[1].blocks[0]
    assert _blocks(schema_sections, _with_section(2, blocks=(story,)))


@pytest.mark.parametrize("name", ["", "US1", "US-0", "us-1", "Story 1", "US-1a"])
def test_a_malformed_story_id_blocks(name: str) -> None:
    assert _blocks(schema_sections, with_block(valid_draft(), "US-2", id=name))


def test_a_repeated_id_blocks() -> None:
    assert _blocks(schema_sections, with_block(valid_draft(), "US-2", id="US-1"))


def test_a_claim_kept_under_another_id_blocks() -> None:
    assert _blocks(schema_sections, with_claim(valid_draft(), "C1", id="C2"))


def test_a_draft_that_abstains_may_leave_sections_out() -> None:
    thin = valid_draft().model_copy(
        update={"sections": valid_draft().sections[:1], "claims": {"C4": valid_draft().claims["C4"]}}
    )
    assert not _blocks(schema_sections, thin)


@pytest.mark.parametrize(
    "broken",
    [
        lambda d: with_claim(d, "C1", fact_ids=("F1", "F2", "F77")),
        lambda d: with_claim(d, "C1", counter_quote_ids=("Q77",)),
        lambda d: with_claim(d, "C1", fact_ids=("F1",)),
        lambda d: with_claim(d, "C4", text="It costs {F77}."),
        lambda d: with_block(d, "US-1", claim_ids=("C77",)),
        lambda d: with_block(d, "US-2", depends_on=("US-77",)),
        lambda d: with_block(d, "US-2", depends_on=("US-2",)),
        lambda d: with_block(d, "FR-1", story_ids=("US-77",)),
        lambda d: with_block(d, "FR-1", reason="{F77} people"),
        lambda d: with_fact(d, "F1", filter=FactFilter(selection="S77")),
        lambda d: d.model_copy(update={"quotes": {}}),
        lambda d: d.model_copy(update={"selections": {}}),
        lambda d: d.model_copy(
            update={
                "selections": {"S1": d.selections["S1"].model_copy(update={"record_ids": ("rec_a", "rec_z")})}
            }
        ),
    ],
)
def test_an_id_that_leads_nowhere_blocks(broken: object) -> None:
    assert callable(broken)
    assert _blocks(ids_resolve, broken(valid_draft()))


@pytest.mark.parametrize(
    "text",
    [
        "TBD",
        "TODO: ask",
        "Lorem ipsum dolor",
        "to be determined",
        "[insert role]",
        "{role}",
        "{{ role }}",
        "why???",
        "{F1",
        "___",
    ],
)
def test_text_left_to_be_written_blocks(text: str) -> None:
    assert _blocks(placeholders, with_block(valid_draft(), "US-1", benefit=text))


@pytest.mark.parametrize(
    "text", ["$F1 people wait", "[F1] people wait", "F1% wait", "#Q1 says it", "t. b. a.", "it is tbc"]
)
def test_an_id_in_another_dress_than_braces_blocks(text: str) -> None:
    assert _blocks(placeholders, with_block(valid_draft(), "R-1", text=text))


@pytest.mark.parametrize("text", ["F1 opens the help", "It comes in Q1", "$F99 is a price", "(F1) is a key"])
def test_keys_and_quarters_are_no_placeholders(text: str) -> None:
    assert _run(placeholders, with_block(valid_draft(), "R-1", text=text)) == []


def test_customers_may_write_todo() -> None:
    quote = valid_draft().quotes["Q1"]
    text = "TODO: lorem ipsum {x} [insert a joke here] and mor"
    draft = with_quote(valid_draft(), "Q1", text=text, end=quote.start + len(text))
    assert _run(placeholders, draft) == []


@pytest.mark.parametrize(
    "change",
    [
        {"role": ""},
        {"want": " "},
        {"benefit": "…"},
        {"want": "open the timetable"},
        {"want": "I want to open the timetable"},
        {"want": "to open it so that I can go"},
        {"benefit": "so that I can go"},
        {"role": "As a teacher"},
    ],
)
def test_a_story_out_of_form_blocks(change: dict[str, str]) -> None:
    assert _blocks(story_form, with_block(valid_draft(), "US-1", **change))


def test_a_vague_role_is_advice_only_where_a_better_one_is_known() -> None:
    vague = with_block(valid_draft(), "US-1", role="user")
    assert [finding.severity for finding in _run(story_form, vague)] == [Severity.advise]
    assert _run(story_form, with_block(vague, "US-2", role="user")) == []


def test_a_role_that_is_a_thing_and_a_benefit_that_is_the_wish_are_advised() -> None:
    thing = with_block(valid_draft(), "US-1", role="sync daemon")
    assert [finding.severity for finding in _run(story_form, thing)] == [Severity.advise]
    again = with_block(
        valid_draft(), "US-1", benefit="opening the timetable without a network becomes possible"
    )
    assert [finding.severity for finding in _run(story_form, again)] == [Severity.advise]


def _criterion(**changes: object) -> Criterion:
    held = Criterion(
        title="kept", given=("it was opened",), when=("it is opened",), then=("it is shown",), path="failure"
    )
    return held.model_copy(update=changes)


@pytest.mark.parametrize(
    "change",
    [
        {"then": ("",)},
        {"when": (" ",)},
        {"when": ("it is opened\n  Then it burns",)},
        {"then": ('it is shown\n  """',)},
        {"then": ("it is shown\n  | a | b |",)},
        {"title": "kept\nScenario: another"},
        {"title": "kept\n\nSome words"},
    ],
)
def test_a_criterion_that_reads_back_differently_blocks(change: dict[str, object]) -> None:
    assert _blocks(gherkin, with_block(valid_draft(), "US-1", criteria=(_criterion(**change),)))


def test_a_story_without_criteria_blocks_and_one_without_a_failure_path_is_advised() -> None:
    assert _blocks(gherkin, with_block(valid_draft(), "US-1", criteria=()))
    happy = with_block(valid_draft(), "US-1", criteria=(_criterion(path="happy"),))
    assert [finding.severity for finding in _run(gherkin, happy)] == [Severity.advise]


@pytest.mark.parametrize(
    "text", ["it says # 1", "Kartei geöffnet ✓", "* is shown", "a | b", "'{F1}' is shown"]
)
def test_steps_may_hold_any_words(text: str) -> None:
    assert _run(gherkin, with_block(valid_draft(), "US-1", criteria=(_criterion(then=(text,)),))) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("FR-1", {"text": "The system keeps the timetable."}),
        ("FR-1", {"text": ""}),
        ("NFR-1", {"unit": ""}),
        ("NFR-1", {"bound": ""}),
    ],
)
def test_a_requirement_out_of_form_blocks(name: str, change: dict[str, str]) -> None:
    assert _blocks(requirement_form, with_block(valid_draft(), name, **change))


def test_an_open_question_about_another_requirement_is_no_excuse() -> None:
    asked = with_block(valid_draft(), "OQ-1", text="How fast must it open (NFR-12)?")
    assert _blocks(requirement_form, with_block(asked, "NFR-1", bound=""))


def _claim(**changes: object) -> Draft:
    return with_claim(valid_draft(), "C1", **changes)


def test_a_claim_without_proof_blocks() -> None:
    assert _blocks(claims_supported, _claim(quote_ids=(), fact_ids=()))
    assert _blocks(claims_supported, _claim(quote_ids=("Q77",), fact_ids=("F77",)))
    assert _blocks(claims_supported, _claim(text=""))


def test_a_constant_proves_nothing() -> None:
    constant = Fact(id="F1", measure=Measure.constant, filter=FactFilter(), value="3", param="3")
    draft = valid_draft().model_copy(update={"facts": {**valid_draft().facts, "F1": constant}})
    assert _blocks(claims_supported, with_claim(draft, "C1", quote_ids=(), fact_ids=("F1",)))


def test_a_contradiction_needs_both_sides() -> None:
    for change in ({"counter_quote_ids": ()}, {"quote_ids": (), "fact_ids": ()}, {"quote_ids": ("Q4",)}):
        assert _blocks(claims_supported, with_claim(valid_draft(), "C3", **change))


def test_a_story_that_rests_on_nothing_blocks_unless_its_wish_is_marked() -> None:
    bare = with_block(valid_draft(), "US-1", claim_ids=())
    assert _blocks(claims_supported, bare)
    assert not _blocks(claims_supported, with_block(bare, "US-1", assumptions=("want",)))


def test_stories_that_are_close_are_advised_and_equal_ones_block() -> None:
    close = with_block(
        valid_draft(), "US-2", want="to open the timetable without a network", benefit="I have it"
    )
    assert [f.severity for f in _run(near_duplicate_stories, close)] == [Severity.advise]
    assert not _blocks(near_duplicate_stories, valid_draft())


def test_an_unlabelled_claim_of_the_evidence_is_not_mended_by_a_stance_alone() -> None:
    claim = Claim(id="C9", text="Teachers wait.", stance=Stance.supported)
    draft = valid_draft().model_copy(update={"claims": {**valid_draft().claims, "C9": claim}})
    assert [finding.target for finding in _run(claims_supported, draft)] == ["C9"]
