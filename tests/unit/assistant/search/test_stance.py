import pytest

from assistant.search.stance import stance


@pytest.mark.parametrize(
    "text",
    [
        "The export crashes every time.",
        "This is not good.",
        "Sync doesn't work since the last release.",
        "I can’t log in any more",
        "Great design, but the board is terribly slow.",
        "Please add dark mode.",
        "It would be great if I could export to Excel.",
        "I wish there was an offline mode",
        "The page stays blank after login and we lost our data.",
        "The report times out.",
        "There is no way to undo this.",
        "Only missing a calendar view",
        "Die App stürzt beim Export ab.",
        "Der Export funktioniert leider nicht.",
        "La aplicación no funciona y es muy lenta.",
        "Impossible de synchroniser, l'application ne fonctionne plus.",
        "エクスポートできないので困っています。",
        "同期が遅いです。改善してほしい。",
        "导出失败，希望改进。",
    ],
)
def test_complaints_and_wishes_are_problems(text: str) -> None:
    assert stance(text) == "problem"


@pytest.mark.parametrize(
    "text",
    [
        "Love the new dashboard!",
        "No problems at all, works great.",
        "I can't complain.",
        "Sync works again, thank you.",
        "It finally works.",
        "Never had any issues with it.",
        "Setup was easy and support is friendly.",
        "I cannot recommend it highly enough.",
        "Funktioniert einwandfrei, sehr zufrieden.",
        "Me encanta, funciona muy bien.",
        "Très pratique, je recommande.",
        "とても便利です。ありがとう。",
        "很好用，非常方便。",
    ],
)
def test_what_works_is_praise(text: str) -> None:
    assert stance(text) == "praise"


@pytest.mark.parametrize(
    "text", ["", "We use it on Mondays.", "I have a Pixel 8.", "毎週使っています。", "🙂", "12:30"]
)
def test_the_rest_is_neutral(text: str) -> None:
    assert stance(text) == "neutral"


def test_a_rating_decides_only_where_words_do_not() -> None:
    assert stance("The new version.", 0.0) == "problem"
    assert stance("The new version.", 1.0) == "praise"
    assert stance("The new version.", 0.5) == "neutral"
    assert stance("It crashes and I lost all my notes.", 1.0) == "problem"


@pytest.mark.parametrize(
    "text",
    [
        "Good tool until you need to export more than 10k cards",
        "Used to be five stars from me.",
        "No offline, no five stars.",
        "It was fair until the last increase.",
        "Guest links don't expire. Right now we keep a second, cleaned board for them.",
    ],
)
def test_praise_that_is_taken_back_is_none(text: str) -> None:
    assert stance(text) != "praise"


def test_what_does_all_that_is_needed_is_praised() -> None:
    assert stance("The export does exactly what I need.") == "praise"


@pytest.mark.parametrize(
    "text",
    [
        "The timeline of the trade fair takes 8 seconds to draw.",
        "Good morning,\nIs there a live connection from Kanbo to Google Sheets?",
        "Last good export was on the Friday before the update.",
        "Both my phone and device were working perfectly up to this point.",
        "It worked last week.",
        "But for a couple of weeks the sync hasnt worked.",
        "I'd love saved searches.",
        "Id love saved searches.",
        "better charts pls",
        "Pls make big boards faster.",
        "Would be happy to test it.",
        "It connects only when I power down the watch completely and power back up.",
        "We are using it with friends, the exception being Tom.",
        "Writing for our facilities team, 35 people.",
    ],
)
def test_words_of_praise_that_praise_nothing_are_no_praise(text: str) -> None:
    assert stance(text, language="en") != "praise"


@pytest.mark.parametrize(
    "text", ["Simple, clear and it does what we need.", "Good app. It has all the data I want in one place."]
)
def test_what_does_what_people_need_is_praise(text: str) -> None:
    assert stance(text, language="en") == "praise"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("After a power cut I set every room again.", "neutral"),
        ("The code can't be scanned at the gate.", "problem"),
        ("The page is not updated.", "problem"),
        ("I never lost a single card.", "praise"),
        ("We never had a double entry.", "praise"),
    ],
)
def test_what_never_happened_and_what_cannot_be_done_are_told_apart(text: str, expected: str) -> None:
    assert stance(text) == expected
