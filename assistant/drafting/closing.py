"""What stands at the end of every draft: competitors, open questions, too-thin needs, and the evidence for and against."""

from datetime import timedelta

import numpy as np

from assistant.domain.draft import ClaimsBlock, QuestionBlock, QuotesBlock, Section, Stance, TextBlock
from assistant.domain.evidence import Scope
from assistant.domain.record import RecordKind
from assistant.drafting.desk import Desk
from assistant.drafting.paragraphs import gap, named
from assistant.drafting.profile import TOO_FEW, Profile
from assistant.search.cutoffs import cutoffs_of
from assistant.search.exact import cosines, nearest
from assistant.search.scope import record_mask
from assistant.workbench import Workbench

_EXACT = 0.15
_STALE = timedelta(days=548)
"""A competitor's page that is older than the newest feedback by more than this (18 months) says what was true once."""


def competitors(bench: Workbench, desk: Desk, question: str) -> Section | None:
    """What competitors' own documents state about the question, one quote a document; None where they are silent.

    Dated pages that are stale are left out, which the section says.
    """
    matrix = desk.reader.matrix
    every = record_mask(matrix, Scope(kinds=(RecordKind.competitor,)))
    span = desk.book.span()
    mask = every & ~(matrix.said_at < (span[1] - _STALE).timestamp()) if span else every
    passages = np.flatnonzero(mask[matrix.passage_record])
    if not len(passages) or not question.strip():
        return None
    vector = bench.embedder.embed([question])[0]
    near_enough = cutoffs_of(bench.embedder.identity).competitor
    claims: list[str] = []
    told: set[int] = set()
    for passage, cosine in nearest(passages, cosines(matrix.unit_rows(passages), vector), 20):
        saying = desk.reader.read([passage])[0]
        if cosine < near_enough or saying.row in told or not saying.usable:
            continue
        sentences = [sentence for sentence in saying.sentences if 5 <= len(sentence.text.split()) <= 45]
        if not sentences:
            continue
        near = cosines(bench.embedder.embed([sentence.text for sentence in sentences]), vector)
        # What a competitor states with a number can be compared; how to click there can't.
        exact = np.array([any(map(str.isdigit, sentence.text)) for sentence in sentences])
        best = sentences[int(np.argmax(np.round(near + _EXACT * exact, 6)))]
        quote = desk.quote(best)
        title = desk.reader.record(saying.row).title or desk.quotes[quote].source
        claims.append(desk.claim(f"“{_plain(title)}” states: {{{quote}}}"))
        told.add(saying.row)
        if len(claims) == 3:
            break
    if not claims:
        return None
    left_out = " Pages that are much older than the feedback are left out." if (every & ~mask).any() else ""
    note = TextBlock(text=f"Stated by the competitors themselves, not tested.{left_out}")
    return Section(
        id="competitors",
        title="What competitors state",
        blocks=(ClaimsBlock(claim_ids=tuple(claims), style="list"), note),
    )


def _plain(title: str) -> str:
    """A title without the digits and braces that prose may not hold."""
    return (
        " ".join("".join(letter for letter in title if not letter.isdigit() and letter not in "{}").split())
        or "document"
    )


def questions(desk: Desk, needs: list[Profile], *, limit: int = 4) -> list[QuestionBlock]:
    """What the evidence leaves open, and whom to ask."""
    blocks: list[QuestionBlock] = []
    for need in needs:
        whom = f"{_whom(need)} who wrote about {named(need)}"
        if need.split:
            text = f"On {named(need)} the sources disagree. What would have to change for you to stay, and what would you pay for?"
            blocks.append(
                QuestionBlock(
                    id=f"OQ-{len(blocks) + 1}", text=text, ask=f"those who left and those who stayed: {whom}"
                )
            )
            continue
        claims, question = gap(desk, need)
        same = next((place for place, block in enumerate(blocks) if block.text == question), None)
        if same is not None:
            ask = f"{blocks[same].ask}; {whom}"
            blocks[same] = blocks[same].model_copy(
                update={"ask": ask, "claim_ids": tuple(dict.fromkeys((*blocks[same].claim_ids, *claims)))}
            )
        elif question:
            number = len(blocks) + 1
            blocks.append(QuestionBlock(id=f"OQ-{number}", text=question, ask=whom, claim_ids=tuple(claims)))
    return blocks[:limit]


def _whom(need: Profile) -> str:
    return (
        f"customers with {need.lift.segment.replace('_', ' ')} “{need.lift.value}”"
        if need.lift
        else "customers"
    )


def too_thin(desk: Desk, needs: list[Profile]) -> list[str]:
    """Needs of too few people to say anything about, named with their number."""
    thin = [need for need in needs if 0 < need.people < TOO_FEW][:4]
    return [desk.claim(f"{named(need)}: {desk.many(need.hurts)}.") for need in thin]


def evidence(desk: Desk) -> Section:
    """All quotes that a claim rests on, for and against, and those that a stated number was read from."""
    counter = {quote for claim in desk.claims.values() for quote in claim.counter_quote_ids}
    only_against = {
        quote
        for quote in counter
        if not any(quote in claim.quote_ids for claim in desk.claims.values() if not claim.counter_quote_ids)
    }
    cited = [quote for quote in desk.quotes if quote in _cited(desk)]
    supporting = tuple(quote for quote in cited if quote not in only_against)
    opposing = tuple(quote for quote in cited if quote in only_against)
    blocks: list[QuotesBlock | TextBlock] = []
    if supporting:
        blocks.append(QuotesBlock(lead="For", quote_ids=supporting))
    if opposing:
        blocks.append(QuotesBlock(lead="Against", quote_ids=opposing))
    # Those of them that no number refers to leave with everything else that nothing shows (`assemble.tidy`).
    if others := tuple(quote for quote in desk.quotes if quote not in cited):
        blocks.append(QuotesBlock(lead="Where single numbers were read", quote_ids=others))
    if not cited:
        blocks.append(TextBlock(text="No record of the scope speaks of this."))
    return Section(id="evidence", title="Evidence", blocks=tuple(blocks))


def _cited(desk: Desk) -> set[str]:
    return {quote for claim in desk.claims.values() for quote in (*claim.quote_ids, *claim.counter_quote_ids)}


def assumptions(desk: Desk) -> ClaimsBlock | None:
    """Everything the draft states without evidence, as a list."""
    ids = tuple(name for name, claim in desk.claims.items() if claim.stance is Stance.assumption)
    return ClaimsBlock(claim_ids=ids, style="list") if ids else None


def with_assumptions(desk: Desk, sections: list[Section]) -> list[Section]:
    """The sections with one that lists what the draft takes for granted, before the evidence; as they are where there is one."""
    listed = assumptions(desk)
    if listed is None or any(section.id == "assumptions" for section in sections):
        return sections
    own = Section(id="assumptions", title="Assumptions", blocks=(listed,))
    place = next((at for at, section in enumerate(sections) if section.id == "evidence"), len(sections))
    return [*sections[:place], own, *sections[place:]]
