"""Each sentence of the brief is kept, changed or deferred somewhere in the draft, and no story is about something else."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from assistant.domain.finding import Finding, Severity
from assistant.domain.text import sentences
from evals.grader import Grader
from evals.language.bounds import Bound, bounds
from evals.reading.concepts import Ask, asks, concepts
from evals.reading.prose import blank_placeholders, places, stories
from evals.sample import with_block
from evals.view import EvidenceView, abstains

_NAME = "brief_coverage"
_KEPT = 1 / 3
_KEPT_OF_MANY = 1 / 2
"""Share of a sentence's concepts that the draft must speak of; of one sentence of several, in one place."""
_KNOWN = 2 / 5
"""Share of a wish's concepts up to which it counts as about something else. Words as common as `network` or `progress` occur in any large
evidence; at one half, one honest draft in thirteen is advised, at two fifths one in sixty."""
_LEAST = 3
"""Concepts that a wish needs before their absence everywhere proves that nobody asked for it."""


def brief_coverage(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a story or requirement none of whose words, nor other names of the same things, occurs in brief, quotes or claims.

    It blocks from three concepts on, and advises on two, or where at most two fifths of them occur. Wishes marked as assumed, and
    those whose evidence is in other languages than the draft, are left alone. Advise on a sentence of the brief that the draft doesn't speak of, and
    on a bound of the brief that it doesn't repeat.
    """
    if abstains(draft):
        return []
    return [*_dropped(draft), *_invented(draft)]


def _dropped(draft: Draft) -> Iterator[Finding]:
    texts = _said(draft)
    said = [concepts(text, draft.language) for text in texts]
    known = frozenset[str]().union(*said)
    spans = sentences(draft.brief)
    for start, end in spans:
        sentence = draft.brief[start:end]
        wanted = concepts(sentence, draft.language)
        # What the only sentence asks for is the draft's whole subject; one of several needs a place that speaks of it.
        met = (
            len(wanted & known) if len(spans) == 1 else max((len(wanted & held) for held in said), default=0)
        )
        if len(wanted) > 1 and met < (_KEPT if len(spans) == 1 else _KEPT_OF_MANY) * len(wanted):
            yield _finding(
                "draft",
                f"The brief says '{sentence[:80]}'; the draft doesn't speak of it.",
                sentence,
                "Take it up, or put it under the non-goals or open questions.",
                False,
            )
            continue
        limits = [one for one in bounds(sentence, draft.language) if one.unit_known and one.sense != "exact"]
        kept = _limits(draft, texts) if limits else []
        for one in limits:
            if not any(_same(one, other) for other in kept):
                yield _finding(
                    "draft",
                    f"The brief sets '{sentence[one.start : one.end].strip()}'; the draft doesn't repeat it.",
                    sentence,
                    "Keep that bound, or ask in an open question whether it may change.",
                    False,
                )


def _limits(draft: Draft, texts: list[str]) -> list[Bound]:
    """All numbers with a unit that the draft shows."""
    shown = [
        *map(blank_placeholders, texts),
        *(f"{fact.display} {fact.unit}" for fact in draft.facts.values()),
    ]
    return [one for text in shown for one in bounds(text, draft.language)]


def _said(draft: Draft) -> list[str]:
    """The texts of the draft, each story as one; without the title, which repeats the brief."""
    held = stories(draft)
    names = {story.id for story in held}
    texts = [place.text for place in places(draft) if place.target not in {*names, "draft"}]
    for story in held:
        steps = [step for one in story.criteria for step in (*one.given, *one.when, *one.then)]
        texts.append(" . ".join((story.title, story.want, story.benefit, *steps)))
    return texts + [quote.text for quote in draft.quotes.values()]


def _same(one: Bound, other: Bound) -> bool:
    return one.dimension == other.dimension and abs(one.value - other.value) <= 1e-6 * max(1.0, one.value)


def _invented(draft: Draft) -> Iterator[Finding]:
    language = draft.language
    texts = [draft.brief, *(quote.text for quote in draft.quotes.values())]
    texts += [claim.text for claim in draft.claims.values()]
    known = frozenset[str]().union(*(concepts(text, language) for text in texts))
    assumed = {
        story.id: concepts(story.want, language) for story in stories(draft) if "want" in story.assumptions
    }
    for ask in asks(draft):
        names = ask.block.story_ids if isinstance(ask.block, RequirementBlock) else ()
        of_assumed = any(ask.concepts & assumed.get(name, frozenset()) for name in names)
        names_story = any(story.id in ask.text for story in stories(draft))
        if ask.target in assumed or of_assumed or names_story:
            continue
        if not _comparable(draft, ask):
            if isinstance(ask.block, RequirementBlock) and _strange(draft, ask, ask.block):
                message = f"{ask.target} is about something that neither its story nor its claim speaks of."
                yield _finding(
                    ask.target, message, ask.text, "Take it out, or say where it comes from.", False
                )
            continue
        wanted = ask.concepts
        if isinstance(ask.block, StoryBlock):
            wanted |= concepts(ask.block.title, language)
        met = len(wanted & known)
        if len(wanted) >= _LEAST - 1 and met <= _KNOWN * len(wanted):
            yield _finding(
                ask.target,
                f"{ask.target} is about something that neither the brief nor the evidence speaks of.",
                ask.text,
                "Take it out, or mark the wish as assumed.",
                not met and len(wanted) >= _LEAST,
            )


def _strange(draft: Draft, ask: Ask, block: RequirementBlock) -> bool:
    """Whether a requirement whose evidence is of another language shares no word with its story and claims."""
    own = [story for story in stories(draft) if story.id in block.story_ids]
    steps = [step for one in own for held in one.criteria for step in (*held.given, *held.when, *held.then)]
    texts = [draft.brief, *steps, *(f"{one.title} . {one.want} . {one.benefit}" for one in own)]
    texts += [draft.claims[name].text for name in block.claim_ids if name in draft.claims]
    known = frozenset[str]().union(*(concepts(text, draft.language) for text in texts))
    return len(ask.concepts) >= _LEAST and not ask.concepts & known


def _comparable(draft: Draft, ask: Ask) -> bool:
    """Whether its evidence is written in the draft's language: a wish worded after a quote of another one shares no word with it."""
    claims = [draft.claims[name] for name in ask.block.claim_ids if name in draft.claims]
    own = [draft.quotes[name] for claim in claims for name in claim.quote_ids if name in draft.quotes]
    return any(quote.language == draft.language for quote in own or draft.quotes.values())


def _finding(target: str, message: str, evidence: str, fix: str, blocks: bool = True) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(
        grader=_NAME, severity=severity, target=target, message=message, evidence=evidence, fix=fix
    )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "US-2", title="Read the plan offline", want="to read the roster while offline")


def _bad(draft: Draft) -> Draft:
    return with_block(
        draft, "US-2", title="Pay with vouchers", want="to pay tuition with vouchers of the town hall"
    )


GRADER = Grader(_NAME, 2, Severity.block, brief_coverage, _good, _bad)
