"""`renewed`: a redraft of the stale parts only. Sections that rest on nothing stale stay byte for byte as they were."""

import re
from collections.abc import Collection, Mapping

from assistant.domain.draft import Block, Claim, Draft, Section
from assistant.drafting.assemble import tidy
from assistant.drafting.editing.addresses import SECTION, TITLE, block_name
from assistant.drafting.editing.locks import carried

_NUMBERED = re.compile(r"-\d+\Z")
"""Sections that are numbered by their rank: which one is meant, its claims say."""


def renewed(parent: Draft, written: Draft, stale: Collection[str]) -> Draft:
    """The parent with its stale sections as they were written again.

    A section is stale that shows one of the targets; one that refers to a story or requirement that went, or that is referred to from
    a section that was written again, is written again with it. Lists of quotes follow what is cited. Numbers are to be counted again
    (`staleness.evaluate.counted_again`): those of the sections that stay have the values of now already.

    Args:
        written: the redraft with the ids of its parent and its locked passages.
        stale: targets as in `StaleClaim.claim_id`; all sections where nothing is known of the parent.
    """
    return _Renewing(parent, written, frozenset(stale)).run()


class _Renewing:
    def __init__(self, parent: Draft, written: Draft, stale: frozenset[str]) -> None:
        self.parent = parent
        self.written = written
        self.stale = stale
        self.again = _successors(parent, written)

    def run(self) -> Draft:
        touched = {one.id for one in self.parent.sections if self._is_stale(one)}
        while more := self._dangling(touched) - touched:
            touched |= more
        if _refers(sections := self._sections(touched)) - _ids(sections):
            # What the new wording refers to stands where the parent has no section: only the whole fits together.
            return self.written
        kept = [one for one in self.parent.sections if one.id not in touched]
        claims = self._claims(kept, sections)
        merged = self.written.model_copy(
            update={
                "title": self.written.title if TITLE in self.stale else self.parent.title,
                "sections": tuple(sections),
                "claims": claims,
                "quotes": {**self.written.quotes, **self.parent.quotes},
                "facts": {**self.written.facts, **self.parent.facts},
                "selections": {**self.written.selections, **self.parent.selections},
            }
        )
        cited = tidy(_without_lists(merged)).quotes
        merged = merged.model_copy(
            update={"sections": tuple(self._with_lists(one, cited) for one in merged.sections)}
        )
        draft = tidy(merged)
        return draft.model_copy(update={"locks": carried(self.parent, draft)})

    def _is_stale(self, section: Section) -> bool:
        if f"{SECTION}{section.id}.title" in self.stale:
            return True
        # A list of quotes repeats what others cite.
        return any(
            block_name(section.id, place, block) in self.stale
            or self.stale & set(getattr(block, "claim_ids", ()))
            for place, block in enumerate(section.blocks, start=1)
            if block.type != "quotes"
        )

    def _sections(self, touched: Collection[str]) -> list[Section]:
        found = []
        for section in self.parent.sections:
            if section.id not in touched:
                found.append(section)
            elif (again := self.again.get(section.id)) is not None:
                found.append(again.model_copy(update={"id": section.id}))
        return found

    def _dangling(self, touched: set[str]) -> set[str]:
        """Sections that refer to what went, and those that hold what the new wording refers to."""
        sections = self._sections(touched)
        lost = _refers(sections) - _ids(sections)
        again = {name: one for name, one in self.again.items() if one is not None}
        return {one.id for one in self.parent.sections if _refers([one]) & lost} | {
            name for name, one in again.items() if _ids([one]) & lost
        }

    def _claims(self, kept: list[Section], sections: list[Section]) -> dict[str, Claim]:
        stays = _shown(kept)
        here = _shown(sections)
        known = {**self.parent.claims, **self.written.claims}
        return {
            name: self.parent.claims[name] if name in stays and name in self.parent.claims else claim
            for name, claim in known.items()
            if name in here
        }

    def _with_lists(self, section: Section, cited: Collection[str]) -> Section:
        if all(block.type != "quotes" for block in section.blocks):
            return section
        fresh = self.again.get(section.id)
        lists = [block for block in fresh.blocks if block.type == "quotes"] if fresh else []
        blocks: list[Block] = []
        for block in section.blocks:
            if block.type == "quotes":
                more = next((one.quote_ids for one in lists if one.lead == block.lead), ())
                held = tuple(dict.fromkeys(one for one in (*block.quote_ids, *more) if one in cited))
                block = block if held == block.quote_ids else block.model_copy(update={"quote_ids": held})
            blocks.append(block)
        return section.model_copy(update={"blocks": tuple(blocks)})


def _successors(parent: Draft, written: Draft) -> Mapping[str, Section | None]:
    """Section of the parent → the one that was written in its place, if one was."""
    by_id = {one.id: one for one in written.sections}
    found: dict[str, Section | None] = {
        one.id: by_id.get(one.id) for one in parent.sections if not _NUMBERED.search(one.id)
    }
    free = [one for one in written.sections if _NUMBERED.search(one.id)]
    ranked = sorted(
        (-len(common), old, new)
        for old, one in enumerate(parent.sections)
        if _NUMBERED.search(one.id)
        for new, other in enumerate(free)
        if (common := _shown([one]) & _shown([other]))
    )
    taken: set[int] = set()
    for _, old, new in ranked:
        name = parent.sections[old].id
        if name not in found and new not in taken:
            found[name] = free[new]
            taken.add(new)
    return found


def _without_lists(draft: Draft) -> Draft:
    sections = (
        one.model_copy(update={"blocks": tuple(block for block in one.blocks if block.type != "quotes")})
        for one in draft.sections
    )
    return draft.model_copy(update={"sections": tuple(sections)})


def _shown(sections: Collection[Section]) -> set[str]:
    """Ids of the claims that sections show."""
    return {name for one in sections for block in one.blocks for name in getattr(block, "claim_ids", ())}


def _ids(sections: Collection[Section]) -> set[str]:
    return {str(block.id) for one in sections for block in one.blocks if hasattr(block, "id")}


def _refers(sections: Collection[Section]) -> set[str]:
    """Ids of the stories that sections refer to."""
    return {
        name
        for one in sections
        for block in one.blocks
        for field in ("story_ids", "depends_on")
        for name in getattr(block, field, ())
    }
