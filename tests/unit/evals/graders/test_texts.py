"""Texts that are left to be written, too long, broken off, without proof, or turned round."""

import pytest

from assistant.domain.draft import Criterion, Draft, Stance, TextBlock
from assistant.domain.finding import Severity
from evals.graders.claims_supported import claims_supported
from evals.graders.placeholders import placeholders
from evals.graders.schema_sections import schema_sections
from evals.sample import with_block, with_claim
from tests.support.drafts import valid_draft, valid_view


def _with_text(text: str) -> Draft:
    first = valid_draft().sections[0]
    changed = first.model_copy(update={"blocks": (TextBlock(text=text), *first.blocks[1:])})
    return valid_draft().model_copy(update={"sections": (changed, *valid_draft().sections[1:])})


@pytest.mark.parametrize(
    "text",
    [
        "TBA", "WIP", "Details to follow.", "Your text here.", "Insert reason here", "To be agreed with legal.", "[ROLE]", "<role>", "${NAME}",
        "Noch zu klären.", "Wird noch ergänzt.", "À compléter.", "Por definir.", "Da definire.", "待定", "N/A", "—", "…", "see above", "Lorem ipsum",
        "They open it and", "When did they …", "What they name is the",
    ],
)  # fmt: skip
def test_text_that_is_left_to_be_written_blocks(text: str) -> None:
    assert placeholders(_with_text(text), valid_view())


@pytest.mark.parametrize(
    "text", ["They wrote to Todd.", "What they ask for.", "A work list of tasks.", "It is known (see below)."]
)
def test_whole_sentences_are_fine(text: str) -> None:
    assert placeholders(_with_text(text), valid_view()) == []


def test_a_story_of_many_words_and_criteria_blocks() -> None:
    criterion = Criterion(title="x", given=("a",), when=("b",), then=("c",))
    assert schema_sections(with_block(valid_draft(), "US-1", want="to " + "see it " * 200), valid_view())
    assert schema_sections(with_block(valid_draft(), "US-1", criteria=(criterion,) * 60), valid_view())
    assert schema_sections(with_claim(valid_draft(), "C1", text="word " * 130), valid_view())


def test_a_section_without_a_title_or_with_a_dash_blocks() -> None:
    first = valid_draft().sections[0]
    for changed in (
        first.model_copy(update={"title": " "}),
        first.model_copy(update={"blocks": (TextBlock(text="N/A"),)}),
    ):
        draft = valid_draft().model_copy(update={"sections": (changed, *valid_draft().sections[1:])})
        assert schema_sections(draft, valid_view())


def test_a_statement_in_connecting_text_is_advised() -> None:
    [found] = claims_supported(_with_text("What people say. The old app drives schools away."), valid_view())
    assert found.severity is Severity.advise
    assert claims_supported(_with_text("No record of the scope speaks of this."), valid_view()) == []


def test_a_claim_that_turns_its_quote_round_blocks() -> None:
    for text, found in (
        ("The timetable does load on a slow line.", True),
        ("The timetable loads on a slow line.", True),
        ("The timetable does not load on a slow line.", False),
    ):
        claim = with_claim(
            valid_draft(), "C1", text=text, stance=Stance.supported, quote_ids=("Q1",), fact_ids=("F1", "F2")
        )
        assert bool(claims_supported(claim, valid_view())) is found


def test_a_count_that_nothing_tells_is_advised() -> None:
    draft = with_claim(valid_draft(), "C3", text="It opens for others: {Q4}", fact_ids=())
    assert [finding.target for finding in claims_supported(draft, valid_view())] == ["F3"]
