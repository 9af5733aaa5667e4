"""Five hundred random edits: whatever an edit doesn't name keeps its bytes, in the JSON and in what readers see."""

import random
import re
from collections.abc import Callable

from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft, Priority, Section, Stance, StoryBlock, TableBlock, TextBlock
from assistant.domain.edit import (
    AddFailurePath,
    Edit,
    InsertBlock,
    InsertClaim,
    Lock,
    Move,
    Remove,
    Replace,
    SetPriority,
    SetStance,
    SetTarget,
    SplitStory,
)
from assistant.drafting.editing.addresses import MAY_BE_EMPTY, addresses, block_name, parse
from assistant.drafting.editing.apply import apply
from assistant.drafting.formats.to_markdown import markdown
from tests.support.drafts import rebuilt, valid_draft

EDITS = 500
TEXTS = (
    "Cards stay.",
    "  two\nlines ",
    "דף חדש",
    "看板を書き出す",
    "| # {F1} *x* <b>",
    "97 people",
    "e" * 200,
    "🙂",
)


def long_draft() -> Draft:
    """The sample with paragraphs that are told apart by their place alone, and a table."""
    draft = valid_draft()
    table = TableBlock(header=("what", "how many"), rows=(("people", "{F1}"), ("accounts", "{F2}")))
    more = Section(
        id="more", title="More", blocks=(TextBlock(text="Same words."), table, TextBlock(text="Same words."))
    )
    return draft.model_copy(update={"sections": (*draft.sections, more)})


def test_what_an_edit_does_not_name_keeps_its_bytes() -> None:
    chance = random.Random(6)
    start = long_draft()
    draft, kinds = start, set()
    seen = sections(start)
    for _ in range(EDITS):
        edit = any_edit(chance, draft)
        after = apply(draft, [edit])
        assert rebuilt(after) == after
        assert after.version == draft.version + 1
        told = sections(after)
        assert_rest_is_same(draft, after, edit, seen, told)
        kinds.add(edit.type)
        # Removing goes on until little is left; then it starts anew.
        draft, seen = (
            (after, told)
            if 8 < len(after.blocks()) < 25 and len(after.claims) > 2
            else (start, sections(start))
        )
    assert len(kinds) == len(MAKERS)


def assert_rest_is_same(
    before: Draft, after: Draft, edit: Edit, old_text: dict[str, str], new_text: dict[str, str]
) -> None:
    for field in ("brief", "scope", "kind", "id", "language", "provenance"):
        assert getattr(before, field) == getattr(after, field)
    for field in ("quotes", "facts", "selections"):
        assert getattr(before, field) == getattr(after, field)
    names = named(before, edit)
    old, new = parts(before), parts(after)
    left = [json for _, json in new]
    for part, json in old:
        if not part & names:
            left.remove(json)
    for section in before.sections:
        if not names & set().union(*(part for part, _ in parts(before, section))):
            assert old_text[section.id] == new_text[section.id]


def parts(draft: Draft, *only: Section) -> list[tuple[set[str], str]]:
    """Every title, block and claim: all names that it goes by or refers to, and its JSON."""
    found = [({"draft"}, draft.title)] if not only else []
    for section in only or draft.sections:
        found.append(
            ({f"section:{section.id}", f"section:{section.id}.title"}, f"{section.id} {section.title}")
        )
        for place, block in enumerate(section.blocks, start=1):
            refers = {
                name
                for field in ("claim_ids", "story_ids", "depends_on")
                for name in getattr(block, field, ())
            }
            found.append(({block_name(section.id, place, block), *refers}, canonical_json(block)))
            shown = [draft.claims[name] for name in getattr(block, "claim_ids", ())]
            found += [({one.id}, canonical_json(one)) for one in shown]
    return found


def sections(draft: Draft) -> dict[str, str]:
    """What readers see of each section, from its heading to the next one."""
    pieces = re.split(r"(?m)^## ", markdown(draft))[1:]
    return dict(zip((section.id for section in draft.sections), pieces, strict=False))


