"""Layer 4: what only a reader sees, asked of a language model one closed question at a time.

A model answers yes, no or unsure and names numbered lines; nothing else of its reply is read, so that none of its words, ids or
numbers reach a draft or a report. Whether such an answer may hold a draft up is decided in `evals.judging.calibration`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.base import Frozen, digest
from assistant.errors import ModelError, ModelRateLimited, ModelTimeout, ModelUnavailable
from assistant.llm.port import ChatModel, ModelCall, ModelReply, OnDelta
from assistant.llm.structured import ask
from prompts.loader import load

_LONGEST = 1500
"""Characters of a line: a claim or a quoted sentence is far shorter, and one record must not fill a model's context."""
_MOST_LINES = 24
_REPLY_TOKENS = 120
_IN_A_ROW = 2
"""Questions without a reply after which a model counts as gone: each may take its whole time limit."""


class Question(StrEnum):
    """What a judge can be asked. Labels of people name it `judge:<question>`."""

    follows = "follows"
    """Does the claim follow from its quotes?"""
    story = "story"
    """Do role, want and benefit rest on the quotes?"""
    criteria = "criteria"
    """Do the criteria test the story?"""
    contradiction = "contradiction"
    """Do two statements contradict each other?"""
    useful = "useful"
    """Is the requirement clear enough to start to work?"""

    @property
    def fault(self) -> "Answer":
        """The answer that means that something is wrong."""
        return Answer.yes if self is Question.contradiction else Answer.no


class Answer(StrEnum):
    """What came of a question. The last two are never counted as the first two."""

    yes = "yes"
    no = "no"
    unsure = "unsure"
    error = "error"


class Asked(Frozen):
    """One question about one thing."""

    question: Question
    item: str
    """Id of the claim, story or requirement, or of whatever a caller keeps answers by."""
    subject: str = ""
    """What is judged; empty where the lines alone are."""
    lines: dict[str, str]
    """Id → text of what it is held against: quotes, criteria, statements. In the order in which they are shown."""
    record_ids: tuple[str, ...] = ()
    """Records whose words are shown."""


class Judgement(Frozen):
    """One answer, closed to what was offered."""

    question: Question
    item: str
    answer: Answer
    rests_on: tuple[str, ...] = ()
    """Ids of lines that the judge named, of those it was shown."""
    problem: str = ""
    """Code of the error that kept it from answering."""


class Preference(StrEnum):
    """Which of two wordings a judge takes, asked in both orders."""

    first = "first"
    second = "second"
    tie = "tie"
    """Neither, or another one when the order was changed."""
    error = "error"


class _Reply(BaseModel):
    # Evidence first: a model that writes from left to right has looked before it answers.
    model_config = ConfigDict(extra="forbid")

    lines: list[int] = Field(max_length=_MOST_LINES)
    answer: Literal["yes", "no", "unsure"]


class _Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answer: Literal["first", "second", "same"]


@dataclass(frozen=True)
class JudgeId:
    """Who judges: a model under one version of a prompt. Another one is another judge."""

    model: str
    prompt: str
    prompt_sha256: str

    def __str__(self) -> str:
        return f"{self.model}+{self.prompt}@{self.prompt_sha256[:12]}"


def judge_id(model: str, question: Question) -> JudgeId:
    """The judge that a model is for a question. Args: model: its name as in provenance."""
    prompt = load(f"judge/{question.value}")
    return JudgeId(model, f"{prompt.id}.v{prompt.version}", prompt.sha256)


def judged(model: ChatModel, questions: Iterable[Asked]) -> Iterator[Judgement]:
    """Ask one question after the other; a judgement for each, whatever the model does.

    After two in a row that a model left without a reply, the others are errors without being asked.
    """
    gone = 0
    last = ""
    for asked in questions:
        if gone >= _IN_A_ROW:
            yield Judgement(question=asked.question, item=asked.item, answer=Answer.error, problem=last)
            continue
        found = judge(model, asked)
        silent = found.problem in SILENT
        gone, last = (gone + 1, found.problem) if silent else (0, "")
        yield found


