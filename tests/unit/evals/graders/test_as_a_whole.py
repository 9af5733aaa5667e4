"""What graders of layer 2 see between the parts of a draft, and what they leave alone."""

from collections.abc import Callable

import pytest

from assistant.domain.draft import (
    Block,
    Claim,
    ClaimsBlock,
    Draft,
    Priority,
    RequirementBlock,
    Section,
    Stance,
    StoryBlock,
)
from assistant.domain.finding import Finding, Severity
from evals.graders.brief_coverage import brief_coverage
from evals.graders.claims_used import claims_used
from evals.graders.conflicting_bounds import conflicting_bounds
from evals.graders.dependency_cycles import dependency_cycles
from evals.graders.glossary_drift import glossary_drift
from evals.graders.near_duplicate_requirements import near_duplicate_requirements
from evals.graders.near_duplicate_stories import near_duplicate_stories
from evals.graders.orphan_stories import orphan_stories
from evals.graders.priority_against_evidence import priority_against_evidence
from evals.graders.scope_contradictions import scope_contradictions
from evals.graders.theme_coverage import GRADER as COVERAGE
from evals.reading.prose import stories
from evals.sample import with_block
from evals.view import EvidenceView
from tests.support.drafts import valid_draft, valid_view

Rule = Callable[[Draft, EvidenceView], list[Finding]]
BLOCK, ADVISE = [Severity.block], [Severity.advise]


def _given(rule: Rule, draft: Draft) -> list[Severity]:
    return [finding.severity for finding in rule(draft, valid_view())]


def _story(name: str) -> StoryBlock:
    return next(story for story in stories(valid_draft()) if story.id == name)


def _with_blocks(*blocks: Block, draft: Draft | None = None) -> Draft:
    base = draft or valid_draft()
    sections = tuple(
        section.model_copy(update={"blocks": (*section.blocks, *blocks)})
        if section.id == "stories"
        else section
        for section in base.sections
    )
    return base.model_copy(update={"sections": sections})


def _required(text: str, name: str = "FR-9", **more: object) -> Draft:
    return _with_blocks(
        RequirementBlock.model_validate({"id": name, "text": text, "story_ids": ("US-1",)} | more)
    )


def _not_wanted(text: str, title: str = "Non-goals") -> Draft:
    base = valid_draft()
    claim = Claim(id="C9", text=text, stance=Stance.assumption)
    section = Section(id="non_goals", title=title, blocks=(ClaimsBlock(claim_ids=("C9",), style="list"),))
    return base.model_copy(
        update={"claims": {**base.claims, "C9": claim}, "sections": (*base.sections, section)}
    )


@pytest.mark.parametrize(
    "text",
    [
        "Opening the timetable without a network: not part of this.",
        "To see when the timetable was last refreshed: {F1} people, parked as a need of its own.",
        "Badges, vouchers, and timetables that open offline.",
    ],
)
def test_a_wish_that_a_non_goal_names_is_a_contradiction(text: str) -> None:
    assert _given(scope_contradictions, _not_wanted(text)) == BLOCK


@pytest.mark.parametrize(
    "text",
    [
        "Anything that the stories below don't name.",
        "Opening the timetables of other schools without a network.",
        "Printing badges.",
        "Weather: {F1} people, parked as a need of its own.",
    ],
)
def test_a_non_goal_that_names_something_else_is_none(text: str) -> None:
    assert _given(scope_contradictions, _not_wanted(text)) == []


def test_a_non_goal_of_one_word_is_advice() -> None:
    assert _given(scope_contradictions, _not_wanted("Timetables.")) == ADVISE


@pytest.mark.parametrize(
    "text",
    [
        "The system shall not keep the last timetable on the phone.",
        "The system must never save the last timetable on the phone.",
        "The system shall prevent the phone from keeping the last timetable.",
    ],
)
def test_what_one_requirement_forbids_and_another_asks_for_is_a_contradiction(text: str) -> None:
    assert _given(scope_contradictions, _required(text)) == BLOCK


@pytest.mark.parametrize(
    "text",
    [
        "The system shall not keep timetables of teachers who left.",
        "Where the timetable can't be kept on the phone, the system shall say why.",
        "The system shall keep the last timetable on the phone without a network.",
    ],
)
def test_a_narrower_ban_and_a_condition_are_none(text: str) -> None:
    assert _given(scope_contradictions, _required(text)) == []


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        ("The kept timetable shall open within 5 s.", {}, BLOCK),
        ("A kept timetable shall open in at most five seconds.", {}, BLOCK),
        ("The kept timetable shall open within 2,000 ms.", {}, []),
        ("The kept timetable shall open after at least 1 s.", {}, []),
        ("The kept timetable of a season shall open within 5 s.", {}, ADVISE),
        ("A search in old lessons shall answer within 5 s.", {}, []),
        ("The phone shall hold at least 20 and at most 10 timetables.", {}, BLOCK),
        ("The phone shall hold between 10 and 20 timetables.", {}, []),
        ("A search shall answer within 3 s.", {"bound": "5", "unit": "s"}, BLOCK),
        ("A search shall answer within 3 s.", {"bound": "3000", "unit": "ms"}, []),
    ],
)
def test_bounds_of_one_thing_agree_in_any_unit(
    text: str, more: dict[str, str], expected: list[Severity]
) -> None:
    assert _given(conflicting_bounds, _required(text, "NFR-9", story_ids=(), **more)) == expected


