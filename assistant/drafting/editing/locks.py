"""What a person typed or locked: which passages that is, and how they come through when the draft is written anew."""

from assistant.domain.draft import Block, ClaimsBlock, Draft, QuotesBlock
from assistant.drafting.assemble import tidy
from assistant.drafting.editing.addresses import BLOCKS, SECTION, TITLE, Address, parse
from assistant.drafting.editing.compare import Placed, paired, placed


def locked_names(draft: Draft) -> frozenset[str]:
    """Ids of locked claims, and names of the blocks in which something is locked."""
    return frozenset(filter(None, map(_block_of, draft.locks)))


def carried(before: Draft, after: Draft) -> tuple[str, ...]:
    """The locks of a draft where its blocks stand by now; those whose passage is gone are left out."""
    old, new = placed(before), placed(after)
    names = {old[of][1]: new[to][1] for of, to in paired(old, new)}
    found = set()
    for lock in before.locks:
        block = _block_of(lock)
        if not block or block in after.claims:
            found.add(lock)
        elif block in names:
            found.add(names[block] + lock[len(block) :])
    return tuple(sorted(found))


def keep_locked(parent: Draft, written: Draft) -> Draft:
    """A redraft (`settle.settled`) with the locked passages of its parent as they are, with their proof; numbers are those of now.

    A locked passage stands where the one of its id was written again; where there is none, at the end of its section.
    """
    return _Keeping(parent, written).run() if parent.locks else written


class _Keeping:
    def __init__(self, parent: Draft, written: Draft) -> None:
        self.parent = parent
        self.draft = written
        self.sections = [(one, list(one.blocks)) for one in written.sections]
        names = locked_names(parent)
        self.blocks = [one for one in placed(parent) if one[1] in names]
        whole = [one for one in self.blocks if not self._is_lead(one)]
        resting = {n for _, _, block in whole for n in getattr(block, "claim_ids", ())}
        self.locked = [name for name in parent.claims if name in names]
        self.claims = {n: claim for n, claim in parent.claims.items() if n in names}
        self.claims |= {
            n: parent.claims[n] for n in sorted(resting) if n in parent.claims and n not in written.claims
        }

    def run(self) -> Draft:
        for one in self.blocks:
            self._place(one)
        for name in self.locked:
            self._show(name)
        self._list_quotes()
        draft = tidy(self._together())
        return draft.model_copy(update={"locks": carried(self.parent, draft)})

    def _is_lead(self, one: Placed) -> bool:
        """Whether only the words before its claims are locked."""
        return isinstance(one[2], ClaimsBlock) and one[1] not in self.parent.locks

    def _place(self, one: Placed) -> None:
        section, _, block = one
        blocks = self._section(section)
        place = self._like(one, blocks)
        if isinstance(block, ClaimsBlock) and self._is_lead(one):
            if place is not None:
                blocks[place] = blocks[place].model_copy(update={"lead": block.lead})
        elif place is None:
            blocks.insert(self._behind(one, blocks), block)
        else:
            blocks[place] = block

    def _behind(self, one: Placed, blocks: list[Block]) -> int:
        """Where a block belongs that wasn't written again: behind the last of those that it stood behind."""
        held = [other for other in placed(self.parent) if other[0] == one[0]]
        before = held[: next(n for n, other in enumerate(held) if other[2] is one[2])]
        found = [place for other in before if (place := self._like(other, blocks)) is not None]
        return max(found, default=-1) + 1 if before else 0

    def _like(self, one: Placed, blocks: list[Block]) -> int | None:
        """Where the same block was written again: by its id; what has none, by its claims, else as the nth of its sort."""
        section, name, block = one
        own = getattr(block, "id", "")
        sort = [place for place, other in enumerate(blocks) if other.type == block.type]
        if own:
            return next((place for place in sort if getattr(blocks[place], "id", "") == own), None)
        if name in self.parent.locks:
            return None
        claims = set(getattr(block, "claim_ids", ()))
        for place in sort:
            if claims & set(getattr(blocks[place], "claim_ids", ())):
                return place
        before = [other for at, _, other in placed(self.parent) if at == section and other.type == block.type]
        nth = next(number for number, other in enumerate(before) if other is block)
        return sort[nth] if nth < len(sort) else None

    def _show(self, claim: str) -> None:
        """Put a locked claim that no paragraph shows into one of its section, behind the claim that it followed."""
        for section, _, block in placed(self.parent):
            if not isinstance(block, ClaimsBlock) or claim not in block.claim_ids:
                continue
            blocks = self._section(section)
            held = [place for place, one in enumerate(blocks) if isinstance(one, ClaimsBlock)]
            if any(claim in getattr(blocks[place], "claim_ids", ()) for place in held):
                return
            before = block.claim_ids[: block.claim_ids.index(claim)]
            for place in held:
                listed = list(getattr(blocks[place], "claim_ids", ()))
                if known := [n for n in before if n in listed]:
                    listed.insert(listed.index(known[-1]) + 1, claim)
                    blocks[place] = blocks[place].model_copy(update={"claim_ids": tuple(listed)})
                    return
            if held:
                listed = [*getattr(blocks[held[-1]], "claim_ids", ()), claim]
                blocks[held[-1]] = blocks[held[-1]].model_copy(update={"claim_ids": tuple(listed)})
            else:
                blocks.append(block.model_copy(update={"claim_ids": (claim,)}))
            return

    def _list_quotes(self) -> None:
        """Quotes that come along stand in the list of quotes that is headed as theirs was."""
        cited = {n for claim in self.claims.values() for n in (*claim.quote_ids, *claim.counter_quote_ids)}
        for section, _, old in placed(self.parent):
            if not isinstance(old, QuotesBlock):
                continue
            blocks = self._section(section)
            for place, one in enumerate(blocks):
                if isinstance(one, QuotesBlock) and one.lead == old.lead:
                    more = [n for n in old.quote_ids if n in cited and n not in one.quote_ids]
                    blocks[place] = one.model_copy(update={"quote_ids": (*one.quote_ids, *more)})
                    break

    def _section(self, name: str) -> list[Block]:
        for section, blocks in self.sections:
            if section.id == name:
                return blocks
        old = next(one for one in self.parent.sections if one.id == name)
        self.sections.append((old, []))
        return self.sections[-1][1]

    def _together(self) -> Draft:
        titles = {section.id: section.title for section in self.parent.sections}
        sections = tuple(
            section.model_copy(
                update={
                    "title": titles[section.id]
                    if f"{SECTION}{section.id}.title" in self.parent.locks
                    else section.title,
                    "blocks": tuple(blocks),
                }
            )
            for section, blocks in self.sections
        )
        # Under one id stands one query: where it was asked again, its answer of now holds.
        proof = {
            field: {**getattr(self.parent, field), **getattr(self.draft, field)}
            for field in ("quotes", "facts", "selections")
        }
        return self.draft.model_copy(
            update={
                "title": self.parent.title if TITLE in self.parent.locks else self.draft.title,
                "sections": sections,
                "claims": {**self.draft.claims, **self.claims},
                **proof,
            }
        )


def _block_of(lock: str) -> str:
    """Name of the block, or id of the claim, that a lock lies in; empty for titles."""
    address = parse(lock)
    if address.name.startswith(SECTION):
        inside = address.path[:1] == (BLOCKS,) and len(address.path) > 1
        return str(Address(address.name, address.path[:2])) if inside else ""
    return "" if lock == TITLE else address.name