def judge(model: ChatModel, asked: Asked) -> Judgement:
    """Ask one question.

    Returns: an answer; `error` with a code for everything that isn't one: an unreachable model, a refusal, prose. A yes
    that names no line is unsure, for it rests on nothing; so is a fault that was seen in a part of the lines alone.

    Raises: UsageError where the server refuses the key or has no such model: that concerns the person who set them.
    """
    told = {"question": asked.question, "item": asked.item}
    shown = list(asked.lines)[:_MOST_LINES]
    if not shown:
        return Judgement(**told, answer=Answer.unsure, problem="nothing-shown")
    try:
        reply, _ = ask(model, _call(asked, shown), _Reply)
    except ModelError as problem:
        return Judgement(**told, answer=Answer.error, problem=problem.code)
    rests_on = tuple(name for number, name in enumerate(shown, start=1) if number in reply.lines)
    answer = Answer(reply.answer)
    if (answer is Answer.yes and not rests_on) or (answer is asked.question.fault and _cut(asked)):
        answer = Answer.unsure
    return Judgement(**told, answer=answer, rests_on=rests_on)


def prefer(model: ChatModel, brief: str, first: str, second: str) -> Preference:
    """Which of two wordings serves a brief better, asked in both orders (Zheng et al. 2023, position bias).

    A verdict that changes with the order is a tie; so is a judge that takes the place and not the wording.
    """
    answers = []
    for pair in ((first, second), (second, first)):
        lines = [("brief", brief), ("answer", pair[0]), ("answer", pair[1])]
        try:
            answers.append(ask(model, _framed("better", lines, 0, ()), _Choice)[0].answer)
        except ModelError:
            return Preference.error
    if answers == ["first", "second"]:
        return Preference.first
    return Preference.second if answers == ["second", "first"] else Preference.tie


class Gone:
    """Stands for a judge that was silent too often to be waited for again. A `ChatModel`."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        """The judge's own name."""
        return self._name

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """Raises: ModelUnavailable, at once."""
        raise ModelUnavailable(f"{self._name} was silent before.", hint="Look at the model server.")


SILENT = frozenset(kind.code for kind in (ModelUnavailable, ModelTimeout, ModelRateLimited))
"""Codes of errors that say nothing about what a judge would answer: it wasn't heard."""
_ROLES = {
    Question.follows: ("claim", "quote"),
    Question.story: ("story", "quote"),
    Question.criteria: ("story", "criterion"),
    Question.contradiction: ("", "statement"),
    Question.useful: ("", "line"),
}


def _cut(asked: Asked) -> bool:
    texts = (asked.subject, *asked.lines.values())
    return len(asked.lines) > _MOST_LINES or any(len(text) > _LONGEST for text in texts)


def _call(asked: Asked, shown: list[str]) -> ModelCall:
    subject, role = _ROLES[asked.question]
    lines = [(role, asked.lines[name]) for name in shown]
    if subject:
        lines.insert(0, (subject, asked.subject))
    return _framed(asked.question.value, lines, 0 if subject else 1, asked.record_ids)


def _framed(name: str, lines: list[tuple[str, str]], start: int, record_ids: tuple[str, ...]) -> ModelCall:
    held = [
        {"line": number, "what": role, "text": text[:_LONGEST]}
        for number, (role, text) in enumerate(lines, start=start)
    ]
    material = json.dumps(held, ensure_ascii=False)
    # A hash of the material can't be foretold by whoever wrote it, and is the same in a replay.
    fence = f"=== {digest(material, size=8)} ==="
    return ModelCall(
        purpose=f"judge/{name}",
        system=load(f"judge/{name}").render(fence=fence),
        user=f"{fence}\n{material}\n{fence}",
        max_tokens=_REPLY_TOKENS,
        rests_on=record_ids,
    )
