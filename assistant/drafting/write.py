"""The model writer: better words for what is proven already.

The extractive writer has chosen and counted; the model is asked one closed question per sentence and story, so that a small
one can do it. Each answer must pass `ground.refusal`, or the proven wording stays and the refusal is reported.
"""

import json
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.base import digest
from assistant.domain.draft import PLACEHOLDER, Claim, Draft, Provenance, Removal, Section, Stance, StoryBlock
from assistant.domain.personal.views import masked_draft
from assistant.domain.text import content_words, stem
from assistant.drafting.editing.locks import locked_names
from assistant.drafting.wants import alike
from assistant.errors import ModelRefused, ModelReplyInvalid
from assistant.llm.port import ChatModel, ModelCall, ModelReply, OnDelta
from assistant.llm.structured import ask
from assistant.search.ground import invention, refusal
from prompts.loader import Prompt, load

Delta = Callable[[str, str], None]
"""Called with where (a claim or story id) and a piece of text that arrived."""

Answer = TypeVar("Answer", bound=BaseModel)


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=600)


class _Story(BaseModel):
    model_config = ConfigDict(extra="forbid")

    want: str = Field(max_length=300)
    benefit: str = Field(max_length=300)
    sentences: list[int] = Field(max_length=12)


def reword(
    model: ChatModel,
    draft: Draft,
    spec: Prompt,
    on_delta: Delta | None = None,
    *,
    show_personal: bool = False,
) -> Draft:
    """Let the model word the claims and stories of a draft.

    Args:
        show_personal: the model may see personal data; else it is masked, and a sentence that holds some stays as it is.

    Returns: the draft with the wordings that held; refused ones stand in `provenance.removed`.

    Raises: ModelUnavailable, ModelTimeout, ModelRateLimited; finished calls are in the call cache then.
    """
    shown = draft if show_personal else masked_draft(draft)
    return _Rewording(model, draft, shown, spec, on_delta or (lambda _where, _piece: None)).run()


class _Recorded:
    """The model, and every call that it answered: also those whose answer was of no use, since they were paid too."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.name = model.name
        self.keys: list[str] = []
        self.replies: list[ModelReply] = []

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """As the model's own."""
        reply = self._model.complete(call, on_delta)
        self.keys.append(call.key(self.name))
        self.replies.append(reply)
        return reply


