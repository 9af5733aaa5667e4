"""Takes out of a draft what a check found wrong: what can't be proven isn't said."""

from collections.abc import Iterable

from assistant.domain.draft import Block, Claim, Draft, Removal, Section, TextBlock
from assistant.domain.finding import Finding
from assistant.drafting.assemble import tidy
from assistant.drafting.editing.locks import carried, locked_names
from assistant.workbench import Workbench

TAKEN_OUT = "What stood here could not be proven and was taken out."
"""What a section says that lost all it held."""


def revise(bench: Workbench, draft: Draft, findings: Iterable[Finding]) -> Draft:
    """Remove the claims, stories and other blocks that findings name, and report each under `provenance.removed`.

    A quote or fact that doesn't hold takes the claims with it that rest on it. What is named otherwise (`draft`, a section) stays
    for a person to mend, and so does what a person typed or locked. The workbench isn't needed for taking out; it is here for kinds that write anew.

    Returns: the draft without what was wrong, or the same draft where nothing could be taken out.
    """
    locked = locked_names(draft)
    targets = {one.target: one.message for one in findings if one.target not in locked}
    claims = {
        name: why
        for name, claim in draft.claims.items()
        if name not in locked and (why := _wrong(claim, targets))
    }
    removed = [
        Removal(where=name, text=draft.claims[name].text[:300], reason=why) for name, why in claims.items()
    ]
    sections = []
    for section in draft.sections:
        kept = [
            _without(block, claims, set(targets), stays=str(getattr(block, "id", "")) in locked)
            for block in section.blocks
            if getattr(block, "id", "") not in targets
        ]
        removed += [
            Removal(where=name, text=_words(block)[:300], reason=targets[name])
            for block in section.blocks
            if (name := str(getattr(block, "id", ""))) in targets
        ]
        sections.append(_filled(section, [block for block in kept if block is not None]))
    if not removed:
        return draft
    provenance = draft.provenance.model_copy(update={"removed": (*draft.provenance.removed, *removed)})
    left = {name: claim for name, claim in draft.claims.items() if name not in claims}
    left_over = tidy(
        draft.model_copy(update={"sections": tuple(sections), "claims": left, "provenance": provenance})
    )
    return left_over.model_copy(update={"locks": carried(draft, left_over)})


def _wrong(claim: Claim, targets: dict[str, str]) -> str:
    """Why the claim must go; empty where it may stay."""
    names = (claim.id, *claim.quote_ids, *claim.counter_quote_ids, *claim.fact_ids)
    return next((targets[name] for name in names if name in targets), "")


def _without(block: Block, claims: dict[str, str], gone: set[str], *, stays: bool) -> Block | None:
    """The block without what was removed; None where it consisted of it, or was drawn from removed stories alone.

    Args:
        stays: a person typed or locked something in it.
    """
    changes: dict[str, tuple[str, ...]] = {}
    for field, lost in (("claim_ids", claims.keys()), ("story_ids", gone), ("depends_on", gone)):
        held = getattr(block, field, ())
        kept = tuple(name for name in held if name not in lost)
        if len(kept) < len(held):
            changes[field] = kept
    if not changes:
        return block
    if stays:
        return block.model_copy(update=changes)
    if (block.type == "claims" and not changes.get("claim_ids", ("",))) or changes.get(
        "story_ids", ("",)
    ) == ():
        return None
    return block.model_copy(update=changes)


def _words(block: Block) -> str:
    named = (str(getattr(block, name, "")) for name in ("text", "want", "name", "title"))
    return next((words for words in named if words), block.type)


def _filled(section: Section, blocks: list[Block]) -> Section:
    if not blocks and section.blocks:
        blocks = [TextBlock(text=TAKEN_OUT)]
    return section.model_copy(update={"blocks": tuple(blocks)})
