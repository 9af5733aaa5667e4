"""The extractive writer: sections from evidence by rule, with no model. Plain and right rather than fluent and empty."""

from assistant.domain.draft import ClaimsBlock, QuestionBlock, Section, TextBlock
from assistant.drafting.closing import evidence, questions
from assistant.drafting.desk import Desk
from assistant.drafting.insight import insight_sections
from assistant.drafting.needs import Landscape
from assistant.drafting.paragraphs import named, reach, what_fails, who_has_it
from assistant.drafting.prd import prd_sections
from assistant.drafting.profile import TOO_FEW, needs_of, profile
from assistant.drafting.stored import Stored
from assistant.drafting.stories import write_stories
from assistant.workbench import Workbench
from prompts.loader import Prompt

_BASIS = 3
"""Needs that the first section tells of, where there is no brief."""


def extract(
    bench: Workbench,
    desk: Desk,
    landscape: Landscape,
    spec: Prompt,
    brief: str,
    limit: int,
    stored: Stored | None = None,
) -> tuple[str, list[Section]]:
    """Write the sections of a kind. Returns: title (may hold placeholders) and sections in the kind's order.

    Args: stored: where the landscape is of stored themes.
    """
    if spec.layout == "prd":
        return prd_sections(bench, desk, landscape, brief, limit)
    if spec.layout == "insight_summary":
        return insight_sections(bench, desk, landscape, brief, limit, stored)
    return _story_sections(desk, landscape, brief, limit)


def _story_sections(desk: Desk, landscape: Landscape, brief: str, limit: int) -> tuple[str, list[Section]]:
    needs = needs_of(desk, landscape.groups, brief, landscape.keywords, limit)
    basis = [
        ClaimsBlock(claim_ids=(*reach(desk, need), *who_has_it(desk, need), *what_fails(desk, need)))
        for need in needs[:_BASIS]
    ]
    written = write_stories(desk, needs, limit)
    blocks = tuple(block for block, _ in written) or (
        TextBlock(text="No need is named by enough people for a story."),
    )
    asked: tuple[QuestionBlock, ...] = tuple(questions(desk, needs[:_BASIS]))
    sections = [
        Section(id="basis", title="What they rest on", blocks=tuple(basis)),
        Section(id="stories", title="Stories", blocks=blocks),
    ]
    if asked:
        sections.append(Section(id="questions", title="Open questions", blocks=asked))
    sections.append(evidence(desk))
    return f"User stories: {brief or 'what people ask for'}", sections


def too_little(desk: Desk, landscape: Landscape, spec: Prompt, brief: str) -> tuple[str, list[Section]]:
    """The honest answer where fewer than three people speak of the brief: how many, what they say, what to do."""
    claims: list[str] = []
    if landscape.groups:
        topic = profile(desk, landscape.groups, brief, landscape.keywords)
        say = desk.verb(topic.about, "speaks", "speak")
        known = f"{desk.many(topic.about)} {say} of {named(topic)}"
        if desk.how_many(topic.about) >= TOO_FEW:
            known = f"among the {desk.many(None)} in the scope, no need is named by enough of them"
        quotes = [
            desk.quote(saying.sentences[0])
            for saying in [*topic.sayings, *topic.praise][:TOO_FEW]
            if saying.usable and saying.sentences
        ]
        claims.append(desk.claim(f"Not enough evidence: {known}.", quotes=quotes))
    else:
        zero = desk.book.fact(desk.counts, desk.book.nobody())
        text = (
            f"Not enough evidence: of the {desk.many(None)} in the scope, {zero} were found to speak of it."
        )
        claims.append(desk.claim(text))
    question = QuestionBlock(
        id="OQ-1",
        text="Do you have this need? When did you last have it, and what did you do?",
        ask="customers of the segment the brief is for, before anything is written",
    )
    first = spec.sections[0]
    sections = [
        Section(id=first.id, title=first.title, blocks=(ClaimsBlock(claim_ids=tuple(claims)),)),
        Section(id="questions", title="Open questions", blocks=(question,)),
        evidence(desk),
    ]
    return f"{spec.title}: {brief}" if brief else spec.title, sections
