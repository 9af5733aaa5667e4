"""The acceptance criteria of a story: what works, what happens when it can't, with the sizes that people name."""

import re

from assistant.domain.draft import Criterion
from assistant.drafting.desk import Desk
from assistant.drafting.seeds import FAMILIES, Seed
from assistant.drafting.sizes import stated_size
from assistant.drafting.wants import Part


def criteria_of(desk: Desk, seed: Seed, want: Part, role: str) -> tuple[Criterion, ...]:
    """A scenario in which it goes through, and one in which it can't be finished."""
    ids = set(dict(FAMILIES).get(seed.family, ()))
    # A wish that is worded beside no trouble says nothing about how the trouble should end.
    ids = ids if want.named is None else ids & want.named
    own = [facet.symptom for facet in seed.need.facets if facet.symptom.id in ids]
    outcomes = list(dict.fromkeys(symptom.outcome for symptom in own[:2])) or [
        "I can do so and see the result"
    ]
    guards = list(dict.fromkeys(symptom.guard for symptom in own[:1])) or [
        "I am told in one sentence why not"
    ]
    size = stated_size(desk, seed.sayings)
    given = f"there are {size}" if size else f"I am {article(role)}"
    happy = Criterion(
        title=f"it goes through with {size}" if size else "it goes through",
        given=(given,),
        when=(want.step or _step(want.text),),
        then=tuple(outcomes),
        note="target, proposed" if any(re.search(r"\d", outcome) for outcome in outcomes) else "",
    )
    failure = Criterion(
        title="it can't be finished",
        given=("something stops it before the end",),
        when=("I come back to it",),
        then=(*guards, "nothing that was there before is lost"),
        path="failure",
        note="target, proposed" if any(re.search(r"\d", guard) for guard in guards) else "",
    )
    return happy, failure


def _step(want: str) -> str:
    if want.startswith("to have "):
        return f"I need {want.removeprefix('to have ')}"
    if want.startswith(("to be ", "to see ", "to get ", "to rely ")):
        return "I do the work that this is about"
    return f"I {want.removeprefix('to ')}"


def article(noun: str) -> str:
    """`an admin`, `a team lead`."""
    return f"{'an' if noun[:1].casefold() in 'aeiou' else 'a'} {noun}"
