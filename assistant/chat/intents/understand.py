"""`understand`: what a person wants with a turn, from their own words alone."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from assistant.chat.intents.nearest import nearest
from assistant.chat.intents.own_words import own_words
from assistant.chat.intents.rules import certain
from assistant.domain.base import digest
from assistant.domain.thread import Intent
from assistant.errors import BudgetExceeded, ModelError
from assistant.llm.port import ChatModel, Embedder, ModelCall
from assistant.llm.structured import ask
from prompts.loader import load

_LEAST_OF_OTHERS, _SURE = 0.2, 0.6
"""Least likeness to the examples of an intent, below which nobody can tell what is wanted; and from which it is beyond doubt."""
_LEAST = {Intent.undo: 0.35, Intent.scope: 0.25}
"""More is asked of what changes a draft at once."""
_ASKED = tuple(intent for intent in Intent if intent is not Intent.reply)
_LONGEST = 2_000
"""Characters that are looked at: what is wanted stands at the start."""


@dataclass(frozen=True)
class Understood:
    """What a person wants, and how that was found."""

    intent: Intent
    by: str
    """`rule`, `examples`, `model` or `nothing`."""
    words: str
    """The person's own words."""
    is_sure: bool = False
    """So surely that it goes before a question that is open."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    intent: Intent


def understand(
    text: str, embedder: Callable[[], Embedder] | None = None, model: ChatModel | None = None
) -> Understood:
    """Decide what is wanted. A quotation, pasted text or code in the turn has no say.

    Args:
        text: what the person wrote.
        embedder: opened only where no rule is certain; None: rules and pieces of words alone.
        model: asked where no rule is certain; it sees the person's words, nothing of the records or drafts. Whatever goes
            wrong with it, the examples decide.
    """
    words = own_words(text[:_LONGEST])
    if not any(character.isalpha() for character in words):
        return Understood(Intent.help if words.strip() == "?" else Intent.unknown, "nothing", words)
    if (ruled := certain(words)) is not None:
        return Understood(ruled, "rule", words, is_sure=True)
    if model is not None and (answered := _asked(model, words)) is not None:
        return Understood(answered, "model", words)
    near = nearest(words, embedder() if embedder else None)
    if near.score < _LEAST.get(near.intent, _LEAST_OF_OTHERS):
        return Understood(Intent.unknown, "nothing", words)
    return Understood(
        near.intent, "examples", words, near.score >= _SURE and near.intent is not Intent.unknown
    )


def _asked(model: ChatModel, words: str) -> Intent | None:
    prompt = load("chat/intent")
    material = json.dumps(words, ensure_ascii=False)
    fence = f"=== {digest(material, size=8)} ==="
    call = ModelCall(
        purpose="chat/intent",
        system=prompt.render(fence=fence),
        user=f"{fence}\n{material}\n{fence}",
        max_tokens=30,
    )
    try:
        answer, _ = ask(model, call, _Answer, attempts=1)
    except (ModelError, BudgetExceeded):
        return None
    return answer.intent if answer.intent in _ASKED else None
