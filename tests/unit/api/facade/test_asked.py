"""From the person's messages to one request."""

import pytest

from api.facade.asked import Asked, asked_of, housekeeping


@pytest.mark.parametrize(
    ("said", "brief", "kind"),
    [
        ("slow exports", "slow exports", None),
        ("Write a PRD for slow exports", "slow exports", "prd"),
        ("Can you please draft user stories about offline mode?", "offline mode", "user_stories"),
        ("PRD: export, on large boards", "export, on large boards", "prd"),
        ("Give me a summary of everything", "", "insight_summary"),
        ("summarise what customers say", "", "insight_summary"),
        ("write user stories", "", "user_stories"),
        ("The overview page is slow", "The overview page is slow", None),
        ("requirements engineering is a pain", "requirements engineering is a pain", None),
        ("Create a board template", "Create a board template", None),
        ("make exports faster", "make exports faster", None),
    ],
)
def test_a_request_is_told_from_what_it_is_about(said: str, brief: str, kind: str | None) -> None:
    assert asked_of([said]) == Asked(brief=brief, kind=kind)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (["slow exports", "shorter"], Asked("slow exports", 5)),
        (["slow exports", "Make it a bit shorter, please!", "shorter"], Asked("slow exports", 3)),
        (["slow exports", "more details"], Asked("slow exports", 20)),
        (["slow exports", "longer", "longer"], Asked("slow exports", 20)),
        (["slow exports", "and only for Android."], Asked("slow exports for Android")),
        (["slow exports", "what about Android?"], Asked("slow exports Android")),
        (["slow exports", "without Android"], Asked("slow exports without Android")),
        (["slow exports", "now as user stories"], Asked("slow exports", kind="user_stories")),
        (["slow exports", "write a PRD"], Asked("slow exports", kind="prd")),
        (["PRD for slow exports", "shorter", "offline mode"], Asked("offline mode", kind="prd")),
        (["slow exports", "I want shorter waiting times"], Asked("I want shorter waiting times")),
        (["slow exports", "stories about offline mode"], Asked("offline mode", kind="user_stories")),
        (["", "  ", "shorter"], Asked("shorter")),
    ],
)
def test_a_follow_up_changes_what_was_asked_before_it(said: list[str], asked: Asked) -> None:
    assert asked_of(said) == asked


def test_only_prompts_of_a_client_are_housekeeping() -> None:
    assert housekeeping(["### Task:\nGenerate 1-3 broad tags."]) == (
        '{"title": "Voxspec", "tags": [], "follow_ups": [], "queries": [], "text": ""}'
    )
    assert housekeeping(["Our task: faster exports"]) is None


@pytest.mark.parametrize(
    "said",
    [
        (
            "Provide a concise, 5-word-or-less title for the conversation. Only return the title itself.\n\n"
            "Conversation:\nUser: slow exports of boards\nAI: # PRD",
        ),
        ("slow exports of boards", "Generate a concise 3-7 word title for this conversation, without marks."),
        (
            "slow exports of boards",
            "Given what follows, please reply with a title for the chat that is 3-4 words in length.\n\n# PRD",
        ),
    ],
)
def test_a_client_that_asks_for_a_title_gets_what_the_person_asked_first(said: tuple[str, ...]) -> None:
    assert housekeeping(said) == "slow exports of boards"


@pytest.mark.parametrize(
    "said",
    [
        "PRD: a longer title for the chat",
        "user stories about a title for the conversation that people can edit",
        "People want to give a title for a chat",
        "A title of 3-4 words is too short for boards",
    ],
)
def test_a_brief_about_titles_is_a_brief(said: str) -> None:
    assert housekeeping(["slow exports", said]) is None


def test_a_hostile_brief_is_read_in_linear_time() -> None:
    for piece in (
        "please ",
        "and ",
        "it ",
        "a ",
        "### Task:<chat_history>",
        "write a ",
        "give title for a ",
        "user: ",
    ):
        asked_of([piece * 20_000, piece * 20_000])
        housekeeping([piece * 20_000])
        housekeeping([f"### Task:{piece * 20_000}"])
