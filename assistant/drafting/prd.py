"""The PRD: from the problem with its evidence to requirements that can be traced back to it."""

import re
from datetime import timedelta

from assistant.domain.draft import (
    ClaimsBlock,
    MetricBlock,
    Priority,
    QuestionBlock,
    RequirementBlock,
    RiskBlock,
    Section,
    StoryBlock,
    TextBlock,
)
from assistant.domain.fact import FactFilter, Measure
from assistant.drafting.closing import assumptions, competitors, evidence, questions
from assistant.drafting.criteria import article
from assistant.drafting.desk import Desk
from assistant.drafting.facts import narrow
from assistant.drafting.needs import Landscape
from assistant.drafting.paragraphs import (
    against,
    contradiction,
    how_large,
    named,
    reach,
    variant_gap,
    what_fails,
    what_it_costs,
    who_has_it,
    window,
)
from assistant.drafting.profile import TOO_FEW, Facet, Profile, needs_of, profile
from assistant.drafting.seeds import Seed
from assistant.drafting.sizes import stated_size
from assistant.drafting.stories import parked_wishes, write_stories
from assistant.workbench import Workbench

_STORIES = 5
_RECENT_DAYS = 28
_BOUNDS = {"timeout": ("120", "s"), "empty": ("120", "s"), "slow": ("2", "s"), "late": ("60", "s")}
"""Symptom → proposed bound and unit of the non-functional requirement."""


def prd_sections(
    bench: Workbench, desk: Desk, landscape: Landscape, brief: str, limit: int
) -> tuple[str, list[Section]]:
    """Title and sections. What is on the topic is one problem; without a brief it is the need of most people."""
    topic = needs_of(desk, landscape.groups, brief, landscape.keywords, 1)[0]
    beside = [profile(desk, [group]) for group in landscape.beside]
    problem = _problem(desk, topic)
    who = _who(desk, topic, beside)
    stories = write_stories(desk, [topic], min(limit, _STORIES))
    sections = [
        problem,
        who,
        _goals(desk, topic),
        _non_goals(desk, topic, beside, stories),
        Section(
            id="stories",
            title="Stories",
            blocks=tuple(block for block, _ in stories)
            or (_nothing("No need is named by enough people for a story."),),
        ),
        _requirements(desk, topic, stories),
        _against(desk, topic),
    ]
    if section := competitors(bench, desk, brief or topic.label):
        sections.append(section)
    asked = questions(desk, [topic])
    asked += _bound_question(desk, topic, len(asked) + 1)
    sections += [
        _risks(desk, topic),
        Section(
            id="questions",
            title="Open questions",
            blocks=tuple(asked)
            or (_nothing("The evidence leaves no question that stands out; ask whether the targets hold."),),
        ),
    ]
    listed = assumptions(desk)
    sections.append(
        Section(
            id="assumptions",
            title="Assumptions",
            blocks=(listed,) if listed else (_nothing("None beyond the proposed targets."),),
        )
    )
    sections.append(evidence(desk))
    return f"PRD: {brief or topic.label}", sections


def _bound_question(desk: Desk, topic: Profile, number: int) -> list[QuestionBlock]:
    """Whether the largest size that anybody named is the right bound."""
    size = stated_size(desk, topic.sayings)
    if not size:
        return []
    text = f"Is {size}, the largest size that anybody names, the right bound, or must more be possible?"
    return [
        QuestionBlock(
            id=f"OQ-{number}",
            text=text,
            ask="those who named a size",
            claim_ids=tuple(how_large(desk, topic)),
        )
    ]


def _nothing(text: str) -> TextBlock:
    return TextBlock(text=text)


def _problem(desk: Desk, topic: Profile) -> Section:
    first = contradiction(desk, topic) or reach(desk, topic)
    blocks = [ClaimsBlock(claim_ids=tuple(first))]
    if detail := [*what_fails(desk, topic), *how_large(desk, topic)]:
        blocks.append(ClaimsBlock(claim_ids=tuple(detail)))
    if cost := [*what_it_costs(desk, topic), *_why_now(desk, topic)]:
        blocks.append(ClaimsBlock(claim_ids=tuple(cost)))
    return Section(id="problem", title="Problem", blocks=tuple(blocks))


def _why_now(desk: Desk, topic: Profile) -> list[str]:
    if topic.trend.direction != "growing":
        return []
    scope = window(desk, topic)
    share = desk.share(FactFilter(scope=scope, selection=topic.hurts), FactFilter(scope=scope))
    text = f"Why now: since then {share} of everyone who wrote has written about this"
    span = desk.book.span()
    if span is None:
        return [desk.claim(f"{text}.")]
    recent = span[1] - timedelta(days=_RECENT_DAYS)
    days = desk.book.constant(recent.date().isoformat())
    return [
        desk.claim(
            f"{text}, {desk.many(topic.hurts, narrow(desk.book.scope, since=recent))} since {days} alone."
        )
    ]


