"""A shipped test double: a chat model that says what it is told to."""

import re
from collections.abc import Callable, Iterator, Sequence
from threading import Lock

from assistant.errors import ModelUnavailable, VoxspecError
from assistant.llm.port import ModelCall, ModelReply, OnDelta

_WORD = re.compile(r"\s*\S+\s*\Z|\s*\S+|\s+")

Answer = str | VoxspecError
"""A text to reply, or an error to raise."""


class ScriptedModel:
    """Replies from a list, in order, or from a function of the call.

    Example:
        >>> model = ScriptedModel(["first reply", ModelTimeout("too slow")])
        >>> liar = ScriptedModel(lambda call: '{"claim": "Everybody loves it."}')
    """

    def __init__(
        self, answers: Sequence[Answer] | Callable[[ModelCall], Answer], name: str = "scripted"
    ) -> None:
        self._function = answers if callable(answers) else None
        self._list: Iterator[Answer] = iter(()) if callable(answers) else iter(answers)
        self._name = name
        self._lock = Lock()
        self.calls: list[ModelCall] = []
        """Every call, in order."""

    @property
    def name(self) -> str:
        """The name that was given."""
        return self._name

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """Give the next answer, word by word. Raises: the scripted error; ModelUnavailable after the last answer."""
        with self._lock:
            self.calls.append(call)
            answer = self._function(call) if self._function else next(self._list, None)
        if answer is None:
            raise ModelUnavailable("The scripted model has no more answers.", hint="Give it more answers.")
        if isinstance(answer, VoxspecError):
            raise answer
        if on_delta is not None:
            for piece in _WORD.findall(answer):
                on_delta(piece)
        asked, said = (len(_WORD.findall(text)) for text in (f"{call.system} {call.user}", answer))
        return ModelReply(text=answer, model=self._name, tokens_in=asked, tokens_out=said)
