"""What a passage says, in a few marks that are made once when it comes in: stance, symptoms, wish.

Counting who complains of what over 100,000 records then takes no reading of their texts.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.search.instructions import is_instruction_like
from assistant.search.phrases import SYMPTOMS, PhraseKind, has_phrase, symptoms
from assistant.search.stance import DECIDES, PRIOR, score_of
from assistant.stores.moved import Moves, spliced_rows

_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|hallo|dear|good (?:morning|afternoon|evening|day)|guten (?:morgen|tag|abend)|moin|servus"
    r"|bonjour|bonsoir|salut|hola|buenos d[ií]as|buenas (?:tardes|noches))"
    r"(?: (?:there|all|team|everyone|support|\w+ team))?[,!.\s]+)+(?=\S)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_WISHES: frozenset[PhraseKind] = frozenset({"want", "thing", "burden", "loss"})
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def greeting_end(text: str, start: int, end: int) -> int:
    """Where a sentence begins once its greeting is left out."""
    match = _GREETING.match(text, start, end)
    return match.end() if match else start


def marks_of(text: str, language: str = "und") -> str:
    """The marks of a passage: `score|symptom ids|flags`, for example `-2.6|empty,timeout|wu`.

    Args:
        text: cleaned. The flags: `w` it asks for something or tells what it costs; `u` it may be quoted.
        language: of the text.
    """
    plain = text[greeting_end(text, 0, len(text)) :]
    wish = "w" if has_phrase(plain, _WISHES, language) else ""
    usable = "u" if _LETTERS.search(plain) and not is_instruction_like(text) else ""
    named = ",".join(symptom.id for symptom in symptoms(plain, language))
    return f"{score_of(plain, language):.1f}|{named}|{wish}{usable}"


@dataclass(frozen=True)
class Marks:
    """Marks as columns; shape (passages,) each."""

    score: Floats
    symptoms: dict[str, Bools]
    wish: Bools
    usable: Bools

    def at(self, places: npt.NDArray[np.int64] | Bools) -> "Marks":
        """The marks of some passages, by their places or by a mask."""
        symptoms = {name: named[places] for name, named in self.symptoms.items()}
        return Marks(self.score[places], symptoms, self.wish[places], self.usable[places])

    def spliced(self, moves: Moves, new: "Marks") -> "Marks":
        """The marks of a later snapshot's passages. Args: new: of those that came, in their order."""
        symptoms = {name: spliced_rows(moves, old, new.symptoms[name]) for name, old in self.symptoms.items()}
        return Marks(
            spliced_rows(moves, self.score, new.score),
            symptoms,
            spliced_rows(moves, self.wish, new.wish),
            spliced_rows(moves, self.usable, new.usable),
        )

    def stance(self, rating_share: Floats) -> npt.NDArray[np.int8]:
        """1 praise, -1 problem, 0 neither; a rating (0 to 1, NaN where there is none) is a weak hint."""
        score = self.score + PRIOR * np.where(np.isnan(rating_share), 0.0, rating_share - 0.5)
        return (score >= DECIDES).astype(np.int8) - (score <= -DECIDES).astype(np.int8)


def read_marks(written: list[str]) -> Marks:
    """Marks as columns, from what `marks_of` wrote."""
    parts = [text.split("|") for text in written]
    named = [frozenset(part[1].split(",")) for part in parts]
    return Marks(
        score=np.array([float(part[0]) for part in parts], dtype=np.float64),
        symptoms={s.id: np.array([s.id in ids for ids in named], dtype=np.bool_) for s in SYMPTOMS},
        wish=np.array(["w" in part[2] for part in parts], dtype=np.bool_),
        usable=np.array(["u" in part[2] for part in parts], dtype=np.bool_),
    )
