"""A model for drafts that are cut off in the middle: it says each sentence as it was, a little late, and counts what it was asked."""

import json
import threading
from collections import Counter

from tests.support.model_server import Exchange, ModelRequest, answers

_HELD_S = 60.0


class Replies:
    """Counts how often each question was asked, and can be held: what is asked then is answered once it goes on.

    Args:
        pause_s: before each answer.
        most: answers after which it holds by itself; None: it never does.
    """

    def __init__(self, pause_s: float = 0.15, most: int | None = None) -> None:
        self.asked: Counter[str] = Counter()
        self._pause_s = pause_s
        self._most = most
        self._goes_on = threading.Event()

    def __call__(self, exchange: Exchange) -> None:
        self.asked[exchange.request.user] += 1
        if self._most is not None and self.asked.total() > self._most:
            self._goes_on.wait(_HELD_S)
        exchange.hang(self._pause_s)
        answers(worded)(exchange)

    @property
    def is_held(self) -> bool:
        """Whether it was asked more than it answers."""
        return self._most is not None and self.asked.total() > self._most and not self._goes_on.is_set()

    def hold(self, more: int) -> None:
        """Count anew, answer so many questions, then hold."""
        self.asked.clear()
        self._most = more
        self._goes_on.clear()

    def go_on(self) -> None:
        """Answer what waits, and all that comes."""
        self._goes_on.set()


def worded(request: ModelRequest) -> str:
    """The sentence as it was, or the want of a story."""
    material = json.loads(request.user.split("\n")[1])
    if "sentence" in material:
        return json.dumps({"text": material["sentence"]})
    return json.dumps({"want": "to export the board", "benefit": "I have my report", "sentences": [1]})
