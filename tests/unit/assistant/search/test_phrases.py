"""Phrases are cut verbatim from what people write; typical requests and complaints tell what they should."""

import pytest

from assistant.search.phrases import SYMPTOMS, phrases, symptoms

TYPICAL = [
    ("I wish I could export the whole board to a file.", "want", "export the whole board"),
    ("We would love to be able to filter cards by owner.", "want", "filter cards by owner"),
    ("Please let us sort the list by date.", "want", "sort the list by date"),
    ("It would be great if we could undo a deletion.", "want", "undo a deletion"),
    ("We need to be able to work offline, but it fails.", "want", "work offline"),
    ("I need to print the plan every Monday.", "want", "print the plan"),
    ("I can't open the calendar on my tablet.", "want", "open the calendar"),
    ("There is no way to merge two boards.", "want", "merge two boards"),
    ("I tried to import a spreadsheet and it failed.", "want", "import a spreadsheet"),
    ("Please add a dark theme.", "thing", "a dark theme"),
    ("I wish there was a progress bar.", "thing", "a progress bar"),
    ("We urgently need an audit log.", "thing", "an audit log"),
    ("I'd love a weekly digest.", "thing", "a weekly digest"),
    ("Give me a list so that I can plan the week ahead.", "benefit", "I can plan the week"),
    ("I have to copy each card by hand into a sheet.", "burden", "copy each card by hand"),
    ("Every Friday I rebuild the report from scratch.", "loss", "rebuild the report"),
    ("We lost two hours of work because of it.", "loss", "lost two hours"),
    ("It breaks when the board has more than 4,000 cards.", "condition", "when the board has"),
    ("As a team lead I plan the sprint.", "role", "a team lead"),
]


@pytest.mark.parametrize(("sentence", "kind", "words"), TYPICAL)
def test_typical_requests_and_complaints_give_the_expected_kind(sentence: str, kind: str, words: str) -> None:
    told = [phrase.text for phrase in phrases(sentence) if phrase.kind == kind]
    assert any(words in text for text in told), told


@pytest.mark.parametrize(("sentence", "kind", "words"), TYPICAL)
def test_a_phrase_is_the_span_that_it_names(sentence: str, kind: str, words: str) -> None:
    for phrase in phrases(sentence):
        assert sentence[phrase.start : phrase.end] == phrase.text


@pytest.mark.parametrize(
    ("sentence", "ends_before"),
    [
        ("I want to share the board because my boss asks.", "because"),
        ("I want to share the board, but it fails.", "but"),
        ("I want to share the board. It fails.", "It fails"),
        ("I want to share the board (read only).", "read only"),
        ("I want to share the board when I am away.", "when"),
        ("I want to share the board - please!", "please"),
        ("I want to share the board; it fails.", "it fails"),
        ("I want to share the board “now”.", "now"),
        ("I want to share the board!!! Thanks", "Thanks"),
    ],
)
def test_a_phrase_ends_with_its_clause(sentence: str, ends_before: str) -> None:
    wants = [phrase.text for phrase in phrases(sentence) if phrase.kind == "want"]
    assert wants == ["share the board"]
    assert ends_before not in wants[0]


@pytest.mark.parametrize("number", ["4,000", "1.5", "10,000.50", "12:30", "3,5"])
def test_a_number_with_a_mark_inside_is_not_cut(number: str) -> None:
    told = [phrase.text for phrase in phrases(f"I need to export {number} cards.")]
    assert any(text.endswith(f"{number} cards") for text in told), told


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "   ",
        "The board is green.",
        "I have to say that I am happy.",
        "I want to thank you.",
        "We can't complain.",
        "ボードをエクスポートしたい。",
        "Я хочу экспортировать доску.",
        "I want to",
        "Please add",
    ],
)
def test_what_asks_for_nothing_gives_no_wish(sentence: str) -> None:
    assert [phrase for phrase in phrases(sentence) if phrase.kind in {"want", "thing", "burden"}] == []


def test_a_run_of_a_hundred_words_is_no_phrase() -> None:
    assert all(len(phrase.text.split()) <= 16 for phrase in phrases(f"I want to {'go ' * 100}home."))


@pytest.mark.parametrize(
    ("sentence", "symptom"),
    [
        ("The PDF comes out blank.", "empty"),
        ("It times out after a minute.", "timeout"),
        ("Search is painfully slow.", "slow"),
        ("The app crashes on launch.", "crash"),
        ("My changes disappeared overnight.", "loss"),
        ("The reminder came hours later.", "late"),
        ("Each reminder is sent twice.", "double"),
        ("I am flooded with e-mails.", "flood"),
        ("It stops without any message... there is no error.", "silent"),
        ("I can't tell if it is still running.", "unknown"),
        ("The button doesn't work.", "broken"),
    ],
)
def test_a_symptom_is_recognised(sentence: str, symptom: str) -> None:
    assert symptom in {found.id for found in symptoms(sentence)}


@pytest.mark.parametrize(
    "sentence", ["", "I like the colours.", "Please add a calendar.", "What plan do you offer?"]
)
def test_no_symptom_is_seen_where_none_is_named(sentence: str) -> None:
    assert symptoms(sentence) == []


def test_every_symptom_can_fill_its_scenarios_and_has_a_name_of_its_own() -> None:
    assert len({symptom.id for symptom in SYMPTOMS}) == len(SYMPTOMS)
    for symptom in SYMPTOMS:
        for text in (symptom.noun, symptom.outcome, symptom.guard, symptom.measure, symptom.target):
            assert text.strip() == text != ""
            assert "{" not in text
            assert "\n" not in text


def test_what_never_happened_is_no_symptom() -> None:
    assert [symptom.id for symptom in symptoms("I lost my notes")] == ["loss"]
    assert symptoms("I never lost my notes") == []
