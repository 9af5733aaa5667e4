"""The sections a kind asks for are there with something in them, nothing is too long, and every id is well formed and unique."""

import re
from collections import Counter

from assistant.domain.draft import Block, ClaimsBlock, Draft, QuotesBlock, TableBlock, TextBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.filler import says_only_where
from evals.reading.caps import too_much
from evals.reading.prose import natural
from evals.view import EvidenceView, abstains

_NAME = "schema_sections"
_SHAPES = {
    "story": re.compile(r"US-[1-9]\d*"),
    "requirement": re.compile(r"N?FR-[1-9]\d*"),
}
_ANY_ID = re.compile(r"[A-Z][A-Za-z]{0,9}-?[1-9]\d*")
_KEYS = {
    "claims": re.compile(r"C[1-9]\d*"),
    "quotes": re.compile(r"Q[1-9]\d*"),
    "facts": re.compile(r"F[1-9]\d*"),
}


def schema_sections(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a missing or empty section, a block type that doesn't belong there, a malformed or repeated id, and on
    lengths and numbers beyond `evals.reading.caps`. Advise on a section whose only text is that it comes later or stands elsewhere.

    A draft that says that there is not enough evidence may leave sections out.
    """
    long = [_finding(target, message, "Shorten it, or split it.") for target, message in too_much(draft)]
    return [*_sections(draft, view), *_block_ids(draft), *_keys(draft), *long]


def _sections(draft: Draft, view: EvidenceView) -> list[Finding]:
    found = [
        _finding(section_id, f"The section '{section_id}' occurs {times} times.", "Keep one.")
        for section_id, times in Counter(section.id for section in draft.sections).items()
        if times > 1
    ]
    present = {section.id: section for section in draft.sections}
    for name in () if abstains(draft) else view.kind.sections:
        if name not in present:
            found.append(_finding(name, f"The section '{name}' is missing.", f"A {draft.kind} needs it."))
        elif not any(_says_something(block) for block in present[name].blocks):
            found.append(
                _finding(name, f"The section '{name}' is empty.", "Fill it, or say what is not known.")
            )
    found += [
        _finding(
            section.id,
            f"The section '{section.id}' only says that what belongs there is elsewhere or to come.",
            "Write it, or say what is not known.",
            False,
        )
        for section in present.values()
        if any(map(_says_something, section.blocks))
        and all(isinstance(block, TextBlock) and says_only_where(block.text) for block in section.blocks)
    ]
    found += [
        _finding(section.id, f"The section '{section.id}' has no title.", "Name it.")
        for section in draft.sections
        if not re.search(r"\w", section.title)
    ]
    found += [
        _finding(section.id, f"A block of type '{block.type}' doesn't belong in '{section.id}'.", "Move it.")
        for section in draft.sections
        for block in section.blocks
        if view.kind.blocks.get(section.id) and block.type not in view.kind.blocks[section.id]
    ]
    return found


def _says_something(block: Block) -> bool:
    match block:
        case TextBlock():
            return re.search(r"\w{2}\W+\w{2}|[^\W_a-zA-Z]{4}", block.text) is not None
        case ClaimsBlock():
            return bool(block.claim_ids)
        case QuotesBlock():
            return bool(block.quote_ids)
        case TableBlock():
            return bool(block.rows)
        case _:
            return True


def _block_ids(draft: Draft) -> list[Finding]:
    ids = [(str(getattr(block, "id", "")), block.type) for block in draft.blocks() if hasattr(block, "id")]
    found = [
        _finding(name, f"'{name}' is no id of a {kind}.", "Number it, for example US-1 or FR-1.")
        for name, kind in ids
        if not _SHAPES.get(kind, _ANY_ID).fullmatch(name)
    ]
    repeated = [name for name, times in Counter(name for name, _ in ids).items() if times > 1]
    return found + [
        _finding(
            name, f"The id {name} is given {Counter(n for n, _ in ids)[name]} times.", "Give each its own."
        )
        for name in sorted(repeated, key=natural)
    ]


def _keys(draft: Draft) -> list[Finding]:
    found = [
        _finding(key, f"'{key}' is no id of one of the {field}.", "Use a letter and a number.")
        for field, shape in _KEYS.items()
        for key in getattr(draft, field)
        if not shape.fullmatch(key)
    ]
    held = [
        *((key, claim.id) for key, claim in draft.claims.items()),
        *((key, fact.id) for key, fact in draft.facts.items()),
        *((key, selection.id) for key, selection in draft.selections.items()),
    ]
    found += [
        _finding(key, f"It is kept as {key} but calls itself {own}.", "Use one id.")
        for key, own in held
        if key != own
    ]
    return found


def _finding(target: str, message: str, fix: str, blocks: bool = True) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(grader=_NAME, severity=severity, target=target or "draft", message=message, fix=fix)


def _good(draft: Draft) -> Draft:
    return draft.model_copy(update={"sections": tuple(reversed(draft.sections))})


def _bad(draft: Draft) -> Draft:
    return draft.model_copy(update={"sections": draft.sections[1:]})


GRADER = Grader(_NAME, 0, Severity.block, schema_sections, _good, _bad)
