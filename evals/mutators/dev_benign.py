"""Dev pack: what people do to a draft without harming it. No grader may block any of these."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from assistant.domain.draft import (
    Claim,
    ClaimsBlock,
    Criterion,
    Draft,
    DraftStatus,
    MetricBlock,
    QuestionBlock,
    QuotesBlock,
    RiskBlock,
    Stance,
)
from evals.mutators.parts import (
    Slot,
    block_slots,
    blocks_of,
    claim_homes,
    claim_slots,
    free_id,
    kind,
    plus_claim,
    put,
    requirements_of,
    stories_of,
    with_block,
    with_blocks,
    with_section,
)
from evals.mutators.port import Seeded

_Item = TypeVar("_Item")
_TYPE = {"'": "’", "“": '"', "”": '"', "’": "'", " – ": " — ", "…": "..."}
_SYNONYMS = {
    "have reported this as a problem": "have told us that this is a problem",
    "speak of": "mention",
    "What they name is": "What they point at is",
    "when they write about this": "when writing about this",
    "in the words of one of them": "as one of them puts it",
    "people say that it works for them": "people say it works for them",
    "parked as a need of its own": "put aside as a need of its own",
    "Reproduce each variant before estimating": "Reproduce every variant before anything is estimated",
    "Told in detail below": "Described in detail below",
    "can't": "cannot",
    "isn't": "is not",
    "doesn't": "does not",
}
_QUESTIONS = (
    "Which of the teams should try it first?",
    "Who signs off the wording of the messages?",
    "Does the legal team have to see this?",
)
_ASSUMED = (
    "The teams that asked will be there for a trial.",
    "The current hosting stays as it is.",
    "Nothing else has to change for this.",
)
_GOALS = (
    "Under 10 reports a week by the end of the quarter.",
    "No report about it in the month after release.",
    "Half as many tickets about it by summer.",
)
_RISKS = (
    ("The people who asked may have moved on by then.", "Ask them again before the work starts."),
    ("Old files may not open any more.", "Try it with the oldest ones first."),
)


def _shuffled(items: Sequence[_Item], rng: Random) -> list[_Item]:
    """Another order; of two items, the other one."""
    mixed = list(items)
    while mixed == list(items):
        rng.shuffle(mixed)
    return mixed


def _runs(*types: str) -> Callable[[Draft], list[int]]:
    """Sections that hold several blocks, all of these types."""
    return lambda draft: [
        at
        for at, section in enumerate(draft.sections)
        if len(section.blocks) > 1
        and all(block.type in types for block in section.blocks)
        and len(set(map(repr, section.blocks))) > 1
    ]


def _reordered(draft: Draft, at: int, rng: Random) -> Draft:
    return with_blocks(draft, at, _shuffled(draft.sections[at].blocks, rng))


def _typographic(draft: Draft, _: int, rng: Random) -> Draft:
    old, new = rng.choice(
        [pair for pair in _TYPE.items() if any(pair[0] in slot.text for slot in _prose(draft))]
    )
    for slot in _prose(draft):
        draft = put(draft, slot, slot.text.replace(old, new))
    return draft


def _prose(draft: Draft) -> list[Slot]:
    return [
        *claim_slots(draft, *Stance),
        *block_slots(draft, {"text", "risk", "question", "requirement"}, "text", "mitigation"),
        *block_slots(draft, {"story"}, "want", "benefit", "title"),
    ]


def _spaced(draft: Draft, slot: Any, rng: Random) -> Draft:
    blank = rng.choice(("  ", "\u00a0", " \n", "\u202f"))
    places = [match.start() for match in re.finditer(" ", slot.text)]
    at = rng.choice(places)
    return put(draft, slot, f"{slot.text[:at]}{blank}{slot.text[at + 1 :]}")


def _reworded(draft: Draft, slot: Any, rng: Random) -> Draft:
    old = rng.choice([words for words in _SYNONYMS if words in slot.text])
    return put(draft, slot, slot.text.replace(old, _SYNONYMS[old], 1))


def _renamed(draft: Draft, names: dict[str, str]) -> Draft:
    """Every id replaced throughout, in texts and lists alike, except inside quotations."""
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(lambda match: names[match.group()], value)
        if isinstance(value, list):
            return [walk(item) for item in value]
        if isinstance(value, dict):
            return {walk(key): walk(item) for key, item in value.items()}
        return value

    held = draft.model_dump(mode="json")
    changed = {name: walk(held[name]) for name in ("sections", "claims", "facts")}
    quotes = {names.get(key, key): value for key, value in held["quotes"].items()}
    return Draft.model_validate(held | changed | {"quotes": quotes}, strict=False)


def _new_stories(draft: Draft, _: int, rng: Random) -> Draft:
    more = rng.randint(1, 20)
    return _renamed(
        draft, {s.id: f"US-{place + more + 1}" for place, (_, _, s) in enumerate(stories_of(draft))}
    )


def _new_requirements(draft: Draft, _: int, rng: Random) -> Draft:
    more = rng.randint(20, 40)
    return _renamed(
        draft,
        {
            r.id: f"{r.id.rsplit('-', 1)[0]}-{place + more}"
            for place, (_, _, r) in enumerate(requirements_of(draft))
        },
    )


def _new_quotes(draft: Draft, _: int, rng: Random) -> Draft:
    more = rng.randint(50, 90)
    return _renamed(draft, {key: f"Q{place + more}" for place, key in enumerate(draft.quotes)})


def _new_claims(draft: Draft, _: int, rng: Random) -> Draft:
    more = rng.randint(100, 190)
    return _renamed(draft, {key: f"C{place + more}" for place, key in enumerate(draft.claims)})


def _turned_round(draft: Draft, _: int, rng: Random) -> Draft:
    """Dictionaries have an order in the file; it means nothing."""
    return draft.model_copy(
        update={
            name: dict(_shuffled(list(getattr(draft, name).items()), rng))
            for name in ("claims", "quotes", "facts")
            if len(getattr(draft, name)) > 1
        }
    )


def _goal(draft: Draft, site: tuple[int, int, MetricBlock], rng: Random) -> Draft:
    target, unit = rng.choice(
        (
            (str(rng.randint(90, 99)), "%"),
            (f"under {rng.randint(2, 9)}", "reports per week"),
            ("half of today", site[2].unit),
        )
    )
    return with_block(draft, site[0], site[1], target=target, unit=unit, window=f"{rng.randint(2, 12)} weeks")


def _guard(draft: Draft, site: tuple[int, int, MetricBlock], rng: Random) -> Draft:
    return with_block(
        draft,
        site[0],
        site[1],
        guardrail=rng.choice(("support gets no more tickets than before", "start-up stays under 2 s", "")),
    )


def _other_title(draft: Draft, at: int, rng: Random) -> Draft:
    held = draft.sections[at]
    title = rng.choice(
        (
            f"{held.title}, in short",
            held.title.upper() if not re.search(r"[{“]", held.title) else held.title,
            f"On: {held.title}",
        )
    )
    return with_section(draft, at, held.model_copy(update={"title": title}))


def _question(draft: Draft, site: tuple[int, int, QuestionBlock], rng: Random) -> Draft:
    more = QuestionBlock(
        id=free_id((q.id for _, _, q in blocks_of(draft, QuestionBlock)), "OQ-"),
        text=rng.choice(_QUESTIONS),
        ask="the head of the team",
    )
    return with_blocks(draft, site[0], (*draft.sections[site[0]].blocks, more))


def _risk(draft: Draft, site: tuple[int, int, RiskBlock], rng: Random) -> Draft:
    text, mitigation = rng.choice(_RISKS)
    more = RiskBlock(
        id=free_id((r.id for _, _, r in blocks_of(draft, RiskBlock)), f"{site[2].id.rsplit('-', 1)[0]}-"),
        text=text,
        mitigation=mitigation,
    )
    return with_blocks(draft, site[0], (*draft.sections[site[0]].blocks, more))


def _labelled(texts: tuple[str, ...], stance: Stance) -> Callable[[Draft, tuple[int, int], Random], Draft]:
    return lambda draft, at, rng: plus_claim(
        draft, at, Claim(id=free_id(draft.claims, "C"), text=rng.choice(texts), stance=stance)
    )


def _homes(draft: Draft) -> list[tuple[int, int]]:
    return [
        at
        for at in claim_homes(draft)
        if draft.sections[at[0]].id in ("assumptions", "goals", "problem", "basis", "summary")
    ]


def _failure(draft: Draft, site: Any, rng: Random) -> Draft:
    more = Criterion(
        title="the session has ended",
        given=("the session has ended in the meantime",),
        when=(rng.choice(("I try it again", "I come back to it")),),
        then=("I am asked to sign in", "nothing that I typed is lost"),
        path="failure",
    )
    return with_block(draft, site[0], site[1], criteria=(*site[2].criteria, more))


def _scenario_title(draft: Draft, site: Any, rng: Random) -> Draft:
    criteria = list(site[2].criteria)
    at = rng.randrange(len(criteria))
    criteria[at] = criteria[at].model_copy(
        update={"title": rng.choice(("as it should go", "when something is in the way", "on a bad day"))}
    )
    return with_block(draft, site[0], site[1], criteria=tuple(criteria))


def _story_title(draft: Draft, site: Any, rng: Random) -> Draft:
    told = site[2].want.removeprefix("to ")
    return with_block(draft, site[0], site[1], title=f"Story: {told[:1].upper()}{told[1:]}")


def _lists(draft: Draft) -> list[tuple[int, int, ClaimsBlock]]:
    return [site for site in blocks_of(draft, ClaimsBlock) if len(set(site[2].claim_ids)) > 1]


def _appendix(draft: Draft) -> list[tuple[int, int, QuotesBlock]]:
    return [site for site in blocks_of(draft, QuotesBlock) if len(set(site[2].quote_ids)) > 1]


def _waiting(draft: Draft, _: int, rng: Random) -> Draft:
    held = stories_of(draft)
    return with_block(draft, held[-1][0], held[-1][1], depends_on=(held[0][2].id,))


def _accented(draft: Draft, slot: Any, rng: Random) -> Draft:
    return put(
        draft,
        slot,
        f"{slot.text.rstrip()} {rng.choice(('That is the café’s naïve question, too.', 'Voilà — “déjà vu” 👩‍💻.', 'Grüße aus dem Büro ☕️.'))}",
    )


def _some(test: Callable[[Draft], object]) -> Callable[[Draft], list[int]]:
    return lambda draft: [0] if test(draft) else []


def _harmless(name: str, sites: Any, change: Any, about: str) -> Seeded:
    return kind(name, 0, "", sites, change, about)


BENIGN: tuple[Seeded, ...] = (
    _harmless("other typography", _some(lambda d: any(old in slot.text for slot in _prose(d) for old in _TYPE)), _typographic, "Quotation marks, apostrophes and dashes in another style."),
    _harmless("other spaces", lambda d: [s for s in _prose(d) if " " in s.text and s.field == "text"], _spaced, "A double, narrow or unbreakable space."),
    _harmless("synonym", lambda d: [s for s in _prose(d) if any(words in s.text for words in _SYNONYMS)], _reworded, "The same in other words, numbers and nouns untouched."),
    _harmless("accents and emoji", lambda d: block_slots(d, {"text"}, "text"), _accented, "Accents, joined emoji and curly quotes."),
    _harmless("stories in another order", _runs("story"), _reordered, ""),
    _harmless("requirements in another order", _runs("requirement"), _reordered, ""),
    _harmless("risks in another order", _runs("risk"), _reordered, ""),
    _harmless("questions in another order", _runs("question"), _reordered, ""),
    _harmless("claims in another order", _lists, lambda d, s, rng: with_block(d, s[0], s[1], claim_ids=tuple(_shuffled(s[2].claim_ids, rng))), ""),
    _harmless("quotes in another order", _appendix, lambda d, s, rng: with_block(d, s[0], s[1], quote_ids=tuple(_shuffled(s[2].quote_ids, rng))), ""),
    _harmless("dictionaries in another order", _some(lambda d: len(d.claims) > 1), _turned_round, ""),
    _harmless("stories renumbered", _some(stories_of), _new_stories, "New ids everywhere alike."),
    _harmless("requirements renumbered", _some(requirements_of), _new_requirements, "New ids everywhere alike."),
    _harmless("quotes renumbered", _some(lambda d: d.quotes), _new_quotes, "New ids everywhere alike."),
    _harmless("claims renumbered", _some(lambda d: d.claims), _new_claims, "New ids everywhere alike."),
    _harmless("goal set by a person", lambda d: blocks_of(d, MetricBlock), _goal, "Targets are a person's to set."),
    _harmless("guardrail set by a person", lambda d: blocks_of(d, MetricBlock), _guard, ""),
    _harmless("target added", _homes, _labelled(_GOALS, Stance.target), "A goal that is marked as one."),
    _harmless("assumption added", _homes, _labelled(_ASSUMED, Stance.assumption), "A guess that is marked as one."),
    _harmless("question added", lambda d: blocks_of(d, QuestionBlock), _question, ""),
    _harmless("risk added", lambda d: blocks_of(d, RiskBlock), _risk, ""),
    _harmless("failure path added", stories_of, _failure, ""),
    _harmless("scenario renamed", lambda d: [s for s in stories_of(d) if s[2].criteria], _scenario_title, ""),
    _harmless("story retitled", stories_of, _story_title, ""),
    _harmless("section retitled", lambda d: [at for at, s in enumerate(d.sections) if s.title], _other_title, ""),
    _harmless("dependency added", _some(lambda d: len(stories_of(d)) > 1 and not stories_of(d)[0][2].depends_on), _waiting, ""),
    _harmless("size given", stories_of, lambda d, s, rng: with_block(d, s[0], s[1], size_hint=rng.choice(("S", "M", "L"))), ""),
    _harmless("approved by a person", _some(lambda d: True), lambda d, _, rng: d.model_copy(update={"status": DraftStatus.approved}), ""),
    _harmless("title shortened", _some(lambda d: ":" in d.title), lambda d, _, rng: d.model_copy(update={"title": d.title.partition(":")[2].strip() or d.title}), ""),
)  # fmt: skip
