"""User stories from what people ask for: role from segments, want and benefit from their sentences, criteria from what fails."""

from collections import Counter
from typing import Literal

import numpy as np

from assistant.domain.draft import StoryBlock
from assistant.domain.text import content_words, stem
from assistant.drafting.criteria import criteria_of
from assistant.drafting.desk import Desk, listed
from assistant.drafting.paragraphs import DEVICE_SEGMENTS, PLAN_SEGMENTS, ROLE_SEGMENTS, named, says_problem
from assistant.drafting.profile import TOO_FEW, Profile, pick
from assistant.drafting.reader import Sentence
from assistant.drafting.seeds import FAMILIES, Seed, seeds, wish_seeds
from assistant.drafting.wants import Part, alike, benefit_of, want_of
from assistant.search.phrases import symptoms

Assumed = Literal["role", "want", "benefit"]


def write_stories(desk: Desk, needs: list[Profile], limit: int) -> list[tuple[StoryBlock, Seed]]:
    """Write stories about the needs; one that would say the same as an earlier one is left out."""
    written: list[tuple[StoryBlock, Seed]] = []
    for seed in seeds(desk, needs, 2 * limit):
        want = want_of(desk, seed)
        if seed.family == "request" and (
            want.quote is None or _answered(want.text, [other for _, other in written])
        ):
            continue
        if _says_the_topic(seed, want, [block.want for block, _ in written]):
            continue
        if any(alike(want.text, block.want) for block, _ in written):
            continue
        written.append((_story(desk, seed, want, len(written) + 1), seed))
        if len(written) == limit:
            break
    return written


def parked_wishes(
    desk: Desk, need: Profile, stories: list[tuple[StoryBlock, Seed]], limit: int = 3
) -> list[str]:
    """Claims about wishes of the topic that none of the stories answers."""
    claims: list[str] = []
    wants = [story.want for story, _ in stories]
    seeds_written = [seed for _, seed in stories]
    for seed in sorted(wish_seeds(desk, need), key=lambda one: -one.people):
        want = want_of(desk, seed)
        if want.quote is None or _answered(want.text, seeds_written) or _says_the_topic(seed, want, wants):
            continue
        if len(claims) < limit and not any(alike(want.text, other) for other in wants):
            wants = [*wants, want.text]
            wish = want.text.removeprefix("to have ").removeprefix("to ")
            text = f"{wish[:1].upper()}{wish[1:]}: {desk.many(seed.selection)}, parked until the stories are done."
            claims.append(desk.claim(text, quotes=[want.quote]))
    return claims


def _answered(want: str, written: list[Seed]) -> bool:
    """Whether a story about the symptom that a wish would cure is written already."""
    cured = {symptom.id for symptom in symptoms(want)}
    families = {seed.family for seed in written}
    return any(cured & set(ids) for family, ids in FAMILIES if family in families)


def _says_the_topic(seed: Seed, want: Part, wants: list[str]) -> bool:
    """Whether a wish only repeats what the whole draft is about, and a story does so already."""
    if not seed.need.is_topic or seed.family != "request":
        return False
    topic, own = _stems(" ".join((seed.need.label, *seed.need.keywords))), _stems(want.text)
    repeats = 2 * len(own & topic) >= len(own)
    return repeats and any(_stems(other) & own & topic for other in wants)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def _story(desk: Desk, seed: Seed, want: Part, number: int) -> StoryBlock:
    role = _role(desk, seed)
    benefit = benefit_of(desk, seed, want.text)
    parts: list[tuple[Assumed, Part]] = [("want", want), ("benefit", benefit)]
    quotes = [part.quote for _, part in parts if part.quote] or _any_quote(desk, seed)
    who = f"{desk.many(seed.selection)}{desk.accounts(seed.selection)}"
    if seed.symptom:
        verb = desk.verb(seed.selection, "speaks", "speak")
        text = f"{who} {verb} of {_nouns(seed)} when they write about {named(seed.need)}."
    else:
        verb = desk.verb(seed.selection, "asks", "ask") if seed.selection != seed.need.hurts else ""
        text = f"{who} {verb} for it." if verb else f"{who} speak of {named(seed.need)}."
    return StoryBlock(
        id=f"US-{number}",
        title=_title(want.text),
        role=role,
        want=want.text,
        benefit=benefit.text,
        claim_ids=(desk.claim(text, quotes=quotes),),
        criteria=criteria_of(desk, seed, want, role),
        assumptions=tuple(name for name, part in parts if part.quote is None),
    )


def _nouns(seed: Seed) -> str:
    ids = next(ids for family, ids in FAMILIES if family == seed.family)
    nouns = [facet.symptom.noun for facet in seed.need.facets if facet.symptom.id in ids]
    return listed(nouns, "or")


def _role(desk: Desk, seed: Seed) -> str:
    role = _typical_role(desk, seed)
    lift = seed.need.lift
    if lift and lift.segment.casefold() in ROLE_SEGMENTS:
        role = lift.value
    place = ""
    if lift and lift.segment.casefold() in PLAN_SEGMENTS:
        place = f" on the {lift.value} plan"
    elif lift and lift.segment.casefold() in DEVICE_SEGMENTS:
        place = f" on {lift.value}"
    return f"{role or 'customer'}{place}"


def _typical_role(desk: Desk, seed: Seed) -> str:
    """The role that is most over-represented among those who have the need, where several people share it."""
    matrix = desk.reader.matrix
    for name in matrix.segment_names:
        if name.casefold() not in ROLE_SEGMENTS:
            continue
        column = matrix.segment(name)
        own = Counter(
            value for saying in seed.sayings if (value := matrix.rows.segments[saying.row].get(name))
        )
        codes = column.codes[desk.book.rows(None, desk.book.scope)]
        counted = np.bincount(codes[codes >= 0], minlength=len(column.known))
        every = {str(value): int(counted[code]) for value, code in column.known.items()}
        common = [value for value in own if own[value] >= max(TOO_FEW, 0.2 * sum(own.values()))]
        if common:
            role = min(common, key=lambda value: (-own[value] / every[value], value))
            # `type_traveller: Business` is a business traveller.
            return f"{role.casefold()} {name[5:].replace('_', ' ')}" if name.startswith("type_") else role
    return ""


def _title(want: str) -> str:
    words = want.removeprefix("to ").removeprefix("have ").split()
    text = " ".join(words[:10]).rstrip(",;")
    return text[:1].upper() + text[1:]


def _any_quote(desk: Desk, seed: Seed) -> list[str]:
    def names_it(sentence: Sentence) -> float:
        return says_problem(sentence) if seed.symptom in sentence.symptoms else 0.0

    shown = pick(seed.need, seed.sayings, 1, names_it) or pick(seed.need, seed.sayings, 1, says_problem)
    return [desk.quote(sentence) for sentence in shown]