class _Rewording:
    def __init__(self, model: ChatModel, draft: Draft, shown: Draft, spec: Prompt, on_delta: Delta) -> None:
        self.model = _Recorded(model)
        self.draft = draft
        self.shown = shown
        self.stories = {block.id: block for block in shown.blocks() if block.type == "story"}
        self.on_delta = on_delta
        self.guide = spec.render(brief=json.dumps(shown.brief, ensure_ascii=False), language=draft.language)
        self.kind = draft.kind.replace("_", " ")
        self.removed: list[Removal] = []
        self.claims = dict(draft.claims)
        self.locked = locked_names(draft)

    def run(self) -> Draft:
        sections = tuple(self._section(section) for section in self.draft.sections)
        old = self.draft.provenance
        provenance: Provenance = old.model_copy(
            update={
                "calls": tuple(self.model.keys),
                "tokens_in": sum(reply.tokens_in for reply in self.model.replies),
                "tokens_out": sum(reply.tokens_out for reply in self.model.replies),
                "removed": (*old.removed, *self.removed),
            }
        )
        return self.draft.model_copy(
            update={"sections": sections, "claims": self.claims, "provenance": provenance}
        )

    def _section(self, section: Section) -> Section:
        blocks = []
        for block in section.blocks:
            if block.type == "claims":
                for name in block.claim_ids:
                    self._claim(self.claims[name])
            elif block.type == "story":
                block = self._story(block)
            blocks.append(block)
        return section.model_copy(update={"blocks": tuple(blocks)})

    def _claim(self, claim: Claim) -> None:
        """Sentences that are mostly a quotation are left alone: there is nothing to word."""
        if claim.id in self.locked:
            return
        if claim.stance is not Stance.supported or len(PLACEHOLDER.sub(" ", claim.text).split()) < 8:
            return
        if self.shown.claims[claim.id].text != claim.text:
            return
        quotes = self._quotes(claim.quote_ids)
        answer = self._ask(
            "wording/sentence", claim.id, {"sentence": claim.text, "quotes": quotes}, _Sentence
        )
        if answer is None or answer.text == claim.text:
            return
        if reason := refusal(answer.text, claim.text, [*quotes, self.shown.brief]):
            self._remove(claim.id, answer.text, reason)
            return
        self.claims[claim.id] = claim.model_copy(update={"text": answer.text})

    def _story(self, story: StoryBlock) -> StoryBlock:
        ids = [quote for name in story.claim_ids for quote in self.draft.claims[name].quote_ids]
        quotes = self._quotes(ids)
        if not quotes or self.stories[story.id] != story or story.id in self.locked:
            return story
        known = {"role": story.role, "sentences": dict(enumerate(quotes, start=1))}
        answer = self._ask("wording/story", story.id, known, _Story)
        if answer is None:
            return story
        sources = [*quotes, self.shown.brief, story.want, story.benefit]
        reason = (
            _misfit(answer, len(quotes))
            or invention(answer.want, sources)
            or invention(answer.benefit, sources, relieves=True)
        )
        if reason:
            self._remove(story.id, f"{answer.want} / {answer.benefit}", reason)
            return story
        # Words that stand in a quote stay, unless the model says the same in other words.
        want = answer.want if "want" in story.assumptions or alike(answer.want, story.want) else story.want
        told = answer.benefit.rstrip(".")
        benefit = told if "benefit" in story.assumptions or alike(told, story.benefit) else story.benefit
        cited = [quotes[number - 1] for number in answer.sentences]
        parts = {"want": (want, story.want), "benefit": (benefit, story.benefit)}
        assumed = tuple(
            part for part in story.assumptions if not _rests_on(*parts.get(part, ("", "")), cited)
        )
        return story.model_copy(update={"want": want, "benefit": benefit, "assumptions": assumed})

    def _quotes(self, ids: list[str] | tuple[str, ...]) -> list[str]:
        return [self.shown.quotes[name].text for name in dict.fromkeys(ids) if name in self.shown.quotes]

    def _ask(self, name: str, where: str, data: object, schema: type[Answer]) -> Answer | None:
        prompt = load(name)
        material = json.dumps(data, ensure_ascii=False, sort_keys=True)
        # A hash of the material can't be foretold by whoever wrote it, and is the same in a replay.
        fence = f"=== {digest(material, size=8)} ==="
        inputs = {"language": self.draft.language, "fence": fence}
        if "kind" in prompt.inputs:
            inputs["kind"] = self.kind
        call = ModelCall(
            purpose=f"{name}/{where}",
            system=f"{prompt.render(**inputs)}\n{self.guide}",
            user=f"{fence}\n{material}\n{fence}",
            max_tokens=220,
        )
        try:
            answer, _ = ask(self.model, call, schema, on_delta=lambda piece: self.on_delta(where, piece))
        except (ModelReplyInvalid, ModelRefused) as problem:
            self.removed.append(Removal(where=where, text="", reason=problem.message))
            return None
        return answer

    def _remove(self, where: str, text: str, reason: str) -> None:
        self.removed.append(Removal(where=where, text=PLACEHOLDER.sub("…", text)[:300], reason=reason))


def _rests_on(told: str, assumed: str, quotes: list[str]) -> bool:
    """Whether a wording is no assumption any more: it says other than what was assumed, and only what the quotes say."""
    heard = _stems(told) & _stems(" ".join(quotes))
    return bool(heard - _stems(assumed)) and not invention(told, quotes, relieves=True)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def _misfit(answer: _Story, quotes: int) -> str:
    if not answer.want.startswith("to "):
        return "the want isn't a verb phrase with “to”"
    if not answer.sentences or any(not 1 <= number <= quotes for number in answer.sentences):
        return "it names a sentence that it wasn't given"
    return ""
