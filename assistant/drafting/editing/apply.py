"""`apply`: a draft with edits made. Pure: the same draft and edits give the same bytes, and what no edit names keeps its own.

Removing something takes it out of the lists that refer to it; nothing else is touched.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from assistant.domain.draft import (
    PLACEHOLDER,
    Claim,
    ClaimsBlock,
    Draft,
    DraftStatus,
    MetricBlock,
    RequirementBlock,
    Stance,
)
from assistant.domain.edit import (
    AddFailurePath,
    Edit,
    InsertBlock,
    InsertClaim,
    Lock,
    Move,
    Remove,
    Replace,
    Reword,
    SetPriority,
    SetStance,
    SetTarget,
    SplitStory,
    Unlock,
)
from assistant.drafting.editing import addresses as at
from assistant.drafting.editing.addresses import EVIDENCE, MAY_BE_EMPTY, SECTION, TITLE, Address, Step, parse
from assistant.drafting.editing.sheet import Cell, Part, Sheet, evidence_stays, without_item
from assistant.drafting.editing.stories import add_failure_path, split_story
from assistant.drafting.editing.typed import clean, goes_beyond, spliced, unfilled
from assistant.errors import Conflict, UsageError


def apply(draft: Draft, edits: Sequence[Edit], *, locking: bool = True) -> Draft:
    """Make edits, each over what the ones before it left.

    Args:
        locking: what they write is a person's and stays; False where code mends.

    Returns: the next version, without a report: what was checked is another draft.
    Raises: UsageError: a target that the draft doesn't have, a quote or a counted number, a text that can't be kept, a `Reword`
    that nobody has worded yet (`evals.editing.resolve`). Conflict: a text is not `before` any more.
    """
    sheet = Sheet(draft, locking=locking)
    for edit in edits:
        _MAKE[type(edit)](sheet, edit)
    return sheet.put_together().model_copy(
        update={
            "version": draft.version + 1,
            "parent_version": draft.version,
            "status": DraftStatus.draft,
            "report": None,
        }
    )


def _replace(sheet: Sheet, edit: Replace) -> None:
    address = parse(edit.target)
    if EVIDENCE.match(edit.target):
        raise evidence_stays(edit.target)
    if edit.target in (TITLE, "draft"):
        sheet.title = _new(sheet, edit, sheet.title)
        sheet.hold(TITLE)
    elif address.name in sheet.claims and address.path in ((), ("text",)):
        claim = sheet.claims[address.name]
        sheet.claims[claim.id] = _retold(sheet.draft, claim, _new(sheet, edit, claim.text))
        sheet.hold(claim.id)
    elif sheet.is_section(address):
        part = sheet.part(address.name)
        part.section = part.section.model_copy(update={"title": _new(sheet, edit, part.section.title)})
        part.title_locked |= sheet.locking
    else:
        _, cell, path = sheet.cell(edit.target)
        path = path or _own_text(cell)
        if not at.is_text(cell.block, path):
            raise sheet.unknown(edit.target)
        text = _new(sheet, edit, at.read(cell.block, path), may_be_empty=path[-1] in MAY_BE_EMPTY)
        cell.block = at.written(cell.block, path, text)
        sheet.hold_in(cell, path)


def _new(sheet: Sheet, edit: Replace, old: str, *, may_be_empty: bool = False) -> str:
    if edit.before is not None and edit.before != old:
        raise Conflict(
            f"{edit.target} reads differently by now.",
            hint="Read the newest version, and edit what stands there.",
        )
    text = edit.text
    if edit.filled:
        text = unfilled(sheet.draft, old, text)
    return clean(spliced(old, text, edit.span), may_be_empty=may_be_empty)


def _own_text(cell: Cell) -> tuple[Step, ...]:
    """The text that is meant where only the block is named."""
    return ("text",) if "text" in type(cell.block).model_fields else ()


def _retold(draft: Draft, claim: Claim, text: str) -> Claim:
    """The claim in a person's words. What these say beyond its proof is proven by nothing: it is an assumption then."""
    quotes = [
        draft.quotes[name].text
        for name in (*claim.quote_ids, *claim.counter_quote_ids)
        if name in draft.quotes
    ]
    proven = claim.stance in (Stance.supported, Stance.contradicted)
    if proven and goes_beyond(claim.text, text, [*quotes, draft.brief]):
        claim = claim.model_copy(update={"stance": Stance.assumption})
    return _citing(draft, claim, text)


