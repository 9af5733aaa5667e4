"""Names without a model: phrases that people write, told apart from each other, in their language."""

from dataclasses import dataclass

import pytest

from assistant.synthesis.areas import Spread, spread_of
from assistant.synthesis.titles import LONGEST, titles_of


@dataclass(frozen=True)
class Said:
    text: str
    language: str = "en"


EXPORT = [
    Said("The export of our board is empty."),
    Said("Our export is empty again, and the file of the export too."),
    Said("I get an empty file when I use the export."),
    Said("The export hangs and then the file is empty."),
]
DARK = [
    Said("Please add a dark mode."),
    Said("I need the dark mode for the evening."),
    Said("Dark mode is what I miss."),
    Said("A dark mode would be lovely."),
]
LATE = [
    Said("Die Erinnerungen kommen immer zu spät.", "de"),
    Said("Meine Erinnerungen kommen nie an.", "de"),
    Said("Gestern kamen die Erinnerungen doppelt.", "de"),
]
SEARCH = [
    Said("検索が遅いです。", "ja"),
    Said("検索の結果が出ません。", "ja"),
    Said("検索できません。", "ja"),
]
IDLE = [
    Said("I never know whether it is still running."),
    Said("You can't tell if anything happens."),
    Said("Was it done, or was it waiting for me?"),
]


def names(*groups: list[Said]) -> list[str]:
    return [label.name for label in titles_of(groups)]


def test_a_theme_is_called_by_a_noun_phrase_that_people_use() -> None:
    export, dark, late, search = names(EXPORT, DARK, LATE, SEARCH)
    assert "export" in export or "file" in export
    assert (dark, late, search) == ("dark mode", "Erinnerungen", "検索")


def test_verbs_that_go_with_everything_name_nothing() -> None:
    keeps = [Said(f"Notifications come late and I use {what} daily.") for what in ("mail", "push", "chat")]
    assert names(keeps, DARK)[0].split()[0] == "notifications"


def test_a_theme_without_a_word_of_its_own_is_called_by_a_clause_of_its_most_central_statement() -> None:
    told = names(EXPORT, DARK, IDLE)[2]
    assert len(told.split()) >= 2
    assert any(told.casefold() in said.text.casefold() for said in IDLE)


def test_names_of_siblings_differ_and_hold_no_quantity() -> None:
    counted = [Said(f"All {number} exports of the board are empty.") for number in range(3)]
    told = names(EXPORT, counted, EXPORT, counted)
    assert len({one.casefold() for one in told}) == len(told)
    assert not any(char.isdigit() or "all" in one.split() for one in told[:2] for char in one)


@pytest.mark.parametrize("text", ["🙂", "?!", "a", "7", "the of and", "x" * 500])
def test_whatever_a_theme_holds_it_gets_a_short_name(text: str) -> None:
    told = names([Said(text)], [Said(text)], DARK)
    assert all(0 < len(one) <= LONGEST for one in told)
    assert len({one.casefold() for one in told}) == 3


def test_the_order_of_equal_statements_changes_no_name() -> None:
    assert names(EXPORT, DARK, LATE) == names(EXPORT[:1] + EXPORT[:0:-1], DARK, LATE)


def test_a_word_that_most_areas_say_names_none_of_them() -> None:
    """An area of nothing but the product's name is called by the two themes that make it up."""
    things = [
        "invoices",
        "calendars",
        "passwords",
        "webhooks",
        "printers",
        "templates",
        "reminders",
        "backups",
    ]
    areas = [
        [Said(f"Our {thing} in Kanbo fail {when}.") for when in ("daily", "at night")] for thing in things
    ]
    about = ["help pages", "sales team", "price list", "news letter", "video course", "phone line"]
    heap = [Said(f"I like the {one} of Kanbo.") for one in about]
    groups = [heap, *areas]
    parts = [["Kanbo", "help pages", "sales team"], *([thing] for thing in things)]
    spread = spread_of(groups, groups)
    told = [label.name for label in titles_of(groups, spread=spread, parts=parts)]
    assert told[0] == "help pages / sales team"
    assert all(thing in name for thing, name in zip(things, told[1:], strict=True))
    assert "Kanbo" in titles_of(groups)[0].name


def test_with_few_areas_their_themes_tell_which_words_are_everybody_s() -> None:
    themes = [
        [Said(f"The {what} of this app {how}.") for how in ("fails", "is slow", "stops")]
        for what in ("sync", "map", "login", "chart", "alarm", "radio")
    ]
    areas = [themes[0] + themes[1] + themes[2], themes[3] + themes[4] + themes[5]]
    told = [
        label.name
        for label in titles_of(
            areas, spread=spread_of(areas, themes), parts=[["app", "sync", "map"], ["alarm", "app", "chart"]]
        )
    ]
    assert not any(one.casefold() == "app" for one in told)


def test_words_in_most_areas_that_stand_together_in_few_still_name_one() -> None:
    spread = Spread(
        [[frozenset({"card"}), frozenset({"search"})]] * 9 + [[frozenset({"card", "search"})]], 0.2, 0.0
    )
    assert spread.is_common({"card"})
    assert spread.is_common({"search"})
    assert not spread.is_common({"card", "search"})
    assert not spread.is_common(set())
