"""A model's wording of one passage, as a proposal: held to the same evidence as every wording, and shown before anybody takes it."""

import json

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.base import Frozen, digest
from assistant.domain.draft import Draft
from assistant.domain.draft_diff import Piece
from assistant.domain.edit import Replace, Reword, Style
from assistant.domain.personal.views import masked_draft
from assistant.drafting.editing.addresses import EVIDENCE, addresses, parse
from assistant.drafting.editing.compare import pieces
from assistant.drafting.editing.sheet import Sheet, evidence_stays
from assistant.drafting.formats.tree import plain
from assistant.errors import ModelRefused, ModelReplyInvalid
from assistant.llm.port import ChatModel, ModelCall
from assistant.llm.structured import ask
from assistant.search.ground import refusal
from prompts.loader import load

_WISHES = {
    Style.shorter: "say it in fewer words.",
    Style.for_sales: "say it for people in sales: first who asks and what for, in plain words.",
    Style.less_jargon: "say it in everyday words, without technical terms.",
}
_MEND = "say it so that what stands under `problem` is no longer so, and change nothing else."


class Proposal(Frozen):
    """A wording that somebody may take."""

    target: str
    by: str
    """`rules`, or the model's name."""
    edit: Replace | Reword | None = None
    """What takes it; None where there is no wording that holds."""
    before: str
    """As a reader sees it."""
    after: str = ""
    pieces: tuple[Piece, ...] = ()
    refused: str = ""
    """Why there is none, or why the model's own wording couldn't stand."""


class _Wording(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2000)


def text_at(draft: Draft, target: str) -> tuple[str, str]:
    """The full target of the text that is meant (`FR-1` means `FR-1.text`), and the text. Raises: UsageError."""
    if EVIDENCE.match(target):
        raise evidence_stays(target)
    texts = dict(addresses(draft))
    for name in (target, f"{target}.text", f"section:{target}.title"):
        if name in texts:
            return name, texts[name]
    raise Sheet(draft).unknown(target)


def sources_of(draft: Draft, target: str) -> list[str]:
    """What a wording of it may take words from: the quotes of the claim, or of the claims that the block rests on, and the brief."""
    name = parse(target).name
    block = next((one for one in draft.blocks() if getattr(one, "id", "") == name), None)
    claims = [name] if name in draft.claims else list(getattr(block, "claim_ids", ()))
    held = [draft.claims[one] for one in claims if one in draft.claims]
    quotes = [n for claim in held for n in (*claim.quote_ids, *claim.counter_quote_ids)]
    return [*(draft.quotes[n].text for n in dict.fromkeys(quotes) if n in draft.quotes), draft.brief]


def proposal(draft: Draft, target: str, by: str, text: str) -> Proposal:
    """A wording with what it would change."""
    name, old = text_at(draft, target)
    before, after = plain(draft, old), plain(draft, text)
    return Proposal(
        target=name,
        by=by,
        edit=Replace(target=name, text=text, before=old),
        before=before,
        after=after,
        pieces=pieces(before, after),
    )


def ask_for_wording(
    model: ChatModel, draft: Draft, wanted: Reword, *, show_personal: bool, problem: str = ""
) -> Proposal:
    """Ask the model to word a passage. What it returns is refused where it isn't what the evidence says.

    Args:
        problem: what a check has against the passage; the model is asked to mend that, in place of the style.
        show_personal: the model may see personal data; else a passage that holds some isn't shown to it.

    Raises: UsageError: no such passage; ModelUnavailable, ModelTimeout, ModelRateLimited.
    """
    name, old = text_at(draft, wanted.target)
    none = Proposal(target=name, by=model.name, before=plain(draft, old))
    shown = draft if show_personal else masked_draft(draft)
    if text_at(shown, name)[1] != old:
        return none.model_copy(update={"refused": "It holds personal data, which the model isn't shown."})
    sources = sources_of(shown, name)
    try:
        answer, _ = ask(model, _call(draft, wanted, old, sources, problem), _Wording)
    except (ModelReplyInvalid, ModelRefused) as failure:
        return none.model_copy(update={"refused": failure.message})
    reason = refusal(answer.text, old, sources)
    if (
        not reason
        and not problem
        and wanted.style is Style.shorter
        and len(answer.text.split()) >= len(old.split())
    ):
        reason = "it is no shorter"
    if reason or answer.text == old:
        told = reason or "it says the same in the same words"
        return none.model_copy(update={"refused": f"The wording of {model.name} can't stand: {told}."})
    return proposal(draft, name, model.name, answer.text)


def _call(draft: Draft, wanted: Reword, old: str, sources: list[str], problem: str) -> ModelCall:
    held = {"passage": old, "quotes": sources[:-1]} | ({"problem": problem} if problem else {})
    material = json.dumps(held, ensure_ascii=False, sort_keys=True)
    # A hash of the material can't be foretold by whoever wrote it, and is the same in a replay.
    fence = f"=== {digest(material, size=8)} ==="
    inputs = {"kind": draft.kind.replace("_", " "), "language": draft.language, "fence": fence}
    return ModelCall(
        purpose=f"wording/rewrite/{wanted.target}",
        system=load("wording/rewrite").render(**inputs, wish=_MEND if problem else _WISHES[wanted.style]),
        user=f"{fence}\n{material}\n{fence}",
        max_tokens=300,
    )
