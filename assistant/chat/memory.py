"""What a turn is about: its own words, spelled as the records spell them; where they only point back, what was spoken of before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.intents.own_words import own_words, quoted
from assistant.chat.notes import open_desk
from assistant.chat.periods import without_periods
from assistant.chat.scoping import without_groups
from assistant.chat.topics import is_asking, tells, topic_of
from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.text import stem
from assistant.domain.thread import Intent, Turn
from assistant.drafting.needs import COARSE
from assistant.drafting.themes import theme_map
from assistant.search.matrix import matrix_of
from assistant.search.scope import record_mask
from assistant.search.terms import terms_for
from assistant.workbench import Workbench

_ABOUT_SOMETHING = (Intent.evidence, Intent.compare, Intent.draft)
_LONGEST = 300
_SPELLED = re.compile(r"[^\W\d_]{4,}")
_LONG = 8
"""Letters from which a word may be mistyped twice. In a shorter one, another letter makes another word: `expert` is no `export`."""
_COUNTED, _RARER = 200, 20
"""A word is mistyped where one that is nearly the same stands in this many times as many passages."""
_ASKING = (
    "about",
    "what",
    "people",
    "users",
    "customers",
    "quotes",
    "feedback",
    "stories",
    "please",
    "write",
    "complain",
)
"""Words of asking that are mistyped, too; what is put right here is no subject any more."""


@dataclass(frozen=True)
class Subject:
    """What is looked for."""

    text: str
    note: str = ""
    """How it was read, where that isn't as it was typed."""


def subject_of(bench: Workbench, turn: Turn, words: str) -> Subject:
    """What the turn itself names, without groups and periods; else what it quotes or points at, which is data to search for."""
    bare_of_groups = without_groups(bench, without_periods(words))
    spelled, swaps = _spelled(bench, bare_of_groups)
    said = topic_of(spelled)
    if said and tells(said, words):
        read = [f"“{wrong}” as “{right}”" for wrong, right in swaps.items() if right in said]
        return Subject(said, f"I read {', '.join(read)}." if read else "")
    return Subject(" ".join([*quoted(turn.text), turn.about.selected]).strip()[:_LONGEST])


def topic_before(bench: Workbench, turns: Sequence[Turn], draft: Draft | None) -> str:
    """What was spoken of last: of an answer about something, or the brief of a draft. Empty where nothing was."""
    by_id = {turn.id: turn for turn in turns}
    for answer in reversed(turns):
        asked = by_id.get(answer.answers or "") if answer.by == "voxspec" else None
        if asked is None or answer.intent not in _ABOUT_SOMETHING:
            continue
        if subject := subject_of(bench, asked, own_words(asked.text)).text:
            return subject
    return draft.brief if draft else ""


def _spelled(bench: Workbench, words: str) -> tuple[str, dict[str, str]]:
    """The words with those that hardly a record holds replaced by ones that a theme is known by, where they are nearly the same."""
    swaps: dict[str, str] = {}
    known: list[str] = []
    for word in dict.fromkeys(_SPELLED.findall(words)):
        folded = word.casefold()
        if folded in _ASKING or is_asking(folded) or not word.isascii():
            continue
        known = known or _known(bench)
        alike = [one for one in known if one[0] == folded[0]] or known
        near = min(alike, key=lambda one: _edits(stem(folded), stem(one)))
        most = 2 if len(folded) >= _LONG else 1
        is_near = near[0] == folded[0] and 0 < _edits(stem(folded), stem(near)) <= most
        # Records are mistyped, too.
        if is_near and (not (times := _held(bench, folded)) or times * _RARER <= _held(bench, near)):
            swaps[word] = near
    for wrong, right in swaps.items():
        words = re.sub(rf"\b{re.escape(wrong)}\b", right, words)
    return words, swaps


def _held(bench: Workbench, word: str) -> int:
    """How many passages hold the word, up to `_COUNTED`."""
    terms = terms_for(matrix_of(bench), word).all
    return len(bench.catalog.lexical.search(bench.workspace, terms, _COUNTED)) if terms else 0


def _known(bench: Workbench) -> list[str]:
    """Words of asking, and those that the themes of all records are known by."""
    desk = open_desk(bench, Scope())
    groups = theme_map(desk.reader, record_mask(desk.reader.matrix, desk.book.scope), COARSE).groups
    named = {
        word for one in groups for name in (one.label, *one.keywords) for word in name.casefold().split()
    }
    return [*_ASKING, *sorted(one for one in named if len(one) > 3)]


def _edits(one: str, other: str) -> int:
    """Letters that are missing, too many or swapped with their neighbour, and, as two in short words, wrong (optimal string alignment)."""
    wrong = 1 if len(one) >= _LONG - 1 else 2
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + wrong * (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]
