"""What is a command, and what isn't: words of others, code, paths, and everything that we write ourselves."""

import pytest

from api.tickets.commands import HELP, command_of, may_ask
from api.tickets.inert import inert_words
from api.tickets.texts import texts_of
from assistant.domain.ticket import Connection, TicketComment
from tests.support.bait import BAIT
from tests.support.naughty import draft_holding


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/story", "story"),
        ("\r\n\n  /PRD, please\nwith metrics", ""),
        ("\r\n\n  /PRD please\nwith metrics", "prd"),
        ("/evidence\n> /prd", "evidence"),
        ("/duplicates\t", "duplicates"),
        ("/teapot", "teapot"),
        ("/etc/hosts", ""),
        ("/", ""),
        ("please /story", ""),
        ("thanks\n/story", ""),
        ("> /story", ""),
        (">/story", ""),
        ("```\n/story\n```", ""),
        ("~~~\n/story\n~~~", ""),
        ("    /story", ""),
        ("\t/story", ""),
        ("`/story`", ""),
        ("<!-- x -->\n/story", ""),
        ("- /story", ""),
        ("\u200b/story", ""),
        ("", ""),
    ],
)
def test_only_the_first_word_of_ones_own_is_a_command(text: str, command: str) -> None:
    assert command_of(text) == command


@pytest.mark.parametrize("text", [*BAIT, "/story", "/prd now", "/evidence\n/prd"])
def test_nothing_that_we_write_is_one(text: str) -> None:
    assert command_of(inert_words(text)) == ""
    assert command_of(HELP) == ""
    for item in texts_of(draft_holding([text]), None, show_personal=True):
        assert command_of(item.text.body) == ""


def test_names_are_compared_as_a_person_reads_them() -> None:
    strict = Connection(name="desk", tracker="github", asked_by=("Ida",))
    assert may_ask(strict, TicketComment(id="1", text="/prd", author="ida"))
    assert not may_ask(strict, TicketComment(id="1", text="/prd", author="ida2"))
    assert not may_ask(strict, TicketComment(id="1", text="/prd"))
    assert may_ask(Connection(name="desk", tracker="github"), TicketComment(id="1", text="/prd"))