def test_a_criterion_keeps_to_the_bound_of_its_requirement() -> None:
    story = _story("US-1")
    first, failure = story.criteria
    for step, expected in {
        "it is shown within 9 s": BLOCK,
        "it is shown within 1 s": ADVISE,
        "it is shown within 2000 ms": [],
        "a clock appears within 1 s": [],
    }.items():
        changed = with_block(
            valid_draft(), "US-1", criteria=(first.model_copy(update={"then": (step,)}), failure)
        )
        assert _given(conflicting_bounds, changed) == expected


def test_stories_wait_in_no_circle_and_for_nothing_that_is_dropped() -> None:
    third = _story("US-2")
    chain = _with_blocks(third.model_copy(update={"id": "US-3", "depends_on": ("US-2",)}))
    assert _given(dependency_cycles, chain) == []
    [finding] = dependency_cycles(with_block(chain, "US-1", depends_on=("US-3",)), valid_view())
    assert "US-1 → US-3 → US-2 → US-1" in finding.message
    unwanted = with_block(valid_draft(), "FR-1", priority=Priority.wont, story_ids=("US-1",))
    dropped = with_block(unwanted, "NFR-1", priority=Priority.wont)
    assert _given(dependency_cycles, dropped) == BLOCK


def test_a_must_of_few_beside_a_could_of_many_is_advice() -> None:
    lone = RequirementBlock(
        id="FR-2", text="The system shall print it.", claim_ids=("C2",), priority=Priority.must
    )
    draft = _with_blocks(lone, draft=with_block(valid_draft(), "FR-1", priority=Priority.could))
    people = {"C2": draft.claims["C2"].model_copy(update={"fact_ids": (), "quote_ids": ("Q1", "Q2")})}
    draft = draft.model_copy(update={"claims": {**draft.claims, **people}})
    [finding] = priority_against_evidence(draft, valid_view())
    assert finding.message == "FR-2 is a must of 2 people, FR-1 a could of 3."


def test_each_sentence_of_the_brief_is_looked_for() -> None:
    brief = "timetable without a network. Everything must be readable by screen readers. It opens within 7 s."
    found = brief_coverage(valid_draft().model_copy(update={"brief": brief}), valid_view())
    assert [finding.evidence for finding in found] == [
        "Everything must be readable by screen readers.",
        "It opens within 7 s.",
    ]
    assert {finding.severity for finding in found} == {Severity.advise}


def test_what_nobody_asked_for_is_found_in_stories_and_requirements() -> None:
    assert (
        _given(brief_coverage, _required("The system shall play a sound when a colleague comes online."))
        == BLOCK
    )
    assumed = with_block(
        valid_draft(),
        "US-2",
        title="Pick a mascot",
        want="to pick a mascot for the club",
        assumptions=("want",),
    )
    assert _given(brief_coverage, assumed) == []


def test_a_wish_that_shares_two_words_of_five_with_the_evidence_is_advised() -> None:
    wish = "to post a timetable offline to my circle"
    draft = with_block(valid_draft(), "US-2", title="Share to a circle", want=wish)
    assert _given(brief_coverage, draft) == ADVISE


def test_other_languages_than_the_quotes_prove_nothing_about_invention() -> None:
    draft = with_block(valid_draft(), "US-2", title="Pagar", want="pagar con cupones del ayuntamiento")
    assert _given(brief_coverage, draft.model_copy(update={"language": "es"})) == []


def test_two_names_of_one_thing_and_two_spellings_are_advice() -> None:
    assert _given(glossary_drift, _required("The system shall list each time table of a school.")) == ADVISE
    both = "The system shall show the schedule beside the timetable."
    assert _given(glossary_drift, _required(both)) == []


def test_the_same_wish_of_another_role_is_advice() -> None:
    same = _story("US-1")
    twin = same.model_copy(update={"id": "US-3"})
    assert _given(near_duplicate_stories, _with_blocks(twin)) == BLOCK
    assert _given(near_duplicate_stories, _with_blocks(twin.model_copy(update={"role": "parent"}))) == ADVISE


def test_requirements_in_other_words_are_duplicates_and_other_bounds_are_not() -> None:
    other = "The last timetable shall be retained on the phone by the system."
    assert _given(near_duplicate_requirements, _required(other)) == BLOCK
    assert _given(near_duplicate_requirements, _required("The kept timetable shall open within 5 s.")) == []


def test_a_criterion_twice_blocks() -> None:
    story = _story("US-1")
    criteria = (*story.criteria, story.criteria[0].model_copy(update={"title": "again"}))
    assert _given(near_duplicate_requirements, with_block(valid_draft(), "US-1", criteria=criteria)) == BLOCK


def test_a_requirement_that_shares_no_word_with_its_story_is_advice() -> None:
    assert _given(orphan_stories, _required("The system shall sort badges by colour.")) == ADVISE
    assert _given(orphan_stories, _required("What US-1 asks for shall take at most 60 s.")) == []


def test_a_quote_that_leaves_the_appendix_is_missed() -> None:
    base = valid_draft()
    shorter = base.sections[-1].model_copy(update={"blocks": base.sections[-1].blocks[:1]})
    found = claims_used(base.model_copy(update={"sections": (*base.sections[:-1], shorter)}), valid_view())
    assert [finding.target for finding in found] == ["Q4"]


def test_passages_without_vectors_say_nothing_of_coverage() -> None:
    found = valid_draft().provenance.model_copy(update={"retrieved": ("pas_rec_a", "gone")})
    assert _given(COVERAGE.grade, valid_draft().model_copy(update={"provenance": found})) == []
