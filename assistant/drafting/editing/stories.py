"""What code can do to a story by itself: cut it into several, give it a scenario in which it can't be finished."""

from assistant.domain.draft import Criterion, Draft, StoryBlock
from assistant.domain.edit import AddFailurePath, SplitStory
from assistant.domain.text import content_words, stem
from assistant.drafting.editing.sheet import Cell, Part, Sheet
from assistant.drafting.editing.typed import clean
from assistant.errors import UsageError
from assistant.search.phrases import symptoms

_LONGEST_TITLE = 90
_GUARD = "I am told in one sentence why not"
_KEPT = "nothing that was there before is lost"


def split_story(sheet: Sheet, edit: SplitStory) -> None:
    """Make several stories of one: each has its own want and the scenarios that speak of it; role, benefit and proof are shared."""
    part, cell, story = _story(sheet, edit.target)
    wants = [clean(want) for want in edit.wants]
    if len(wants) < 2:
        raise UsageError(
            f"{story.id} asks for one thing, as far as rules can tell.",
            hint="Say what each story is to want, for example: export as PDF, and export as CSV.",
        )
    shares = _shared(story.criteria, wants)
    place = part.cells.index(cell)
    first, *rest = (
        story.model_copy(update={"want": want, "title": _title(want), "criteria": share})
        for want, share in zip(wants, shares, strict=True)
    )
    # It was split by a person: a redraft must not put it together again.
    cell.block = first
    sheet.hold_in(cell, ())
    for number, one in enumerate(rest, start=1):
        new = one.model_copy(update={"id": ""})
        named = new.model_copy(update={"id": sheet.new_id(new)})
        added = Cell(named)
        sheet.hold_in(added, ())
        part.cells.insert(place + number, added)


def _shared(criteria: tuple[Criterion, ...], wants: list[str]) -> list[tuple[Criterion, ...]]:
    """Which scenarios each want takes: those that speak more of it than of the others; what speaks of none belongs to all."""
    said = [_stems(want) for want in wants]
    own = [stems.difference(*(other for other in said if other is not stems)) for stems in said]
    shares: list[list[Criterion]] = [[] for _ in wants]
    for one in criteria:
        words = _stems(" ".join((one.title, *one.given, *one.when, *one.then)))
        meant = [place for place, stems in enumerate(own) if stems & words]
        for place in meant or range(len(wants)):
            shares[place].append(one)
    for share, want in zip(shares, wants, strict=True):
        if not any(one.path == "happy" for one in share):
            share.insert(0, _done(want))
    return [tuple(share) for share in shares]


def _done(want: str) -> Criterion:
    step = want.removeprefix("to ")
    return Criterion(
        title="it goes through",
        given=("nothing stops it",),
        when=(f"I {step}",),
        then=("I can see the result",),
    )


def add_failure_path(sheet: Sheet, edit: AddFailurePath) -> None:
    """Add a scenario in proven words: what must hold when it fails, by what the quotes behind the story complain of."""
    _, cell, story = _story(sheet, edit.target)
    told = {step for one in story.criteria for step in one.then}
    guard = next((guard for guard in _guards(sheet.draft, story) if guard not in told), None)
    if guard is None:
        raise UsageError(
            f"{story.id} has every failure path that rules know for it.",
            hint=f"Type over one: {story.id}.criteria.{len(story.criteria)}.then.1.",
        )
    again = any(one.path == "failure" for one in story.criteria)
    failure = Criterion(
        title="it is interrupted" if again else "it can't be finished",
        given=("something interrupts it" if again else "something stops it before the end",),
        when=("I come back to it",),
        then=(guard, *(() if _KEPT in told else (_KEPT,))),
        path="failure",
        note="target, proposed" if any(c.isdigit() for c in guard) else "",
    )
    cell.block = story.model_copy(update={"criteria": (*story.criteria, failure)})
    sheet.hold_in(cell, ("criteria", len(story.criteria) + 1))


def _guards(draft: Draft, story: StoryBlock) -> list[str]:
    quotes = [
        draft.quotes[name].text
        for claim in story.claim_ids
        if claim in draft.claims
        for name in draft.claims[claim].quote_ids
        if name in draft.quotes
    ]
    heard = [symptom for text in (story.want, *quotes) for symptom in symptoms(text)]
    return [*dict.fromkeys(symptom.guard for symptom in heard), _GUARD]


def _story(sheet: Sheet, target: str) -> tuple[Part, Cell, StoryBlock]:
    part, cell, _ = sheet.cell(target)
    if not isinstance(cell.block, StoryBlock):
        raise UsageError(f"{target[:80]} is no story.", hint="Name one, for example US-1.")
    return part, cell, cell.block


def _title(want: str) -> str:
    bare = want.removeprefix("to ").rstrip(".")
    cut = bare if len(bare) <= _LONGEST_TITLE else f"{bare[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"
    return cut[:1].upper() + cut[1:]


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}
