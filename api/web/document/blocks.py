"""The sections of a draft as HTML, block by block; what stands against a block stands under it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from markupsafe import escape

from api.web.document.sentences import Shown, filled, passage, proof, sentence
from assistant.domain.draft import (
    Block,
    ClaimsBlock,
    Criterion,
    MetricBlock,
    QuestionBlock,
    QuotesBlock,
    RequirementBlock,
    RiskBlock,
    Section,
    StoryBlock,
    TableBlock,
)
from assistant.drafting.editing.addresses import block_name
from assistant.drafting.formats.to_markdown import quote_anchor

Named = tuple[str, Any]
"""A block with its target."""


def blocks(shown: Shown, section: Section, beside: Callable[[list[str]], str]) -> str:
    """The blocks of a section. Args: beside: what is said about targets, as HTML."""
    named: list[Named] = [
        (block_name(section.id, place, block), block) for place, block in enumerate(section.blocks, start=1)
    ]
    parts: list[str] = []
    for kind, group in groupby(named, key=lambda one: one[1].type):
        held = list(group)
        if kind in _GROUPED:
            parts += [_GROUPED[kind](shown, held), beside([t for one in held for t in _targets(*one)])]
        else:
            for name, block in held:
                parts += [*_block(shown, name, block), beside(_targets(name, block))]
    return "".join(parts)


def _targets(name: str, block: Block) -> list[str]:
    return [name, *getattr(block, "claim_ids", ()), *getattr(block, "quote_ids", ())]


def _block(shown: Shown, name: str, block: Any) -> Iterator[str]:
    if isinstance(block, ClaimsBlock):
        yield _claims(shown, name, block)
    elif isinstance(block, StoryBlock):
        yield from _story(shown, name, block)
    elif isinstance(block, TableBlock):
        heads = [passage(shown, f"{name}.header.{at}", one) for at, one in enumerate(block.header, 1)]
        rows = [
            [passage(shown, f"{name}.rows.{row}.{at}", one) for at, one in enumerate(cells, 1)]
            for row, cells in enumerate(block.rows, 1)
        ]
        yield _table(heads, [("", cells) for cells in rows])
    elif isinstance(block, QuotesBlock):
        yield from _quotes(shown, name, block)
    elif block.type == "text":
        yield f'<p dir="auto">{passage(shown, f"{name}.text", block.text)}</p>'
    elif block.type == "decision":
        words = passage(shown, f"{name}.text", block.text, spans_of=name)
        about = proof(shown, block.claim_ids)
        yield f'<p dir="auto" id="{escape(name)}"><strong>{escape(block.id)}</strong> {words}{about}</p>'
    elif block.type == "score":
        inputs = ", ".join(
            f"{escape(one)} {passage(shown, f'{name}.inputs.{one}', value)}"
            for one, value in block.inputs.items()
        )
        words = passage(shown, f"{name}.name", block.name)
        yield f'<p dir="auto" id="{escape(name)}">{words}: {passage(shown, f"{name}.value", block.value)} ({inputs})</p>'


def _claims(shown: Shown, name: str, block: ClaimsBlock) -> str:
    held = [one for one in block.claim_ids if one in shown.draft.claims]
    lead = f"<strong>{passage(shown, f'{name}.lead', block.lead)}</strong>" if block.lead else ""
    if block.style == "list":
        items = "".join(f'<li dir="auto">{sentence(shown, one)}</li>' for one in held)
        return (f'<p dir="auto">{lead}</p>' if lead else "") + f"<ul>{items}</ul>"
    return f'<p dir="auto">{" ".join(filter(None, [lead, *(sentence(shown, one) for one in held)]))}</p>'


def _story(shown: Shown, name: str, story: StoryBlock) -> Iterator[str]:
    yield f'<h3 id="{escape(name)}">{escape(story.id)} · {passage(shown, f"{name}.title", story.title)}</h3>'
    for one in story.claim_ids:
        if one in shown.draft.claims:
            yield f'<p class="basis" dir="auto"><strong>Rests on:</strong> {sentence(shown, one)}</p>'

    def part(name_of: str, text: str) -> str:
        mark = " <em>(assumption)</em>" if name_of in story.assumptions else ""
        return f"<strong>{passage(shown, f'{name}.{name_of}', text)}</strong>{mark}"

    article = "an" if story.role[:1].casefold() in "aeiou" else "a"
    yield (
        f'<p class="story" dir="auto" data-block="{escape(name)}">As {article} {part("role", story.role)}, '
        f"I want {part('want', story.want)}, so that {part('benefit', story.benefit.rstrip('.'))}.</p>"
    )
    if story.criteria:
        lines = "\n".join(
            line
            for place, one in enumerate(story.criteria, 1)
            for line in _scenario(shown, f"{name}.criteria.{place}", one)
        )
        yield f'<pre class="gherkin"><code>{lines}</code></pre>'
    more = [passage(shown, f"{name}.size_hint", story.size_hint)] if story.size_hint else []
    if story.depends_on:
        more.append(f"Depends on: {escape(', '.join(story.depends_on))}.")
    if more:
        yield f'<p dir="auto">{" ".join(more)}</p>'


def _scenario(shown: Shown, name: str, one: Criterion) -> Iterator[str]:
    yield f"Scenario: {passage(shown, f'{name}.title', _line(one.title))}"
    for word, steps in (("given", one.given), ("when", one.when), ("then", one.then)):
        for place, step in enumerate(steps, 1):
            keyword = word.capitalize() if place == 1 else "And"
            yield f"  {keyword} {passage(shown, f'{name}.{word}.{place}', _line(step))}"
    if one.note:
        yield f"  # {passage(shown, f'{name}.note', _line(one.note))}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _quotes(shown: Shown, name: str, block: QuotesBlock) -> Iterator[str]:
    if block.lead:
        yield f"<h3>{passage(shown, f'{name}.lead', block.lead)}</h3>"
    for one in block.quote_ids:
        if one not in shown.draft.quotes:
            continue
        quote = shown.draft.quotes[one]
        said = quote.said_at.date().isoformat() if quote.said_at else ""
        source = " · ".join(filter(None, [quote.source.replace("_", " "), said, quote.anchor or ""]))
        yield (
            f'<figure class="quote" id="{escape(quote_anchor(one))}"><blockquote dir="auto"><mark>{escape(quote.text)}</mark>'
            f"</blockquote><figcaption><b>{escape(one)}</b> {escape(source)} "
            f'<a class="place" href="{escape(shown.link(one))}">open the record</a></figcaption></figure>'
        )


def _metrics(shown: Shown, held: Sequence[Named]) -> str:
    rows = []
    for name, block in held:
        one: MetricBlock = block
        baseline = (
            "<em>unknown</em> <em>(assumption: not in the evidence)</em>"
            if one.baseline == "unknown"
            else passage(shown, f"{name}.baseline", one.baseline)
        )
        unit = "" if one.unit in one.target else f" {escape(one.unit)}"
        rows.append(
            (
                name,
                [
                    str(escape(one.id)),
                    passage(shown, f"{name}.name", one.name),
                    baseline,
                    passage(shown, f"{name}.target", one.target) + unit,
                    passage(shown, f"{name}.window", one.window),
                    passage(shown, f"{name}.guardrail", one.guardrail or "—"),
                ],
            )
        )
    return _table(["", "metric", "baseline", "target (proposed, yours to set)", "window", "guardrail"], rows)


def _requirements(shown: Shown, held: Sequence[Named]) -> str:
    rows = []
    for name, block in held:
        one: RequirementBlock = block
        origin = ", ".join((*one.story_ids, *one.claim_ids)) or "—"
        proposed = one.bound_proposed and "proposed" not in one.reason
        reason = f" — {passage(shown, f'{name}.reason', one.reason)}" if one.reason else ""
        words = passage(shown, f"{name}.text", one.text, spans_of=name)
        rows.append(
            (
                name,
                [
                    str(escape(one.id)),
                    words,
                    f"{escape(origin)}{proof(shown, one.claim_ids)}",
                    f"{escape(one.priority.value)}{reason}{' <em>(bound proposed)</em>' if proposed else ''}",
                ],
            )
        )
    return _table(["id", "requirement", "from", "priority"], rows)


def _questions(shown: Shown, held: Sequence[Named]) -> str:
    items = []
    for name, block in held:
        one: QuestionBlock = block
        ask = f" → ask {passage(shown, f'{name}.ask', one.ask)}" if one.ask else ""
        why = " ".join(sentence(shown, claim) for claim in one.claim_ids if claim in shown.draft.claims)
        words = passage(shown, f"{name}.text", one.text, spans_of=name)
        items.append(f'<li dir="auto" id="{escape(name)}">{words}{ask}{f". {why}" if why else ""}</li>')
    return f"<ol>{''.join(items)}</ol>"


def _risks(shown: Shown, held: Sequence[Named]) -> str:
    items = []
    for name, block in held:
        one: RiskBlock = block
        cure = f" {passage(shown, f'{name}.mitigation', one.mitigation)}" if one.mitigation else ""
        words = passage(shown, f"{name}.text", one.text, spans_of=name)
        about = proof(shown, one.claim_ids)
        items.append(f'<li dir="auto" id="{escape(name)}"><strong>{words}</strong>{cure}{about}</li>')
    return f"<ul>{''.join(items)}</ul>"


_GROUPED: dict[str, Callable[[Shown, Sequence[Named]], str]] = {
    "metric": _metrics,
    "requirement": _requirements,
    "question": _questions,
    "risk": _risks,
}


def _table(heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    # A heading without words is announced as nothing; a wide table is scrolled by keyboard once it can have the focus.
    head = "".join(f"<th>{one}</th>" if one else "<td></td>" for one in heads)
    body = "".join(
        f"<tr{f' id={chr(34)}{escape(name)}{chr(34)}' if name else ''}>"
        f"{''.join(f'<td>{one}</td>' for one in cells)}</tr>"
        for name, cells in rows
    )
    return f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def title(shown: Shown, section: Section) -> str:
    """The heading of a section."""
    words = passage(shown, f"section:{section.id}.title", section.title)
    return f'<h{section.level} id="h-{escape(section.id)}">{words}</h{section.level}>'


def heading(shown: Shown) -> str:
    """The title of the draft."""
    return f'<span data-target="draft.title">{filled(shown, shown.draft.title)}</span>'