def _who(desk: Desk, topic: Profile, beside: list[Profile]) -> Section:
    claims = who_has_it(desk, topic)
    if not claims:
        claims = [
            desk.claim(
                f"The {desk.many(topic.hurts)} who report it have no segment in common that stands out."
            )
        ]
    blocks = [ClaimsBlock(claim_ids=tuple(claims), lead="For:")]
    others = [need for need in beside if need.people >= TOO_FEW][:1]
    if others:
        text = [
            desk.claim(f"{desk.many(need.hurts)} who write about {named(need)} have another need.")
            for need in others
        ]
        blocks.append(ClaimsBlock(claim_ids=tuple(text), lead="Not for:"))
    return Section(id="who", title="Who — and who not", blocks=tuple(blocks))


def _goals(desk: Desk, topic: Profile) -> Section:
    span = desk.book.span()
    scope = window(desk, topic)
    if scope.since is None and span:
        scope = narrow(scope, since=span[0], until=span[1])
    rate = desk.book.fact(Measure.per_week, topic.hurts, scope)
    blocks: list[MetricBlock | ClaimsBlock] = [
        MetricBlock(
            id="G-1",
            name=f"reports a week about {named(topic)}",
            baseline=rate,
            target="a quarter of the baseline",
            unit="reports per week",
            window="4 weeks, from the second week after release",
            guardrail="reports about everything else don't increase",
        )
    ]
    # «Attempts that end with a complete result» and «attempts that succeed», both 99.5 %, are one goal said twice.
    apart: dict[tuple[str, str], Facet] = {}
    for facet in topic.marked:
        apart.setdefault((facet.symptom.measure.split()[0], facet.symptom.target), facet)
    facets = list(apart.values())[:2]
    for facet in facets:
        blocks.append(
            MetricBlock(
                id=f"G-{len(blocks) + 1}",
                name=facet.symptom.measure,
                baseline="unknown",
                target=facet.symptom.target,
                unit=facet.symptom.unit,
                window="30 days after release",
                guardrail="no other part becomes slower (95th percentile)",
            )
        )
    if facets:
        missing = desk.assume(
            "What is measured in the product today isn't in the evidence; log it before the release to have a baseline."
        )
        blocks.append(ClaimsBlock(claim_ids=(missing,)))
    return Section(id="goals", title="Goals", blocks=tuple(blocks))


def _non_goals(
    desk: Desk, topic: Profile, beside: list[Profile], stories: list[tuple[StoryBlock, Seed]]
) -> Section:
    """Wishes inside the topic that no story answers, then the nearest needs outside it."""
    others = [need for need in beside if need.people][1:3]
    claims = parked_wishes(desk, topic, stories)
    claims += [
        desk.claim(
            f"{need.label[:1].upper()}{need.label[1:]}: {desk.many(need.hurts)}, parked as a need of its own."
        )
        for need in others
    ]
    if not claims:
        claims = [desk.assume("Anything that the stories below don't name.")]
    return Section(
        id="non_goals", title="Non-goals", blocks=(ClaimsBlock(claim_ids=tuple(claims), style="list"),)
    )


def _requirements(desk: Desk, topic: Profile, stories: list[tuple[StoryBlock, Seed]]) -> Section:
    blocks: list[RequirementBlock] = []
    for story, seed in stories:
        number = sum(1 for block in blocks if block.id.startswith("FR")) + 1
        priority, reason = _priority(desk, topic, seed)
        blocks.append(
            RequirementBlock(
                id=f"FR-{number}",
                text=_shall(story),
                claim_ids=story.claim_ids,
                story_ids=(story.id,),
                priority=priority,
                reason=reason,
            )
        )
        if seed.symptom and seed.family == "done":
            blocks.append(
                RequirementBlock(
                    id=f"FR-{number + 1}",
                    text=f"Where {_what(story)} can't be finished, the system shall see to it that {third_person(story.criteria[1].then[0])}.",
                    claim_ids=story.claim_ids,
                    story_ids=(story.id,),
                    priority=priority,
                    reason=reason,
                )
            )
    for story, seed in stories:
        bound = _BOUNDS.get(seed.symptom.id) if seed.symptom else None
        if bound and not any(block.id.startswith("NFR") for block in blocks):
            blocks.append(
                RequirementBlock(
                    id="NFR-1",
                    text=f"{_what(story)[:1].upper()}{_what(story)[1:]}{_at_size(desk, seed)} shall take at most {bound[0]} {bound[1]} at the 95th percentile.",
                    bound=bound[0],
                    unit=bound[1],
                    bound_proposed=True,
                    claim_ids=story.claim_ids,
                    story_ids=(story.id,),
                    priority=Priority.must if topic.trend.direction == "growing" else Priority.should,
                    reason="bound proposed",
                )
            )
    return Section(
        id="requirements",
        title="Requirements",
        blocks=tuple(blocks) or (_nothing("No requirement can be drawn from so little evidence."),),
    )