def _citing(draft: Draft, claim: Claim, text: str) -> Claim:
    """The claim with that text; what it newly shows is listed as its proof."""
    shown = dict.fromkeys(PLACEHOLDER.findall(text))
    quotes = [n for n in shown if n in draft.quotes and n not in (*claim.quote_ids, *claim.counter_quote_ids)]
    facts = [name for name in shown if name in draft.facts and name not in claim.fact_ids]
    return claim.model_copy(
        update={
            "text": text,
            "quote_ids": (*claim.quote_ids, *quotes),
            "fact_ids": (*claim.fact_ids, *facts),
        }
    )


def _insert(sheet: Sheet, edit: InsertBlock) -> None:
    part = sheet.part(edit.section)
    place = _place_after(sheet, part, edit.after)
    block = edit.block
    if hasattr(block, "id"):
        block = block.model_copy(update={"id": sheet.new_id(block)})
    for name in (*getattr(block, "claim_ids", ()), *getattr(block, "quote_ids", ())):
        if name not in sheet.claims and name not in sheet.draft.quotes:
            raise UsageError(f"The draft has no {name[:40]}.", hint="Name claims and quotes that it has.")
    for path, text in list(at.texts_of(block)):
        block = at.written(block, path, clean(text, may_be_empty=path[-1] in MAY_BE_EMPTY))
    cell = Cell(block)
    sheet.hold_in(cell, ())
    part.cells.insert(place, cell)


def _insert_claim(sheet: Sheet, edit: InsertClaim) -> None:
    cell = _shows(sheet, edit.after)
    listed = list(cell.block.claim_ids) if isinstance(cell.block, ClaimsBlock) else []
    text = clean(edit.text)
    claim = Claim(id=sheet.new_claim(), text="", stance=edit.stance)
    sheet.claims[claim.id] = _citing(sheet.draft, claim, text)
    sheet.hold(claim.id)
    listed.insert(listed.index(edit.after) + 1, claim.id)
    cell.block = cell.block.model_copy(update={"claim_ids": tuple(listed)})


def _shows(sheet: Sheet, claim: str) -> Cell:
    """The paragraph or list that shows a claim."""
    for _, cell in sheet.cells():
        if isinstance(cell.block, ClaimsBlock) and claim in cell.block.claim_ids:
            return cell
    if claim in sheet.claims:
        raise UsageError(
            f"No paragraph shows {claim}.", hint="Name a claim that stands in a paragraph or list."
        )
    raise sheet.unknown(claim)


def _remove(sheet: Sheet, edit: Remove) -> None:
    address = parse(edit.target)
    if EVIDENCE.match(edit.target):
        raise evidence_stays(edit.target)
    if edit.target in sheet.claims:
        sheet.references({edit.target})
        del sheet.claims[edit.target]
        sheet.locked.discard(edit.target)
        return
    used = sheet.used_claims()
    if sheet.is_section(address) and not address.path:
        part = sheet.part(address.name)
        sheet.parts.remove(part)
        sheet.references({str(getattr(cell.block, "id", "")) for cell in part.cells})
    else:
        part, cell, path = sheet.cell(edit.target)
        if path:
            if not isinstance(path[-1], int):
                raise UsageError(
                    f"{edit.target[:80]} is no block, scenario or step.", hint="Replace its text instead."
                )
            try:
                without_item(cell, path)
            except LookupError as problem:
                raise sheet.unknown(edit.target) from problem
        else:
            part.cells.remove(cell)
            sheet.references({str(getattr(cell.block, "id", ""))} - {""})
    sheet.drop_unused(used)


def _move(sheet: Sheet, edit: Move) -> None:
    if edit.target in sheet.claims:
        _move_claim(sheet, edit)
        return
    part, cell, path = sheet.cell(edit.target)
    if path:
        raise UsageError(f"{edit.target[:80]} is no block.", hint="Move the whole block.")
    to = sheet.part(edit.section) if edit.section else part
    # Found before it is taken out: targets name places as the person sees them.
    after = _cell_after(sheet, to, edit.after)
    if after is cell:
        return
    part.cells.remove(cell)
    to.cells.insert(to.cells.index(after) + 1 if after else 0, cell)


def _move_claim(sheet: Sheet, edit: Move) -> None:
    origin = _shows(sheet, edit.target)
    goal = _shows(sheet, edit.after) if edit.after else origin
    if edit.after == edit.target:
        return
    for cell in dict.fromkeys((origin, goal)):
        left = [name for name in getattr(cell.block, "claim_ids", ()) if name != edit.target]
        if cell is goal:
            left.insert(left.index(edit.after) + 1 if edit.after else 0, edit.target)
        cell.block = cell.block.model_copy(update={"claim_ids": tuple(left)})
    for part in sheet.parts:
        if origin in part.cells and not getattr(origin.block, "claim_ids", ()):
            part.cells.remove(origin)


