"""What reaches a terminal is harmless, what reaches a pipe is whole."""

import json

import pytest

from api.cli.output import Output, harmless


def test_control_and_bidi_characters_are_shown_instead_of_obeyed() -> None:
    shown = harmless("a\x1b[31mred\u202eevil\x07\r\n\tb\x9b2J")
    assert not {"\x1b", "\u202e", "\x07", "\r", "\x9b"} & set(shown)
    assert "\n\t" in shown
    assert len(shown) == len("a\x1b[31mred\u202eevil\x07\r\n\tb\x9b2J")


def test_the_result_of_a_json_call_is_one_object_in_utf_8(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    output = Output(as_json=True, verbose=False)
    output.note("chatter")
    output.json({"text": "Größe 😀 日本"})
    captured = capsysbinary.readouterr()
    assert json.loads(captured.out) == {"text": "Größe 😀 日本"}
    assert "日本".encode() in captured.out
    assert captured.err == b"chatter\n"


def test_a_cell_that_looks_like_markup_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False, verbose=False).table(["what", "n"], [["[red]x[/red] \x1b[0m", 12345]])
    printed = capsys.readouterr().out
    assert "[red]x[/red] ␛[0m" in printed
    assert "12,345" in printed


def test_a_long_id_is_not_cut_in_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    Output(as_json=False, verbose=False).table(["id", "why"], [["rec_" + "a" * 60, "because " * 8]])
    assert "rec_" + "a" * 60 in capsys.readouterr().out


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with Output(as_json=False, verbose=False).progress("reading") as on_progress:
        on_progress(1, 2, "half")
    assert capsys.readouterr().err == ""
