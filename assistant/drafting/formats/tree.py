"""A draft as a tree of paragraphs, lists and tables: the one form that Markdown, HTML and DOCX are made from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from assistant.domain.draft import (
    PLACEHOLDER,
    Block,
    Claim,
    ClaimsBlock,
    Criterion,
    DecisionBlock,
    Draft,
    MetricBlock,
    QuestionBlock,
    QuotesBlock,
    RequirementBlock,
    RiskBlock,
    ScoreBlock,
    Section,
    Stance,
    StoryBlock,
    TableBlock,
    TextBlock,
)
from assistant.domain.fact import Fact, Measure
from assistant.domain.finding import Verdict
from assistant.drafting.formats.describe import bounded_by, describe
from assistant.drafting.formats.findings import finding_nodes
from assistant.drafting.formats.nodes import (
    Cite,
    Code,
    Heading,
    Items,
    Node,
    Number,
    Paragraph,
    QuoteEntry,
    Span,
    Spans,
    Table,
    Text,
)

_LABELS = {
    Stance.assumption: "assumption",
    Stance.target: "target, proposed",
    Stance.contradicted: "contradicted",
}


def tree(draft: Draft, behind: Mapping[str, tuple[str, ...]] | None = None) -> list[Node]:
    """All nodes of a draft in reading order, with the check strip on top, the numbers and the findings at the end.

    Args:
        behind: fact id → names of its queries, where the same file shows their records.
    """
    return [
        Heading(1, spans(draft, draft.title)),
        Paragraph(_byline(draft), "byline"),
        *([Paragraph(_strip(draft), "strip")] if draft.report else []),
        *(node for section in draft.sections for node in _section(draft, section)),
        *_numbers(draft, behind),
        *_how(draft),
        *finding_nodes(draft),
    ]


def spans(draft: Draft, text: str, style: str = "plain") -> Spans:
    """A text with its placeholders filled."""
    parts: list[Span] = []
    position = 0
    for match in PLACEHOLDER.finditer(text):
        if match.start() > position:
            parts.append(Text(text[position : match.start()], style))
        name = match.group(1)
        if name in draft.facts:
            parts.append(Number(name, draft.facts[name].display))
        elif name in draft.quotes:
            parts.append(Cite(name, draft.quotes[name].text))
        else:
            parts.append(Text(match.group(), style))
        position = match.end()
    if position < len(text):
        parts.append(Text(text[position:], style))
    return tuple(parts)


def plain(draft: Draft, text: str) -> str:
    """A text with its facts filled, as plain words; quotes stand in quotation marks."""
    return "".join(f"“{part.text}”" if isinstance(part, Cite) else part.text for part in spans(draft, text))


def _byline(draft: Draft) -> Spans:
    as_of = next((fact.as_of for fact in draft.facts.values() if fact.as_of), None)
    parts = [f"Version {draft.version}", draft.status.value]
    if draft.brief:
        parts.append(f"brief: “{draft.brief}”")
    if as_of:
        parts.append(f"evidence as of {as_of.date().isoformat()}")
    parts.append(f"written by {draft.provenance.writer}")
    return (Text(" · ".join(parts), "em"),)


def _strip(draft: Draft) -> Spans:
    report = draft.report
    if report is None:
        return ()
    names = {
        "claims_supported": "claims supported",
        "quotes_verified": "quotes verified",
        "numbers_recomputed": "numbers recomputed",
        "criteria_parsed": "criteria parsed",
    }
    counts = " · ".join(
        f"{label} {report.counts[name].ok}/{report.counts[name].total}"
        for name, label in names.items()
        if name in report.counts and report.counts[name].total
    )
    verdict = "Ready" if report.verdict is Verdict.ready else report.verdict.value.capitalize()
    told = draft.stale_reason or counts
    return (Text(verdict, "strong"), Text(f" · {told}" if told else ""))


def _section(draft: Draft, section: Section) -> Iterator[Node]:
    yield Heading(section.level, spans(draft, section.title))
    for kind, group in groupby(section.blocks, key=lambda block: block.type):
        blocks = list(group)
        if kind in _GROUPED:
            yield _GROUPED[kind](draft, blocks)
        else:
            for block in blocks:
                yield from block_nodes(draft, block)


def block_nodes(draft: Draft, block: Block) -> Iterator[Node]:
    """The nodes of one block that isn't shown as a row of a table."""
    if isinstance(block, TextBlock):
        yield Paragraph(spans(draft, block.text))
    elif isinstance(block, ClaimsBlock):
        yield from _claims(draft, block)
    elif isinstance(block, StoryBlock):
        yield from _story(draft, block)
    elif isinstance(block, TableBlock):
        yield Table(
            tuple(spans(draft, cell) for cell in block.header),
            tuple(tuple(spans(draft, cell) for cell in row) for row in block.rows),
        )
    elif isinstance(block, DecisionBlock):
        yield Paragraph(
            (Text(f"{block.id} ", "strong"), *spans(draft, block.text), *_proof(draft, block.claim_ids))
        )
    elif isinstance(block, ScoreBlock):
        inputs = ", ".join(f"{name} {value}" for name, value in block.inputs.items())
        yield Paragraph(spans(draft, f"{block.name}: {block.value} ({inputs})"))
    elif isinstance(block, QuotesBlock):
        if block.lead:
            yield Heading(3, (Text(block.lead),))
        yield from (QuoteEntry(quote_id) for quote_id in block.quote_ids if quote_id in draft.quotes)


