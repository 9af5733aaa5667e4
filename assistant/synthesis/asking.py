"""Asking a model about many themes: a few at a time, and no longer than it answers."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from assistant.domain.theme import RemovedWording
from assistant.errors import (
    ModelRateLimited,
    ModelRefused,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
    VoxspecError,
)
from assistant.jobs.port import Progress
from assistant.llm.failures import ReplyUnusable
from assistant.llm.port import ChatModel
from assistant.llm.structured import ask
from assistant.synthesis.questions import Question, ThemeWording

AT_ONCE = 4
"""Calls under way at a time; more would only wait in line on a local server."""
_GIVES_UP_AFTER = 3
"""Failures of the connection in a row."""
_PASSING = (ModelUnavailable, ModelTimeout, ModelRateLimited)
_LOOK_S = 0.2

Answer = ThemeWording | RemovedWording | None
"""What came back; a reply that is of no use; None: the model could not be asked."""


@dataclass
class Answers:
    """The answers to some questions."""

    by_theme: dict[str, Answer] = field(default_factory=dict)
    calls: int = 0
    """That went out; what stood in the call store doesn't count."""
    tokens_in: int = 0
    tokens_out: int = 0
    stopped: str = ""
    """Why the model was asked no further."""


def asked(model: ChatModel, questions: Sequence[Question], progress: Progress) -> Answers:
    """Ask. Every reply is in the call store before the next one is waited for, so a run that is stopped goes on behind it.

    A model that can't be reached is asked no further after three failures: the themes keep their keywords, and the next run asks.
    Raises: Cancelled from `progress`; UsageError for a key or a model that the server doesn't take.
    """
    # An area of one theme is asked about with the same words as that theme: one call serves both.
    key_of = {question.theme.id: question.call.key(model.name) for question in questions}
    single = {key_of[question.theme.id]: question for question in reversed(questions)}
    if not single:
        return Answers()
    answers = _Asking(model, [single[key] for key in dict.fromkeys(key_of.values())]).run(progress)
    known = {key: answers.by_theme.get(question.theme.id) for key, question in single.items()}
    answers.by_theme = {theme: known[key] for theme, key in key_of.items()}
    return answers


class _Asking:
    """Daemon threads take questions, so that a person who interrupts doesn't wait for a model that hangs."""

    def __init__(self, model: ChatModel, questions: Sequence[Question]) -> None:
        self._model = model
        self._count = len(questions)
        self._waiting: SimpleQueue[Question] = SimpleQueue()
        self._done: SimpleQueue[tuple[str, Answer, VoxspecError | None]] = SimpleQueue()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.answers = Answers()
        for question in questions:
            self._waiting.put(question)

    def run(self, progress: Progress) -> Answers:
        threads = [
            threading.Thread(target=self._work, name="voxspec-naming", daemon=True)
            for _ in range(min(AT_ONCE, self._count))
        ]
        for thread in threads:
            thread.start()
        in_a_row = done = 0
        try:
            while done < self._count and (any(one.is_alive() for one in threads) or not self._done.empty()):
                progress(done, self._count, "naming themes")
                try:
                    theme, answer, problem = self._done.get(timeout=_LOOK_S)
                except Empty:
                    continue
                done += 1
                self.answers.by_theme[theme] = answer
                if problem is not None and not isinstance(problem, _PASSING):
                    raise problem
                in_a_row = in_a_row + 1 if problem is not None else 0
                if problem is not None and in_a_row >= _GIVES_UP_AFTER:
                    self.answers.stopped = problem.message
                    self._stopping.set()
        finally:
            self._stopping.set()
        progress(done, self._count, "naming themes")
        return self.answers

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                question = self._waiting.get_nowait()
            except Empty:
                return
            answer, problem = self._ask(question)
            self._done.put((question.theme.id, answer, problem))

    def _ask(self, question: Question) -> tuple[Answer, VoxspecError | None]:
        try:
            answer, replies = ask(self._model, question.call, ThemeWording)
        except (ModelRefused, ReplyUnusable) as problem:
            return RemovedWording(part="reply", text="", reason=problem.message), None
        except ModelReplyInvalid:
            # Cut off twice: nothing is stored, so the next run asks again.
            return None, None
        except VoxspecError as problem:
            return None, problem
        with self._lock:
            for reply in replies:
                if not reply.cached:
                    self.answers.calls += 1
                    self.answers.tokens_in += reply.tokens_in
                    self.answers.tokens_out += reply.tokens_out
        return answer, None
