"""Makes the changes that findings offer: one step each, nothing else of the draft is touched."""

from collections.abc import Iterable
from typing import Any

from assistant.domain.draft import Block, Criterion, Draft, RequirementBlock, StoryBlock
from assistant.domain.finding import Edit, Finding

_FIELDS = {StoryBlock: ("role", "want", "benefit", "title"), RequirementBlock: ("text",)}


def mended(draft: Draft, findings: Iterable[Finding]) -> Draft:
    """The draft with the edits of the findings made, the first of two that change the same text.

    An edit whose text reads differently by now changes nothing. The report is dropped where something changed: it was about
    another draft.
    """
    edits: dict[str, dict[tuple[str, str], str]] = {}
    for finding in findings:
        if finding.edit is not None:
            edits.setdefault(finding.target, {}).setdefault(_place(finding.edit), finding.edit.after)
    sections = tuple(
        section.model_copy(update={"blocks": tuple(_block(block, edits) for block in section.blocks)})
        for section in draft.sections
    )
    if sections == draft.sections:
        return draft
    return draft.model_copy(update={"sections": sections, "report": None})


def _place(edit: Edit) -> tuple[str, str]:
    return edit.field, edit.before


def _block(block: Block, edits: dict[str, dict[tuple[str, str], str]]) -> Block:
    if not isinstance(block, StoryBlock | RequirementBlock) or block.id not in edits:
        return block
    mine = edits[block.id]
    changes: dict[str, Any] = {
        name: mine[name, getattr(block, name)]
        for name in _FIELDS[type(block)]
        if (name, getattr(block, name)) in mine
    }
    if isinstance(block, StoryBlock):
        criteria = tuple(_criterion(criterion, mine) for criterion in block.criteria)
        if criteria != block.criteria:
            changes["criteria"] = criteria
    return block.model_copy(update=changes) if changes else block


def _criterion(criterion: Criterion, mine: dict[tuple[str, str], str]) -> Criterion:
    parts = {
        name: tuple(mine.get(("criterion", step), step) for step in getattr(criterion, name))
        for name in ("given", "when", "then")
    }
    return criterion.model_copy(update=parts)
