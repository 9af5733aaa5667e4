"""Who counts as whom, worked out again from the ledgers, without the code that resolves them for search and drafts."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.stores.port import CorpusRows

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Named:
    """A column as numbers: the place of each value among those that occur."""

    codes: Codes
    """Shape (records,); -1 where there is none."""
    names: tuple[Hashable, ...]

    def among(self, allowed: Sequence[Hashable]) -> npt.NDArray[np.bool_]:
        """Which records hold one of these values."""
        # One place more, for -1.
        is_allowed = np.zeros(len(self.names) + 1, dtype=np.bool_)
        is_allowed[:-1] = [name in allowed for name in self.names]
        chosen: npt.NDArray[np.bool_] = is_allowed[self.codes]
        return chosen


def named(values: Sequence[Hashable | None]) -> Named:
    """Number the values of a column."""
    numbers: dict[Hashable | None, int] = {None: -1}
    names = [value for value in dict.fromkeys(values) if value is not None]
    numbers.update((name, place) for place, name in enumerate(names))
    codes = np.fromiter(map(numbers.__getitem__, values), np.int32, len(values))
    return Named(codes, tuple(names))


@dataclass(frozen=True)
class Reach:
    """Per record of the corpus, who counts."""

    person: Codes
    voice: Codes
    account: Codes


def reach_of(corpus: CorpusRows) -> Reach:
    """Apply the ledgers to what the records themselves say."""
    person = _people(corpus)
    return Reach(
        named(person).codes,
        named(_voices(corpus, person)).codes,
        named(_accounts(corpus, person)).codes,
    )


def _people(corpus: CorpusRows) -> list[str | None]:
    authors = corpus.authors or corpus.person
    people = corpus.ledger.people
    return [people.get(author, author) if author else None for author in authors]


def _voices(corpus: CorpusRows, person: Sequence[str | None]) -> list[Hashable]:
    ledger = corpus.ledger
    counted: list[Hashable] = list(corpus.own_voices or corpus.voice)
    linked = ledger.twins.keys() | ledger.apart
    for row, record_id in enumerate(corpus.record_ids):
        if record_id not in linked:
            continue
        link, who = ledger.twins.get(record_id), person[row]
        if record_id in ledger.apart:
            counted[row] = ("alone", record_id)
        elif link is not None:
            home = corpus.account[row] or ""
            counted[row] = (
                ("group", link.first_id, who)
                if who
                else ("group of nobody", link.first_id, home, link.figures)
            )
    return counted


def _accounts(corpus: CorpusRows, person: Sequence[str | None]) -> list[str | None]:
    merged = set(corpus.ledger.people.values())
    if not merged:
        return list(corpus.account)
    homes: dict[str, set[str]] = {}
    for who, account in zip(person, corpus.account, strict=True):
        if who in merged and who and account:
            homes.setdefault(who, set()).add(account)
    return [
        next(iter(homes[who])) if account is None and who and len(homes.get(who, ())) == 1 else account
        for who, account in zip(person, corpus.account, strict=True)
    ]
