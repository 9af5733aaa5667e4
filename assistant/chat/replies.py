"""A person's answer to a question: one of its options, `skip`, or `just draft`."""

import re
from dataclasses import dataclass

from assistant.chat.intents.own_words import own_words
from assistant.chat.notes import filled
from assistant.domain.thread import Option, Turn

SKIP, JUST_DRAFT = "skip", "just_draft"
_SKIP = re.compile(
    r"^\W*(?:skip(?: it| this)?|next|i don['’]?t (?:know|care)|no idea|whatever|you decide|überspring\w*|weiter|egal|weiß nicht|passe|passer|je ne sais pas|saltar|omitir|no s[eé]|スキップ|跳过)\W*$",
    re.IGNORECASE,
)
_JUST = re.compile(
    r"\bjust (?:draft|write|do|go)\b|\bgo ahead\b|\bstop asking\b|\beinfach (?:schreib\w*|mach\w*|los)\b|\bleg los\b|\bvas-y\b|\brédige directement\b|\bsimplemente escr|\badelante\b|とにかく書いて|直接写",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"^\W*(?:option |number |no\.? |nr\.? )?(?:(\d)|(first|second|third|fourth)|(?:the )(first|second|third|fourth)(?: one)?)\W*$",
    re.IGNORECASE,
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_YES = re.compile(
    r"^\W*(?:yes|yep|ok(?:ay)?|sure|fine|ja|gern|oui|d['’]accord|s[ií]|vale|はい|好的?|是)\W*$", re.IGNORECASE
)


_TAKE = re.compile(
    r"^\W*(?:(?:yes|ok(?:ay)?|ja|oui|s[ií])\W+)?(?:please |bitte )?(?:apply|accept|take|keep|use|do)(?: it| that| this| them| the (?:change|changes|proposal))?(?: please)?\W*$"
    r"|^\W*(?:übernehmen|übernimm (?:das|es)|anwenden|applique[rz]?(?:-le)?|aplica(?:r|lo)?|適用(?:して)?|应用|采用)\W*$",
    re.IGNORECASE,
)
_LEAVE = re.compile(
    r"^\W*(?:no|nope|nein|non|discard(?: it)?|reject(?: it)?|leave it(?: as it is)?|never ?mind|don['’]?t|lass es|いいえ|不)\W*$",
    re.IGNORECASE,
)
APPLY, DISCARD = "apply", "discard"


def taken(turn: Turn) -> bool | None:
    """Whether a turn takes what was proposed before it, or leaves it; None where it says something else."""
    if turn.choice in (APPLY, DISCARD):
        return turn.choice == APPLY
    words = own_words(turn.text)
    if _TAKE.match(words) or _YES.match(words):
        return True
    return False if _LEAVE.match(words) else None


def wants_no_questions(words: str) -> bool:
    """Whether the person wants it written at once: `just draft`, `go ahead`."""
    return bool(_JUST.search(words))


@dataclass(frozen=True)
class Picked:
    """What was answered."""

    option: Option | None
    """None: the person left it open."""
    just_draft: bool = False


def picked(asked: Turn, turn: Turn) -> Picked | None:
    """The answer that a turn gives; None where it says something else."""
    assert asked.question is not None
    options = asked.question.options
    if turn.choice in (SKIP, JUST_DRAFT):
        return Picked(None, turn.choice == JUST_DRAFT)
    if turn.choice:
        return next((Picked(one) for one in options if one.id == turn.choice), None)
    words = own_words(turn.text)
    if _JUST.search(words):
        return Picked(None, just_draft=True)
    if _SKIP.match(words):
        return Picked(None)
    if _YES.match(words):
        return Picked(options[0])
    if match := _PLACE.match(words):
        word = (match[2] or match[3] or "").casefold()
        place = int(match[1]) if match[1] else _ORDINALS[word]
        return Picked(options[place - 1]) if 1 <= place <= len(options) else None
    said = _plain(turn.text)
    named = [
        one for one in options if said and (said == one.id or said == _plain(filled(asked.body, one.text)))
    ]
    return Picked(named[0]) if named else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
