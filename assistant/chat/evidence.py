"""«What do people say about …»: how many speak of it, and their words."""

from collections.abc import Callable, Iterable

from assistant.chat.meaning import same_in_meaning
from assistant.chat.notes import body_of, open_desk
from assistant.chat.outcomes import Say
from assistant.domain.evidence import Scope
from assistant.drafting.desk import Desk
from assistant.drafting.needs import COARSE, Landscape, survey
from assistant.drafting.paragraphs import says_praise, says_problem
from assistant.drafting.profile import Profile, pick, profile
from assistant.drafting.reader import Saying, Sentence
from assistant.drafting.themes import theme_map
from assistant.search.scope import record_mask
from assistant.workbench import Workbench

_SHOWN, _SHOWN_FOR = 5, 2
"""Quotes of those who have trouble, and of those for whom it works."""
_PLAIN = 0.2
_LOOKED_AT = 8
"""Largest groups of which those with most trouble are shown."""
_MOST_TROUBLE = "You name no subject, so this is what most people have trouble with."
NOTHING_YET = "There are no records in this workspace yet. Import some, and ask again."


def find_evidence(bench: Workbench, topic: str, scope: Scope, note: str = "") -> Say:
    """How many speak of a topic, what goes wrong for them, and what speaks against it; or that nobody was found to.

    Args:
        topic: empty: what most people in the scope have trouble with.
        note: what is said before.
    """
    desk = open_desk(bench, scope)
    if not desk.how_many(None):
        return Say(NOTHING_YET)
    mask = record_mask(desk.reader.matrix, desk.book.scope)
    found = survey(bench, desk.reader, topic, mask, split=False)
    if topic and not found.groups:
        themes = theme_map(desk.reader, mask, COARSE).groups
        if (same := same_in_meaning(bench, themes, topic)) is not None:
            note = f"{note} The records say “{same.label}” for “{topic}”.".strip()
            topic = same.label
            found = survey(bench, desk.reader, topic, mask, split=False)
    if not topic.strip():
        return Say(note or _MOST_TROUBLE, body_of(desk, _troubles(desk, found)))
    if not found.groups:
        return Say(note, body_of(desk, [nobody(desk)]))
    need = need_of(desk, found, topic)
    claims = counted(desk, need)
    claims += [
        desk.claim(f"{{{desk.quote(one)}}}") for one in different(need, need.sayings, _SHOWN, _telling)
    ]
    for one in different(need, need.praise, _SHOWN_FOR, says_praise):
        quote = desk.quote(one)
        claims.append(desk.claim(f"Against it: {{{quote}}}"))
    return Say(note, body_of(desk, claims))


def _troubles(desk: Desk, found: Landscape) -> list[str]:
    """What most people have trouble with, each with how many and the words of one."""
    needs = [
        profile(desk, (one,), one.label or ", ".join(one.keywords[:2]), one.keywords)
        for one in found.groups[:_LOOKED_AT]
    ]
    claims: list[str] = []
    for need in sorted(needs, key=lambda one: (-one.people, one.label))[:_SHOWN]:
        verb = desk.verb(need.hurts, "reports", "report")
        claims.append(desk.claim(f"{need.label}: {desk.many(need.hurts)} {verb} trouble with it."))
        claims += [desk.claim(f"{{{desk.quote(one)}}}") for one in pick(need, need.sayings, 1, _telling)]
    return claims


def different(
    need: Profile, sayings: Iterable[Saying], count: int, wants: Callable[[Sentence], float]
) -> list[Sentence]:
    """Sentences that say most, each in other words: one by one, since what is shown already isn't chosen again."""
    held = list(sayings)
    found: list[Sentence] = []
    told: list[str] = []
    while len(found) < count and (one := pick(need, held, 1, wants)):
        words = "".join(letter for letter in one[0].text.casefold() if letter.isalnum())
        if not any(words in other or other in words for other in told):
            found += one
            told.append(words)
    return found


def need_of(desk: Desk, found: Landscape, topic: str) -> Profile:
    """What is known about a topic that was found."""
    return profile(desk, found.groups, topic, found.keywords)


def counted(desk: Desk, need: Profile) -> list[str]:
    """How many speak of it, and for how many it is trouble."""
    verb = desk.verb(need.about, "speaks", "speak")
    text = f"{desk.many(need.about)}{desk.accounts(need.about)} {verb} of this"
    if desk.how_many(need.about) == desk.how_many(need.hurts):
        whom = desk.verb(need.hurts, "reports", "report")
        return [desk.claim(f"{text} and {whom} trouble with it.")]
    whom = desk.verb(need.hurts, "reports", "report")
    return [desk.claim(f"{text}; {desk.many(need.hurts)} {whom} trouble with it.")]


def nobody(desk: Desk) -> str:
    """That the scope holds nobody who speaks of it, as a counted claim."""
    zero = desk.book.fact(desk.counts, desk.book.nobody())
    return desk.claim(
        f"Not enough evidence: of the {desk.many(None)} in the scope, {zero} were found to speak of it."
    )


def _telling(sentence: Sentence) -> float:
    """A plain statement is shown where there are too few complaints."""
    return max(says_problem(sentence), _PLAIN)