def named(draft: Draft, edit: Edit) -> set[str]:
    """What an edit is about: a block or claim with its section, for one that is removed also what it takes along."""
    target = edit.after if isinstance(edit, InsertClaim) else getattr(edit, "target", "")
    address = parse(target)
    depth = 2 if address.path[:1] == ("blocks",) else 1 if address.path[:1] == ("title",) else 0
    whole = ".".join(
        map(str, (address.name, *address.path[: depth if address.name.startswith("section:") else 0]))
    )
    names = {whole}
    for section in draft.sections:
        inside = [part for part, _ in parts(draft, section)[1:]]
        if any(whole in part for part in inside) and isinstance(
            edit, Move | Remove | InsertClaim | SplitStory
        ):
            names |= {f"section:{section.id}"} | {
                name
                for part in inside
                if whole in part
                for name in part
                if isinstance(edit, Remove | InsertClaim)
            }
    if isinstance(edit, Move | InsertBlock) and edit.section:
        names.add(f"section:{edit.section}")
    return names


def any_edit(chance: random.Random, draft: Draft) -> Edit:
    for _ in range(100):
        edit = chance.choice(MAKERS)(chance, draft)
        if edit is not None:
            return edit
    raise AssertionError("no edit fits")


def _replace(chance: random.Random, draft: Draft) -> Edit | None:
    target, text = chance.choice(list(addresses(draft)))
    new = chance.choice((*TEXTS, "")) if target.split(".")[-1] in MAY_BE_EMPTY else chance.choice(TEXTS)
    span = (len(text), len(text)) if chance.random() < 0.2 and new else None
    return Replace(target=target, text=new, span=span, before=text)


def _insert(chance: random.Random, draft: Draft) -> Edit | None:
    section = chance.choice(draft.sections)
    after = [block_name(section.id, place, one) for place, one in enumerate(section.blocks, start=1)]
    new = chance.choice([b for b in draft.blocks() if b.type not in ("quotes", "claims")])
    block = new.model_copy(update={"id": ""}) if hasattr(new, "id") else new
    return InsertBlock(section=section.id, block=block, after=chance.choice(["", *after]))


def _insert_claim(chance: random.Random, draft: Draft) -> Edit | None:
    shown = [name for block in draft.blocks() if block.type == "claims" for name in block.claim_ids]
    return InsertClaim(after=chance.choice(shown), text=chance.choice(TEXTS)) if shown else None


def _remove(chance: random.Random, draft: Draft) -> Edit | None:
    target = _block(chance, draft) if chance.random() < 0.7 else chance.choice(sorted(draft.claims))
    return Remove(target=target)


def _move(chance: random.Random, draft: Draft) -> Edit | None:
    section = chance.choice(draft.sections)
    return Move(target=_block(chance, draft), section=section.id)


def _story(chance: random.Random, draft: Draft) -> str:
    stories = [block.id for block in draft.blocks() if isinstance(block, StoryBlock)]
    return chance.choice(stories) if stories else ""


def _failure(chance: random.Random, draft: Draft) -> Edit | None:
    story = next((b for b in draft.blocks() if b.type == "story" and len(b.criteria) < 3), None)
    return AddFailurePath(target=story.id) if isinstance(story, StoryBlock) else None


def _split(chance: random.Random, draft: Draft) -> Edit | None:
    story = _story(chance, draft)
    return SplitStory(target=story, wants=("to open it", "to print it")) if story else None


def _priority(chance: random.Random, draft: Draft) -> Edit | None:
    known = [block.id for block in draft.blocks() if block.type == "requirement"]
    return SetPriority(target=chance.choice(known), priority=chance.choice(list(Priority))) if known else None


def _target(chance: random.Random, draft: Draft) -> Edit | None:
    known = [block.id for block in draft.blocks() if block.type == "metric"]
    return SetTarget(target=chance.choice(known), value=f"under {chance.randint(1, 9)}") if known else None


def _stance(chance: random.Random, draft: Draft) -> Edit | None:
    return SetStance(target=chance.choice(sorted(draft.claims)), stance=Stance.assumption)


def _lock(chance: random.Random, draft: Draft) -> Edit | None:
    return Lock(target=_block(chance, draft))


def _block(chance: random.Random, draft: Draft) -> str:
    section = chance.choice([one for one in draft.sections if one.blocks])
    place = chance.randrange(len(section.blocks))
    return block_name(section.id, place + 1, section.blocks[place])


MAKERS: tuple[Callable[[random.Random, Draft], Edit | None], ...] = (
    _replace, _insert, _insert_claim, _remove, _move, _failure, _split, _priority, _target, _stance, _lock,
)  # fmt: skip