def _place_after(sheet: Sheet, part: Part, after: str) -> int:
    cell = _cell_after(sheet, part, after)
    return part.cells.index(cell) + 1 if cell else 0


def _cell_after(sheet: Sheet, part: Part, after: str) -> Cell | None:
    if not after or (sheet.is_section(parse(after)) and after.removeprefix(SECTION) == part.section.id):
        return None
    cell = _shows(sheet, after) if after in sheet.claims else sheet.cell(after)[1]
    if cell not in part.cells:
        raise UsageError(
            f"{after[:80]} doesn't stand in the section '{part.section.id}'.",
            hint="Name a block of that section, or leave 'after' empty.",
        )
    return cell


def _set_priority(sheet: Sheet, edit: SetPriority) -> None:
    cell = _requirement(sheet, edit.target)
    changes: dict[str, Any] = {"priority": edit.priority}
    if edit.reason is not None:
        changes["reason"] = clean(edit.reason, may_be_empty=True)
    cell.block = cell.block.model_copy(update=changes)
    sheet.hold_in(cell, *((name,) for name in changes))


def _requirement(sheet: Sheet, target: str) -> Cell:
    _, cell, _ = sheet.cell(target)
    if not isinstance(cell.block, RequirementBlock):
        raise UsageError(f"{target[:80]} is no requirement.", hint="Name one, for example FR-1.")
    return cell


def _set_target(sheet: Sheet, edit: SetTarget) -> None:
    _, cell, _ = sheet.cell(edit.target)
    value = clean(edit.value)
    unit = None if edit.unit is None else clean(edit.unit, may_be_empty=True)
    block = cell.block
    if isinstance(block, MetricBlock):
        cell.block = block.model_copy(update={"target": value} | ({} if unit is None else {"unit": unit}))
        sheet.hold_in(cell, ("target",), *([("unit",)] if unit is not None else []))
    elif isinstance(block, RequirementBlock):
        had, has = _bound(block.bound, block.unit), _bound(value, block.unit if unit is None else unit)
        stands = list(re.finditer(rf"(?<![\w.,]){re.escape(had)}(?!\w)", block.text)) if block.bound else []
        if len(stands) != 1:
            raise UsageError(
                f"The text of {block.id} doesn't name its bound once, so the number can't be put in its place.",
                hint=f"Replace the text: {block.id}.text.",
            )
        start, end = stands[0].span()
        # A person's number is a goal, and shown as one.
        changes = {
            "text": block.text[:start] + has + block.text[end:],
            "bound": value,
            "bound_proposed": True,
        }
        cell.block = block.model_copy(update=changes | ({} if unit is None else {"unit": unit}))
        sheet.hold_in(cell, ("text",), ("bound",), ("unit",))
    else:
        raise UsageError(
            f"{edit.target[:80]} has no target.",
            hint="Name a metric (G-1) or a requirement with a bound (NFR-1).",
        )


def _bound(value: str, unit: str) -> str:
    return f"{value} {unit}".strip()


def _set_stance(sheet: Sheet, edit: SetStance) -> None:
    if edit.target not in sheet.claims:
        raise sheet.unknown(edit.target)
    sheet.claims[edit.target] = sheet.claims[edit.target].model_copy(update={"stance": edit.stance})
    sheet.hold(edit.target)


def _lock(sheet: Sheet, edit: Lock) -> None:
    _known(sheet, edit.target)
    sheet.lock(edit.target)


def _unlock(sheet: Sheet, edit: Unlock) -> None:
    _known(sheet, edit.target)
    sheet.unlock(edit.target)


def _known(sheet: Sheet, target: str) -> None:
    """Refuse a target that is nothing. Raises: UsageError."""
    address: Address = parse(target)
    if target == TITLE or target in sheet.claims or sheet.is_section(address):
        return
    _, cell, path = sheet.cell(target)
    try:
        at.read(cell.block, path)
    except LookupError as problem:
        raise sheet.unknown(target) from problem


def _reword(sheet: Sheet, edit: Reword) -> None:
    raise UsageError(
        f"{edit.target[:80]} was not worded anew yet.",
        hint="Ask for a proposal first, and apply what it says.",
    )


_MAKE: dict[type, Callable[[Sheet, Any], None]] = {
    Replace: _replace,
    InsertBlock: _insert,
    InsertClaim: _insert_claim,
    Remove: _remove,
    Move: _move,
    SplitStory: split_story,
    AddFailurePath: add_failure_path,
    SetPriority: _set_priority,
    SetTarget: _set_target,
    SetStance: _set_stance,
    Lock: _lock,
    Unlock: _unlock,
    Reword: _reword,
}
