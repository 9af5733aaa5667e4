"""What the page of a draft holds: its sections, its numbers, its quotes, and beside them what stands against them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.keyed import KeyedFinding
from api.web.document.blocks import blocks, heading, title
from api.web.document.sentences import Shown
from assistant.domain.draft import Draft
from assistant.drafting.claim_trends import ClaimTrend
from assistant.drafting.formats.describe import describe


@dataclass(frozen=True)
class Part:
    """A section as it is shown."""

    id: str
    title: Markup
    body: Markup


@dataclass(frozen=True)
class Document:
    """A draft as it is shown. All HTML in it is made here, of escaped text."""

    title: Markup
    parts: Sequence[Part]
    numbers: Sequence[tuple[str, str, str, str]]
    """Id, value, how it is counted, address of its records."""
    removed: Sequence[str]
    """Where a wording was refused."""


def document(
    draft: Draft,
    findings: Iterable[KeyedFinding],
    link: Callable[[str], str],
    beside: Callable[[Sequence[KeyedFinding]], str],
    trends: Mapping[str, ClaimTrend],
) -> Document:
    """The document of a draft.

    Args:
        draft: with masks, as the reader may see it.
        link: quote id → address of its passage; fact id → address of its query and records.
        beside: the findings that stand under a block, as safe HTML.
        trends: claim id → its trend, where code can tell.
    """
    flaws: dict[str, list[KeyedFinding]] = defaultdict(list)
    for one in findings:
        if one.overruled is None:
            flaws[one.target].append(one)
    shown = Shown(draft, link, flaws, trends)
    told: set[str] = set()

    def under(targets: Sequence[str]) -> str:
        new = [one for one in shown.blocking(_with_evidence(draft, targets)) if one.key not in told]
        told.update(one.key for one in new)
        return beside(new) if new else ""

    return Document(
        title=_safe(heading(shown)),
        parts=[
            Part(one.id, _safe(title(shown, one)), _safe(blocks(shown, one, under) + under([one.id])))
            for one in draft.sections
        ],
        numbers=[
            (fact.id, fact.display, describe(fact, draft.selections), link(fact.id))
            for fact in sorted(draft.facts.values(), key=lambda fact: int(fact.id[1:]))
        ],
        removed=list(dict.fromkeys(one.where for one in draft.provenance.removed)),
    )


def _with_evidence(draft: Draft, targets: Sequence[str]) -> list[str]:
    claims = [draft.claims[one] for one in targets if one in draft.claims]
    return [*targets, *(n for one in claims for n in (*one.quote_ids, *one.counter_quote_ids, *one.fact_ids))]


def places(draft: Draft) -> Mapping[str, str]:
    """Target of a finding → id of an element that shows it, for links from the findings to the document."""
    found = {section.id: f"h-{section.id}" for section in draft.sections}
    for block in draft.blocks():
        if name := str(getattr(block, "id", "")):
            found[name] = name
        found.update({claim: claim for claim in getattr(block, "claim_ids", ()) if claim in draft.claims})
    for claim in draft.claims.values():
        for name in (*claim.quote_ids, *claim.fact_ids):
            found.setdefault(name, claim.id)
    return found


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - made of escaped text by this package
