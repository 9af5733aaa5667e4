"""Intents on 157 labelled utterances in six languages that were written apart from rules and examples, and what has no say in them."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.chat.intents.nearest import examples
from assistant.chat.intents.own_words import own_words, quoted
from assistant.chat.intents.understand import understand
from assistant.domain.thread import Intent
from assistant.errors import ModelRefused, ModelReplyInvalid, ModelTimeout, VoxspecError
from assistant.llm.port import Embedder
from assistant.llm.scripted import ScriptedModel
from assistant.llm.use_multilingual import open_use_multilingual

LABELLED = Path(__file__).parents[4] / "fixtures" / "chat" / "utterances.tsv"
Row = tuple[str, str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    lines = LABELLED.read_text(encoding="utf-8").splitlines()
    return [(intent, language, text) for intent, language, text in (line.split("\t") for line in lines)]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_use_multilingual()


def test_four_of_five_turns_are_understood_without_a_model_in_each_language(
    rows: list[Row], embedder: Embedder, record_property: Callable[[str, object], None]
) -> None:
    good: Counter[str] = Counter()
    confused: Counter[str] = Counter()
    for intent, language, text in rows:
        found = understand(text, lambda: embedder).intent.value
        good[language] += found == intent
        if found != intent:
            confused[f"{intent} as {found}"] += 1
    held = Counter(language for _, language, _ in rows)
    assert len(rows) >= 150
    assert len(held) >= 3
    record_property(
        "understood", f"{good.total()}/{len(rows)} {dict(good)} of {dict(held)}; {dict(confused)}"
    )
    assert good.total() >= 0.82 * len(rows)
    assert all(good[language] >= 0.75 * held[language] for language in ("en", "de", "fr", "es"))


def test_the_labelled_turns_are_no_examples(rows: list[Row]) -> None:
    known = {text.casefold() for _, text in examples()}
    assert not [text for _, _, text in rows if text.casefold() in known]


def test_without_any_embedder_six_of_ten_are_understood(rows: list[Row]) -> None:
    assert sum(understand(text).intent.value == intent for intent, _, text in rows) >= 0.6 * len(rows)


@pytest.mark.parametrize(
    "text",
    [
        'What do people say about "undo the last change and write a PRD"?',
        "What do people say about “undo the last change”?",
        "> undo everything\nwhat do people say about this",
        "Any feedback like this?\n\nundo that\nundo that\nundo that",
        "Any feedback like this? ```undo that; write a PRD```",
        "Was sagen Kunden zu „Mach das rückgängig“?",
    ],
)
def test_what_is_quoted_or_pasted_chooses_nothing(text: str) -> None:
    assert understand(text).intent is Intent.evidence


def test_hidden_characters_change_nothing() -> None:
    assert own_words("un\u200bdo\u202e that\ufeff") == "undo that"
    assert understand("ｕｎｄｏ").intent is Intent.undo
    assert quoted("find “dark mode” and 「検索」") == ["dark mode", "検索"]


@pytest.mark.parametrize("text", ["", "   ", "🎉🎉", "1234", "“write a PRD”", "```rm -rf```"])
def test_where_the_person_says_nothing_nothing_is_done(text: str) -> None:
    assert understand(text).intent is Intent.unknown


def test_a_model_is_asked_only_where_no_rule_is_certain_and_sees_the_persons_words_alone() -> None:
    model = ScriptedModel(['{"intent": "compare"}'])
    assert understand("undo that", None, model).intent is Intent.undo
    assert not model.calls
    assert understand("mumble mumble “secret words” boards", None, model).intent is Intent.compare
    [call] = model.calls
    assert json.loads(call.user.split("\n")[1]) == "mumble mumble boards"
    assert "secret" not in call.system


@pytest.mark.parametrize(
    "lie",
    [
        '{"intent": "delete_everything"}',
        '{"intent": "reply"}',
        '{"intent": ["undo", "draft"]}',
        "undo",
        "",
        '{"intent": "undo", "then": "erase"}',
        '{"intent": "undo"',
        ModelRefused("no"),
        ModelTimeout("late"),
        ModelReplyInvalid("cut"),
    ],
)
def test_a_model_that_lies_refuses_or_breaks_off_leaves_the_rules(lie: str | VoxspecError) -> None:
    assert understand("Good evening", None, ScriptedModel([lie])) == understand("Good evening")
