"""One reply from a stream of pieces: the first is handed over at once, those that come close behind it together."""

import threading
from collections.abc import Iterator

import pytest

from assistant.errors import Cancelled, ModelReplyInvalid
from assistant.llm.port import ModelCall
from assistant.llm.stream import Piece, reply_from

CALL = ModelCall(purpose="test", system="s", user="u")


class Source:
    """A stream that sends its first piece, waits until that was heard, and then sends the rest in one go."""

    def __init__(self, pieces: int, *, breaks: bool = False) -> None:
        self._pieces = pieces
        self._breaks = breaks
        self._heard = threading.Event()
        self.heard: list[str] = []

    def hear(self, text: str) -> None:
        self.heard.append(text)
        self._heard.set()

    def stream(self, _seconds: float) -> Iterator[Piece]:
        yield Piece(text="first")
        assert self._heard.wait(10)
        for number in range(self._pieces):
            yield Piece(text=f" {number}")
        if self._breaks:
            raise ConnectionError("gone")
        yield Piece(finish="stop", tokens_in=1, tokens_out=self._pieces + 1)

    def told(self) -> str:
        reply = reply_from(self.stream, CALL, name="m", timeout_s=20, retries=2, on_delta=self.hear)
        assert reply.tokens_out == self._pieces + 1
        return reply.text


def test_the_first_piece_waits_for_no_second_one_and_close_ones_come_together() -> None:
    source = Source(200)
    text = source.told()
    assert source.heard[0] == "first"
    assert "".join(source.heard) == text == "first" + "".join(f" {number}" for number in range(200))
    assert len(source.heard) < 20


def test_what_came_before_a_break_is_heard_before_the_error() -> None:
    source = Source(3, breaks=True)
    with pytest.raises(ModelReplyInvalid, match="cut off"):
        source.told()
    assert "".join(source.heard) == "first 0 1 2"


def test_a_listener_that_stops_the_call_hears_no_more() -> None:
    source = Source(50)

    def stop(text: str) -> None:
        source.hear(text)
        raise Cancelled("Stopped.", hint="")

    with pytest.raises(Cancelled):
        reply_from(source.stream, CALL, name="m", timeout_s=20, retries=2, on_delta=stop)
    assert source.heard == ["first"]
