"""Numbers, amounts and trends in prose: each is licensed by a fact or a label."""

import pytest

from assistant.domain.draft import Draft, Section, Stance, TableBlock, TextBlock
from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter, Measure
from assistant.domain.record import Record
from evals.graders.numbers_bound import numbers_bound
from evals.language.number_words import number_words
from evals.sample import sample_view, with_block, with_claim, with_fact
from tests.support.drafts import valid_draft, valid_records, valid_view


def _found(draft: Draft) -> list[str]:
    return [finding.message for finding in numbers_bound(draft, valid_view())]


def _said(text: str, *facts: str) -> Draft:
    return with_claim(valid_draft(), "C1", text=text, fact_ids=facts)


@pytest.mark.parametrize(
    "text",
    [
        "12 people can't open it.",
        "It takes 10k rows.",
        "It takes ½ of the day.",
        "Twelve people can't open it.",
        "Dozens can't open it.",
        "A third can't open it.",
        "Half of them can't open it.",
        "It happens twice a day.",
        "Hundreds of teachers wait.",
        "Most can't open it.",
        "The majority can't open it.",
        "Many can't open it.",
        "Few can open it.",
        "Nobody can open it.",
        "Everyone waits.",
        "Almost all teachers wait.",
        "Several teachers wait.",
        "Complaints are rising.",
        "Complaints keep growing.",
        "More and more teachers wait.",
        "Complaints have doubled.",
        "Complaints are declining.",
        "The rate is steady.",
        "It came with release 4.2.",
        "٣ people can't open it.",
        "It falls every week.",
        "More people every week.",
        "It always fails.",
        "It never opens.",
        "It opens every time.",
        "It gets worse.",
        "It happens week by week.",
        "Fewer complaints come in.",
        "It fails more often.",
        "Interest declines.",
    ],
)
def test_a_statement_without_a_fact_blocks(text: str) -> None:
    assert _found(_said(text))


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("{F1} people can't open it.", ("F1",)),
        ("Three can't open it ({F1}).", ("F1",)),
        ("Three quarters can't open it ({F3}).", ("F3",)),
        ("Most can't open it ({F3}).", ("F3",)),
        ("Several can't open it ({F1}).", ("F1",)),
        ("Complaints are rising from {F4} to {F5}.", ("F4", "F5")),
        ("Complaints have doubled from {F4} to {F5}.", ("F4", "F5")),
        ("Complaints may be rising one day.", ()),
        ("US-1 rests on C1 and Q1.", ()),
        ("How many wait isn't known.", ()),
    ],
)
def test_a_statement_that_a_fact_licenses_is_fine(text: str, facts: tuple[str, ...]) -> None:
    assert _found(_said(text, *facts)) == []


def test_most_needs_a_share_above_half() -> None:
    low = with_fact(_said("Most can't open it ({F3}).", "F3"), "F3", value=0.5)
    assert "needs a share above 50 %" in _found(low)[0]


def test_rising_needs_the_later_window_to_be_higher() -> None:
    draft = _said("Complaints are rising from {F5} to {F4}.", "F4", "F5")
    assert _found(with_fact(draft, "F5", value=1))
    assert _found(with_fact(draft, "F5", value=0))


def test_rising_needs_two_windows_of_the_same_measure_and_selection() -> None:
    draft = _said("Complaints are rising from {F4} to {F5}.", "F4", "F5")
    scope = draft.facts["F5"].filter.scope
    assert _found(with_fact(draft, "F5", measure=Measure.records))
    assert _found(with_fact(draft, "F5", filter=FactFilter(scope=scope)))
    assert _found(with_fact(draft, "F5", filter=FactFilter(scope=Scope(), selection="S1")))


def test_a_heading_is_licensed_by_the_facts_of_its_section() -> None:
    first = valid_draft().sections[0]

    def titled(title: str, section: Section) -> list[str]:
        changed = section.model_copy(update={"title": title})
        return _found(valid_draft().model_copy(update={"sections": (changed, *valid_draft().sections[1:])}))

    assert titled("1. Opening offline — growing", first) == []
    assert titled("Opening offline — halved", first)
    assert titled("Opening offline — growing", first.model_copy(update={"blocks": (TextBlock(text="x"),)}))


def test_a_table_row_is_licensed_by_what_is_counted_over_its_selection() -> None:
    def table(*row: str) -> list[str]:
        section = valid_draft().sections[0]
        held = section.model_copy(
            update={"blocks": (TableBlock(header=("theme", "people", "rate"), rows=(row,)),)}
        )
        return _found(valid_draft().model_copy(update={"sections": (held, *valid_draft().sections[1:])}))

    assert table("timetable", "{F1}", "grows") == []
    assert table("timetable", "—", "grows")
    assert table("timetable", "3", "—")