def _claims(draft: Draft, block: ClaimsBlock) -> Iterator[Node]:
    sentences = [claim_spans(draft, draft.claims[name]) for name in block.claim_ids if name in draft.claims]
    if block.style == "list":
        if block.lead:
            yield Paragraph((Text(block.lead, "strong"),))
        yield Items(tuple(sentences))
        return
    joined: list[Span] = [Text(f"{block.lead} ", "strong")] if block.lead else []
    for place, sentence in enumerate(sentences):
        joined.extend([Text(" "), *sentence] if place else sentence)
    yield Paragraph(tuple(joined))


def claim_spans(draft: Draft, claim: Claim) -> Spans:
    """A claim with its citations, and its label where it isn't supported."""
    shown = spans(draft, claim.text)
    inline = {part.quote_id for part in shown if isinstance(part, Cite)}
    more = [Cite(quote) for quote in claim.quote_ids if quote not in inline]
    against = [
        Cite(quote)
        for quote in claim.counter_quote_ids
        if quote not in inline and quote not in claim.quote_ids
    ]
    tail: list[Span] = []
    for cite in more:
        tail += [Text(" "), cite]
    if against:
        tail.append(Text(" against "))
        for place, cite in enumerate(against):
            tail += [Text(" "), cite] if place else [cite]
    if claim.stance in _LABELS:
        tail += [Text(" "), Text(f"({_LABELS[claim.stance]})", "em")]
    return (*shown, *tail)


def _proof(draft: Draft, claim_ids: Iterable[str]) -> Spans:
    """The citations of the claims that something rests on."""
    quotes = dict.fromkeys(
        quote
        for name in claim_ids
        if name in draft.claims
        for quote in draft.claims[name].quote_ids
        if quote in draft.quotes
    )
    return tuple(part for quote in quotes for part in (Text(" "), Cite(quote)))


def _story(draft: Draft, story: StoryBlock) -> Iterator[Node]:
    yield Heading(3, (Text(f"{story.id} · "), *spans(draft, story.title)))
    for name in story.claim_ids:
        if name in draft.claims:
            yield Paragraph((Text("Rests on: ", "strong"), *claim_spans(draft, draft.claims[name])), "basis")
    benefit = story.benefit.rstrip(".")
    yield Paragraph(
        (
            Text(f"As {article(story.role)} "),
            *spans(draft, story.role, "strong"),
            Text(", I want "),
            *spans(draft, story.want, "strong"),
            *_assumed(story, "want"),
            Text(", so that "),
            *spans(draft, benefit, "strong"),
            *_assumed(story, "benefit"),
            Text("."),
        ),
        "story",
    )
    if story.criteria:
        yield Code(gherkin(draft, story.criteria), "gherkin")
    notes = [
        note
        for note in (
            story.size_hint,
            f"Depends on: {', '.join(story.depends_on)}." if story.depends_on else "",
        )
        if note
    ]
    if notes:
        yield Paragraph(spans(draft, " ".join(notes)))


def article(noun: str) -> str:
    """`a` or `an`, by the first letter."""
    return "an" if noun[:1].casefold() in "aeiou" else "a"


def _assumed(story: StoryBlock, part: str) -> Spans:
    return (Text(" "), Text("(assumption)", "em")) if part in story.assumptions else ()


