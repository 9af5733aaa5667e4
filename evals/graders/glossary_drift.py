"""One thing has one name across stories and requirements."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from assistant.domain.finding import Finding, Severity
from assistant.domain.text import stem, words
from evals.grader import Grader
from evals.reading.concepts import SAME_THING, asks, concepts
from evals.reading.prose import blank_placeholders, stories
from evals.reading.retold import but_one
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "glossary_drift"
_POINTER = re.compile(r"\b(?:it|them|this|es|ihn|sie|dies)\b", re.IGNORECASE)
"""It stands for the name that a step leaves out."""
_QUOTED = re.compile(r"“([^”]+)”")
_LONG = 5
"""Letters that a word needs before a spelling of it in two parts is looked for."""


def glossary_drift(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise where two stories or requirements call one thing by two names, or write one name in two ways.

    Two names in one sentence are two things. Names of one thing are known for English and German; spellings for all.
    """
    texts = [
        (
            ask.target,
            blank_placeholders(
                f"{ask.text} {ask.block.title}" if isinstance(ask.block, StoryBlock) else ask.text
            ),
        )
        for ask in asks(draft)
    ]
    return [
        *_names(texts, draft.language),
        *_spellings(texts),
        *_replaced(draft),
        *_renamed(draft),
        *_misnamed(draft),
    ]


def _names(texts: list[tuple[str, str]], language: str) -> Iterator[Finding]:
    used = [(target, set(words(text))) for target, text in texts]
    for group in _groups(language):
        held = [
            (target, [(name, forms & its) for name, forms in group if forms & its]) for target, its in used
        ]
        if any(len(names) > 1 for _, names in held):
            continue
        named = [(target, name, min(shown)) for target, names in held for name, shown in names]
        for target, name, shown in named[1:]:
            if name != named[0][1]:
                yield _finding(target, shown, named[0][2], named[0][0])
                break


def _replaced(draft: Draft) -> Iterator[Finding]:
    """A wish that its requirement, or its own step, repeats with another name: all concepts the same but one."""
    beside = frozenset[str]().union(*(concepts(story.role, draft.language) for story in stories(draft)))
    for story in stories(draft):
        retold = [
            (block.id, block.text)
            for block in draft.blocks()
            if isinstance(block, RequirementBlock) and block.story_ids == (story.id,)
        ]
        retold += [(f"a step of {story.id}", step) for one in story.criteria for step in one.when]
        own = concepts(story.want, draft.language)
        for where, text in retold:
            if _POINTER.search(text):
                continue
            others = concepts(text, draft.language) - beside
            mine, theirs = own - others, others - own
            if len(mine) == len(theirs) == 1 and len(own & others) > 1:
                yield _finding(
                    story.id,
                    _as_written(story.want, mine, draft.language),
                    _as_written(text, theirs, draft.language),
                    where,
                )
                break


def _renamed(draft: Draft) -> Iterator[Finding]:
    """A story that says its wish again with one other word: in its title, benefit or steps, its requirement or its quotes."""
    for story in stories(draft):
        roles = concepts(story.role, draft.language)
        steps = [step for one in story.criteria for step in (*one.given, *one.when)]
        told = [(f"a step of {story.id}", step) for step in steps]
        told += [(f"the title of {story.id}", story.title), (f"the benefit of {story.id}", story.benefit)]
        told += [
            (block.id, block.text)
            for block in draft.blocks()
            if isinstance(block, RequirementBlock) and story.id in block.story_ids
        ]
        claims = [draft.claims[name] for name in story.claim_ids if name in draft.claims]
        quoted = [name for claim in claims for name in claim.quote_ids if name in draft.quotes]
        told += [(name, draft.quotes[name].text) for name in quoted]
        heard = [
            *(draft.brief.split()),
            *(word for name in quoted for word in words(draft.quotes[name].text)),
        ]
        for where, text in told:
            for mine, theirs in but_one(story.want, text):
                # What the people themselves say is the name; a word that they say, too, is another thing.
                names_things = concepts(mine, draft.language) and concepts(theirs, draft.language) - roles
                if names_things and stem(mine) not in {stem(word) for word in heard}:
                    yield _finding(story.id, mine, theirs, where)
                    break
            else:
                continue
            break


def _misnamed(draft: Draft) -> Iterator[Finding]:
    """A name in quotation marks that nobody uses, in a wish whose steps or requirement use one that is known."""
    rules = [one.rule for one in draft.selections.values()]
    said = "\n".join([draft.brief, *rules, *(quote.text for quote in draft.quotes.values())]).casefold()
    for story in stories(draft):
        told = [step for one in story.criteria for step in (*one.given, *one.when, *one.then)]
        told += [
            block.text
            for block in draft.blocks()
            if isinstance(block, RequirementBlock) and story.id in block.story_ids
        ]
        known = [name for text in told for name in _QUOTED.findall(text) if name.casefold() in said]
        for name in _QUOTED.findall(story.want):
            if known and name.casefold() not in said:
                yield _finding(story.id, name, known[0], f"a step or requirement of {story.id}")
                break


def _as_written(text: str, concept: frozenset[str], language: str) -> str:
    return next((word for word in words(text) if concepts(word, language) == concept), next(iter(concept)))


def _spellings(texts: list[tuple[str, str]]) -> Iterator[Finding]:
    """`e-mail` and `email`, `time table` and `timetable`."""
    known: dict[str, tuple[str, str]] = {}
    told: set[str] = set()
    for target, text in texts:
        tokens = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold())
        written = [token for token in tokens if len(token) >= _LONG]
        written += [f"{one} {other}" for one, other in pairwise(tokens) if len(one) > 2 and len(other) > 2]
        for token in written:
            key = re.sub(r"[-\s]", "", token).removesuffix("s")
            where, earlier = known.setdefault(key, (target, token))
            if token.removesuffix("s") != earlier.removesuffix("s") and key not in told:
                told.add(key)
                yield _finding(target, token, earlier, where)


@lru_cache(maxsize=8)
def _groups(language: str) -> tuple[tuple[tuple[str, frozenset[str]], ...], ...]:
    """Names of one thing with their forms. A stem would take `configured` for a name of settings."""
    lines = SAME_THING.get(language, "").split("\n")
    return tuple(tuple((word, _forms(word)) for word in line.split()) for line in lines if line)


def _forms(word: str) -> frozenset[str]:
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return frozenset({word, plural, f"{word}es", f"{word}en", f"{word}n", f"{word}e"})


def _finding(target: str, name: str, earlier: str, where: str) -> Finding:
    return Finding(
        grader=_NAME,
        severity=Severity.advise,
        target=target,
        message=f"{target} says '{name}' where {where} says '{earlier}'.",
        fix=f"Say '{earlier}' in both, or say what tells them apart.",
    )


def _good(draft: Draft) -> Draft:
    return with_block(
        draft, "FR-1", text="The system shall keep the last timetable on the phone, and its map."
    )


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="The system shall keep the last schedule on the phone.")


GRADER = Grader(_NAME, 2, Severity.advise, glossary_drift, _good, _bad)
