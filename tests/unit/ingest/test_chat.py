"""Chat exports: a row per message."""

from pathlib import Path

import pytest

from ingest.connectors.chat import ChatRows, looks_like_chat

CHAT = """exported on Monday
[2026-03-01 10:22] Ana: the export fails
  even after the update
[2026-03-01 10:23] Bob: really? same: here
[2026-03-01 10:24] Bob left
"""


def rows_of(tmp_path: Path, text: str, max_field: int = 1_000) -> list[tuple[dict[str, str], str]]:
    path = tmp_path / "chat.txt"
    path.write_bytes(text.encode())
    return [(dict(row.cells), row.problem) for row in ChatRows(path, "utf-8", max_field).rows()]


def test_messages_go_on_over_lines_and_everything_is_accounted_for(tmp_path: Path) -> None:
    assert looks_like_chat(CHAT) is False  # two messages are no chat yet
    assert rows_of(tmp_path, CHAT) == [
        ({}, "text before the first message"),
        (
            {
                "text": "the export fails\n  even after the update",
                "author": "Ana",
                "said_at": "2026-03-01 10:22",
            },
            "",
        ),
        ({"text": "really? same: here", "author": "Bob", "said_at": "2026-03-01 10:23"}, ""),
        ({}, "a system message without an author"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "[01.03.26, 10:22:15] Zoë K.: hello",
        "01/03/2026, 10:22 - Zoë K.: hello",
        "3/1/26, 10:22 PM - Zoë K.: hello",
        "2026-03-01 10:22 Zoë K.: hello",
        "2026-03-01T10:22:11Z Zoë K.: hello",
        "\u200e[2026-03-01, 10:22:15\u202fAM] Zoë K.: hello",
    ],
)
def test_the_usual_spellings_are_recognised(tmp_path: Path, line: str) -> None:
    assert looks_like_chat("\n".join([line] * 3))
    [(cells, problem)] = rows_of(tmp_path, line + "\n")
    assert (cells["author"], cells["text"], problem) == ("Zoë K.", "hello", "")


def test_prose_is_no_chat() -> None:
    assert not looks_like_chat("Meeting of 2026-03-01\n\nAna: hello\nBob: hi\n" * 10)


def test_an_endless_message_is_rejected_and_the_next_one_read(tmp_path: Path) -> None:
    text = "[2026-03-01 10:22] Ana: " + "x\n" * 5_000 + "[2026-03-01 10:23] Bob: hi\n"
    assert [problem for _, problem in rows_of(tmp_path, text)] == ["longer than 1,000 characters", ""]