@pytest.mark.parametrize("stance", [Stance.assumption, Stance.target])
def test_a_labelled_statement_may_propose_numbers(stance: Stance) -> None:
    assert _found(with_claim(valid_draft(), "C4", text="Most of 50 pools will join.", stance=stance)) == []


def test_the_same_statement_without_its_label_blocks() -> None:
    assert len(_found(with_claim(valid_draft(), "C4", stance=Stance.supported))) == 1


def test_a_bound_that_is_not_marked_as_proposed_blocks() -> None:
    assert _found(with_block(valid_draft(), "NFR-1", bound_proposed=False))


def test_a_requirement_repeats_its_proposed_bound_once() -> None:
    text = "Within 2 s the kept timetable of 2 pools shall open."
    assert len(_found(with_block(valid_draft(), "NFR-1", text=text))) == 1


def test_a_step_with_a_number_needs_a_note_that_marks_it() -> None:
    story = valid_draft().sections[1].blocks[0]
    bare = tuple(c.model_copy(update={"note": ""}) for c in story.criteria)  # type: ignore[union-attr]
    assert _found(with_block(valid_draft(), "US-1", criteria=bare))


@pytest.mark.parametrize("field", ["want", "benefit", "title"])
def test_a_story_may_say_every_but_not_most_people(field: str) -> None:
    assert _found(with_block(valid_draft(), "US-1", **{field: "to show every lane to many at once"})) == []
    assert _found(with_block(valid_draft(), "US-1", **{field: "to do what most users do"}))


def test_a_baseline_must_be_a_fact() -> None:
    assert _found(with_block(valid_draft(), "G1", baseline="6.1"))
    assert _found(with_block(valid_draft(), "G1", baseline="unknown")) == []


def test_the_title_may_repeat_a_number_of_the_brief_and_no_other() -> None:
    draft = valid_draft().model_copy(
        update={"brief": "timetable for 3 pools", "title": "PRD: timetable for 3 pools"}
    )
    assert _found(draft) == []
    assert _found(draft.model_copy(update={"title": "PRD: timetable for 4 pools"}))


def test_a_name_with_a_digit_is_licensed_by_the_evidence() -> None:
    text = "The line at B2B pools is slow."
    assert _found(with_claim(valid_draft(), "C1", text=text))
    named = valid_draft().model_copy(update={"brief": "timetable for B2B pools"})
    assert _found(with_claim(named, "C1", text=text, fact_ids=())) == []


def test_a_segment_value_with_a_digit_is_a_name() -> None:
    def segmented(record: Record) -> Record:
        return record.model_copy(update={"segments": {"level": "tier 2", "score": "7"}})

    view = sample_view(tuple(segmented(record) for record in valid_records()))
    assert numbers_bound(_said("Those of tier 2 wait.", "F1"), view) == []
    assert numbers_bound(_said("Those of tier 3 wait.", "F1"), view)
    assert numbers_bound(_said("7 wait.", "F1"), view)


def test_a_number_must_be_called_what_it_counts() -> None:
    assert "counts accounts, not people" in _found(_said("{F2} people can't open it.", "F2"))[0]


def test_german_words_are_found_in_a_german_draft() -> None:
    german = valid_draft().model_copy(update={"language": "de"})
    assert _found(with_claim(german, "C4", text="Die meisten warten.", stance=Stance.supported))
    assert _found(with_claim(german, "C4", text="Zwölf warten.", stance=Stance.supported))
    assert _found(
        with_claim(
            german, "C4", text="Die Klagen nehmen zu und es werden immer mehr.", stance=Stance.supported
        )
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ninety-seven customers in thirty-one accounts left us.", ["Ninety-seven", "thirty-one"]),
        ("Some forty-odd of them, one-in-three, a two-hundred-fold rise.", ["forty-odd", "one-in-three", "two-hundred-fold"]),
        ("XCVII percent left, and XII of the rest.", ["XCVII", "XII"]),
        ("Twenty\u2010four left.", ["Twenty\u2010four"]),
        ("A two-factor login, a one-click export, a four-eyes check on CD and CI.", []),
    ],
)  # fmt: skip
def test_numbers_in_words_of_several_parts_are_found(text: str, found: list[str]) -> None:
    assert [word.text for word in number_words(text, "en")] == found


def test_a_fact_licenses_its_number_in_words_of_two_parts() -> None:
    (word,) = number_words("Ninety-seven left.", "en")
    assert word.value == 97.0
    (half,) = number_words("forty-odd left.", "en")
    assert half.value is None
