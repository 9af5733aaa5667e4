"""What a model is asked about a theme: its exemplars as data, one call per theme; and what that costs before it is asked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.base import digest
from assistant.domain.clean import clean
from assistant.domain.personal.find import masked
from assistant.domain.theme import NamedBy, Theme, ThemeNode
from assistant.llm.port import ModelCall
from prompts.loader import load

PROMPT = "synthesis/theme_name"
LEAST_CITES = 5
"""Records that a name must rest on, or all that were shown."""
LEAST_TOKENS = 100_000
"""What names may take in a small workspace; a larger one has a token per record."""
MOST_REPLY_TOKENS = 160
_LONGEST = 240
"""Characters of a statement that are shown."""
_TYPICAL_REPLY = 80
"""Tokens of a name, a sentence and some numbers as JSON."""
_BYTES_PER_TOKEN = 4.0
"""Of English and its like; other scripts have more bytes per character and so count more."""


class ThemeWording(BaseModel):
    """What a model answers."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    summary: str = Field(max_length=800)
    cites: list[int] = Field(max_length=40)


@dataclass(frozen=True)
class Question:
    """One call about one theme."""

    theme: Theme
    record_ids: tuple[str, ...]
    """Records of the statements that are shown, in order; the model knows them by their place, from 1."""
    texts: tuple[str, ...]
    """As they are shown."""
    call: ModelCall

    @property
    def least(self) -> int:
        """Records that the answer must cite."""
        return least_of(len(self.record_ids))

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens in and out, estimated."""
        shown = f"{self.call.system}{self.call.user}".encode()
        return round(len(shown) / _BYTES_PER_TOKEN), _TYPICAL_REPLY


def least_of(shown: int) -> int:
    """Records that must be cited of so many that were shown."""
    return min(LEAST_CITES, shown)


def question_of(theme: Theme, *, show_personal: bool) -> Question | None:
    """The call about a theme; None where it has no statement that may be quoted.

    Args: show_personal: the model may see personal data; else it is masked.
    """
    record_ids: list[str] = []
    texts: list[str] = []
    for exemplar in theme.quotes:
        text = clean(exemplar.quote.text).text[:_LONGEST]
        record_ids.append(exemplar.quote.record_id)
        texts.append(text if show_personal else masked(text))
    if not texts:
        return None
    shown = [{"id": number, "text": text} for number, text in enumerate(texts, start=1)]
    material = json.dumps(shown, ensure_ascii=False)
    # A hash of the material can't be foretold by whoever wrote it, and is the same in a replay.
    fence = f"=== {digest(material, size=8)} ==="
    call = ModelCall(
        purpose=PROMPT,
        system=load(PROMPT).render(fence=fence, least=least_of(len(texts))),
        user=f"{fence}\n{material}\n{fence}",
        max_tokens=MOST_REPLY_TOKENS,
        rests_on=tuple(record_ids),
    )
    return Question(theme, tuple(record_ids), tuple(texts), call)


def budget_of(records: int, most_tokens: int | None) -> int:
    """Tokens that names may take. Args: most_tokens: as a person says; None: a token per record, at least `LEAST_TOKENS`."""
    return max(records, LEAST_TOKENS) if most_tokens is None else most_tokens


def questions_of(
    themes: Sequence[Theme],
    nodes: Sequence[ThemeNode],
    budget: int,
    *,
    model: str,
    show_personal: bool,
) -> list[Question]:
    """What is still to be asked: themes of the most people first, until the tokens are used up.

    Themes that were asked about count with what theirs took, so that a later run doesn't go on where the budget ended.
    """
    named = {node.id for node in nodes if node.named_by is not NamedBy.keywords}
    asked = {node.id: node.asked for node in nodes}
    found = []
    ranked = sorted(
        (theme for theme in themes if not theme.is_single_voice),
        key=lambda theme: (-theme.people, -theme.records, theme.level, theme.id),
    )
    for theme in ranked:
        question = question_of(theme, show_personal=show_personal)
        if question is None:
            continue
        budget -= sum(question.tokens)
        if budget < 0:
            break
        if theme.id not in named and asked[theme.id] != question.call.key(model):
            found.append(question)
    return found