def gherkin(draft: Draft, criteria: Iterable[Criterion]) -> str:
    """Scenarios as Gherkin, without a feature line."""
    lines: list[str] = []
    for criterion in criteria:
        lines.append(f"Scenario: {_one_line(plain(draft, criterion.title))}")
        for keyword, steps in (
            ("Given", criterion.given),
            ("When", criterion.when),
            ("Then", criterion.then),
        ):
            for place, step in enumerate(steps):
                lines.append(f"  {keyword if place == 0 else 'And'} {_one_line(plain(draft, step))}")
        if criterion.note:
            lines.append(f"  # {_one_line(criterion.note)}")
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _metrics(draft: Draft, blocks: list[MetricBlock]) -> Table:
    rows = []
    for block in blocks:
        baseline = (
            (Text("unknown", "em"), Text(" (assumption: not in the evidence)", "em"))
            if block.baseline == "unknown"
            else spans(draft, block.baseline)
        )
        target = block.target if block.unit in block.target else f"{block.target} {block.unit}".strip()
        cells = (block.id, block.name, baseline, target, block.window, block.guardrail or "—")
        rows.append(tuple(spans(draft, cell) if isinstance(cell, str) else cell for cell in cells))
    return Table(
        _head("", "metric", "baseline", "target (proposed, yours to set)", "window", "guardrail"), tuple(rows)
    )


def _requirements(draft: Draft, blocks: list[RequirementBlock]) -> Table:
    rows = []
    for block in blocks:
        origin = ", ".join((*block.story_ids, *block.claim_ids)) or "—"
        reason = f" — {block.reason}" if block.reason else ""
        note = (
            (Text(" "), Text("(bound proposed)", "em"))
            if block.bound_proposed and "proposed" not in block.reason
            else ()
        )
        rows.append(
            (
                (Text(block.id),),
                spans(draft, block.text),
                (Text(origin), *_proof(draft, block.claim_ids)),
                (Text(block.priority.value), *spans(draft, reason), *note),
            )
        )
    return Table(_head("id", "requirement", "from", "priority"), tuple(rows))


def _head(*cells: str) -> tuple[Spans, ...]:
    return tuple((Text(cell),) for cell in cells)


def _questions(draft: Draft, blocks: list[QuestionBlock]) -> Items:
    items = []
    for block in blocks:
        ask: Spans = (Text(" → ask "), *spans(draft, block.ask)) if block.ask else ()
        why = tuple(
            part
            for name in block.claim_ids
            if name in draft.claims
            for part in (Text(" "), *claim_spans(draft, draft.claims[name]))
        )
        items.append((*spans(draft, block.text), *ask, *((Text("."), *why) if why else ())))
    return Items(tuple(items), ordered=True)


def _risks(draft: Draft, blocks: list[RiskBlock]) -> Items:
    items = []
    for block in blocks:
        cure: Spans = (Text(" "), *spans(draft, block.mitigation)) if block.mitigation else ()
        items.append((*spans(draft, block.text, "strong"), *cure, *_proof(draft, block.claim_ids)))
    return Items(tuple(items))


_GROUPED: dict[str, Callable[[Draft, list[Any]], Node]] = {
    "metric": _metrics,
    "requirement": _requirements,
    "question": _questions,
    "risk": _risks,
}


def _numbers(draft: Draft, behind: Mapping[str, tuple[str, ...]] | None) -> list[Node]:
    if not draft.facts:
        return []
    rows: list[tuple[Spans, ...]] = []
    for fact in sorted(draft.facts.values(), key=lambda fact: int(fact.id[1:])):
        row: tuple[Spans, ...] = ((Number(fact.id, fact.id),), (Text(fact.display),), _counting(draft, fact))
        rows.append(row if behind is None else (*row, _behind(behind[fact.id])))
    head = _head("id", "value", "how it is counted", *([] if behind is None else ["records"]))
    return [Heading(2, (Text("Numbers"),)), Table(head, tuple(rows), "numbers")]


def _counting(draft: Draft, fact: Fact) -> Spans:
    quote = fact.param.split(":")[0]
    if fact.measure is Measure.stated and quote in draft.quotes:
        return (Text("stated by a customer, in quote "), Cite(quote))
    bounded = bounded_by(draft, fact)
    if bounded:
        names = [part for one in bounded for part in (Text(", "), Number(one, one))][1:]
        return (Text("a bound of the query of "), *names)
    return (Text(describe(fact, draft.selections)),)


def _behind(names: tuple[str, ...]) -> Spans:
    """Links to the records that are counted, and to those that they are a part of or compared with."""
    if not names:
        return (Text("—"),)
    first, *others = names
    spans: list[Span] = [Number(first, first)]
    for place, name in enumerate(others):
        spans += [Text(", " if place else " beside "), Number(name, name)]
    return tuple(spans)


def _how(draft: Draft) -> list[Node]:
    """What was taken out, by place only: the refused words themselves have no place in a document."""
    places = list(dict.fromkeys(item.where for item in draft.provenance.removed))
    if not places:
        return []
    told = f"Not proven, so not said here: a wording of {', '.join(places)}. The JSON of this draft has the words and the reasons."
    return [Heading(2, (Text("Removed wordings"),)), Paragraph((Text(told),))]