def _priority(desk: Desk, topic: Profile, seed: Seed) -> tuple[Priority, str]:
    """By the share of the topic's people that the story is about."""
    share = seed.people / topic.people if topic.people else 0.0
    priority = Priority.must if share >= 0.4 else Priority.should if share >= 0.1 else Priority.could
    return priority, desk.many(seed.selection)


def _at_size(desk: Desk, seed: Seed) -> str:
    size = stated_size(desk, seed.sayings)
    return f" with {size}" if size else ""


def _what(story: StoryBlock) -> str:
    """The want as a noun: `exporting a whole board`."""
    verb, _, rest = story.want.removeprefix("to ").partition(" ")
    if verb in {"have", "be", "see", "get", "rely"} or not verb.isalpha() or " and " in rest:
        return f"what {story.id} asks for"
    return f"{gerund(verb)} {third_person(rest)}"


def gerund(verb: str) -> str:
    """`export` → `exporting`, `use` → `using`, `get` → `getting`."""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return f"{verb[:-1]}ing"
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", verb):
        return f"{verb}{verb[-1]}ing"
    return f"{verb}ing"


def _shall(story: StoryBlock) -> str:
    """The story's want as a shall-sentence in the third person."""
    role = article(story.role)
    for start, verb in (
        ("to have ", "offer"),
        ("to see ", "show"),
        ("to be told ", "tell"),
        ("to get ", "give"),
    ):
        if story.want.startswith(start):
            whom = "" if verb == "offer" else f"{role} "
            return f"The system shall {verb} {whom}{third_person(story.want.removeprefix(start))}."
    return f"The system shall let {role} {third_person(story.want.removeprefix('to '))}."


def _against(desk: Desk, topic: Profile) -> Section:
    claims = [] if topic.split else against(desk, topic)
    if claims:
        claims.append(desk.assume("If what works for them works for those who need it, this could wait."))
        return Section(id="against", title="Against", blocks=(ClaimsBlock(claim_ids=tuple(claims)),))
    zero = desk.book.fact(desk.counts, desk.book.nobody())
    silent = desk.claim(
        f"Of the {desk.many(topic.about)} who speak of it, {zero} say that it works well: the scope holds no counter-evidence."
    )
    if topic.split:
        silent = desk.claim(f"{desk.many(topic.works)} speak well of it; both sides stand under Problem.")
    return Section(id="against", title="Against", blocks=(ClaimsBlock(claim_ids=(silent,)),))


def _risks(desk: Desk, topic: Profile) -> Section:
    blocks: list[RiskBlock] = []

    def add(text: str, mitigation: str, claims: tuple[str, ...] = ()) -> None:
        blocks.append(
            RiskBlock(id=f"R-{len(blocks) + 1}", text=text, mitigation=mitigation, claim_ids=claims)
        )

    if topic.loud:
        add(
            "The accounts that wrote most of the evidence may be alone with the need.",
            "Ask accounts of the same segment that did not write.",
            tuple(who_has_it(desk, topic)[-1:]),
        )
    if topic.split:
        add(
            "The sources disagree; acting on one may hurt those who speak in the other.",
            "Ask both before building.",
        )
    unknown, question = variant_gap(desk, topic)
    if question:
        add(
            "A part of the problem may have another cause, since it isn't said which variant fails.",
            "Reproduce each variant before estimating.",
            tuple(unknown),
        )
    slow = any(facet.symptom.id in {"timeout", "slow", "empty"} for facet in topic.facets[:3])
    if slow:
        add(
            "Longer work in the background may block other people's work.",
            "Limit how much of it runs at once for an account.",
        )
    if topic.trend.direction == "growing":
        add(
            "The change may come from outside the product, such as a browser or a network.",
            "Compare with the release notes and the logs of the weeks around the change.",
        )
    if not blocks:
        add(
            "Those who wrote may not be typical of those who did not.",
            "Check the numbers against product data before committing.",
        )
    return Section(id="risks", title="Risks", blocks=tuple(blocks))


_PERSONS = {
    "i": "they",
    "we": "they",
    "my": "their",
    "our": "their",
    "me": "them",
    "us": "them",
    "am": "are",
    "i'm": "they are",
    "mine": "theirs",
}


def third_person(text: str) -> str:
    """`export my board` → `export their board`."""
    return " ".join(_PERSONS.get(word.casefold().replace("’", "'"), word) for word in text.split())
