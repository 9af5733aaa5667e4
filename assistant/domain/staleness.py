"""What of a draft no longer holds, and why; and what a draft rests on, as far as a change of the evidence can touch it.

A claim is stale if and only if its proof, evaluated over the records of now, gives something else than the draft holds:

- a quote or counter-quote whose record is gone, left its source or was erased, or whose newest revision has other words at its place;
- a fact whose stored query gives another value now. A selection is frozen: new records don't join it, records that leave it count
  no more. A filter without a selection is open: it counts every record of its scope, also those that came since;
- words of a customer (`Measure.stated`) whose quote doesn't hold.

Nothing else makes it stale: a new date of the newest record, a theme renamed or merged (its members are frozen in a selection), or a
record that search would now choose. What a draft shows outside of claims (a table, a title, a reason) is held to the same. A draft is
stale if one of these is; a story or requirement, if one of its claims or its own words are.
"""

from enum import StrEnum

from pydantic import Field

from assistant.domain.base import Frozen
from assistant.domain.draft import PLACEHOLDER, Draft
from assistant.domain.erasure import ERASED_RECORD
from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter, Measure


class Why(StrEnum):
    """What became of a quote or a fact."""

    erased = "erased"
    gone = "gone"
    """The workspace has no such record."""
    left = "left"
    """Its record left its source."""
    edited = "edited"
    """Its record has other words at its place."""
    counted = "counted"
    """Counting again gives another value."""


class Moved(Frozen):
    """A quote or a fact that isn't any more what a draft holds."""

    id: str
    """`Q3` or `F5`."""
    why: Why
    before: str = ""
    """Of a fact: as the draft shows it. Quotes have neither: words of records stay in records."""
    after: str = ""

    @property
    def reads_the_same(self) -> bool:
        """Whether the number moved, but not as far as a reader sees it."""
        return self.why is Why.counted and self.before == self.after


class StaleClaim(Frozen):
    """A claim of a draft, or another passage of it, that rests on evidence which changed."""

    draft_id: str
    version: int
    claim_id: str
    """A claim's id; a number or quote outside of claims: its target as in `assistant.domain.edit` (`US-1`, `title`, `section:themes.blocks.0`)."""
    reason: str
    """Why, in one sentence."""
    before: str = ""
    """The first number that reads differently, as it was and as it is; empty where only quotes or hidden digits changed."""
    after: str = ""
    moved: tuple[Moved, ...] = Field(min_length=1)
    """Everything of its proof that changed."""

    @property
    def reads_the_same(self) -> bool:
        """Whether all that changed are digits that no reader sees."""
        return all(one.reads_the_same for one in self.moved)


class Foundation(Frozen):
    """What a draft rests on: a change elsewhere can't touch it."""

    quoted: tuple[str, ...] = ()
    """Ids of the records that it quotes, sorted."""
    members: tuple[str, ...] = ()
    """Ids of the records in its selections, sorted."""
    scopes: tuple[Scope, ...] = ()
    """What its open filters count over."""


class Proof(Frozen):
    """The newest version of a draft, and what its foundation looked like when its claims were evaluated last."""

    draft_id: str
    version: int
    foundation: Foundation | None = None
    """None: not worked out yet."""
    state: str = ""
    """Hash of all that the foundation's records say and count as; empty where nobody looked yet."""


def foundation_of(draft: Draft) -> Foundation:
    """What a change must touch to touch this draft."""
    scopes: dict[str, Scope] = {}
    for fact in draft.facts.values():
        if fact.measure in (Measure.stated, Measure.constant):
            continue
        # How many a week: the weeks are those of the whole scope, whatever the selection.
        window = [FactFilter(scope=fact.filter.scope)] if fact.measure is Measure.per_week else []
        for where in (fact.filter, fact.denominator, *window):
            if where is not None and where.selection is None:
                scopes.setdefault(where.scope.model_dump_json(), where.scope)
    return Foundation(
        quoted=tuple(sorted({one.record_id for one in draft.quotes.values()} - {ERASED_RECORD})),
        members=tuple(sorted({one for held in draft.selections.values() for one in held.record_ids})),
        scopes=tuple(scopes[key] for key in sorted(scopes)),
    )


def proof_ids(text: str) -> tuple[str, ...]:
    """Quotes and facts whose placeholders stand in a text, each once."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def sentence(moved: tuple[Moved, ...]) -> str:
    """Why, in one sentence. Args: moved: everything of one claim's proof that changed, at least one."""
    parts = [_told(one) for one in moved if one.why is not Why.counted]
    counted = [one for one in moved if one.why is Why.counted]
    if counted:
        seen = [one for one in counted if not one.reads_the_same]
        if seen:
            parts.append(", ".join(f"{one.id} was {one.before} and is {one.after} now" for one in seen[:3]))
            if more := len(counted) - len(seen[:3]):
                parts.append(f"{more} more number{'s' if more > 1 else ''} moved")
        else:
            names = ", ".join(one.id for one in counted[:3])
            parts.append(f"{names} moved by less than the text shows")
    told = "; ".join(parts)
    return f"{told[0].upper()}{told[1:]}."


def _told(one: Moved) -> str:
    return {
        Why.erased: f"the record of {one.id} was erased",
        Why.gone: f"the record of {one.id} isn't in the workspace",
        Why.left: f"the record of {one.id} left its source",
        Why.edited: f"the record of {one.id} was edited and has other words there",
        Why.counted: "",
    }[one.why]
