"""Who counts as whom: the columns of people, voices and accounts, with the ledgers applied."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.domain.base import digest
from assistant.stores.ledger import Ledger
from assistant.stores.moved import Moved, spliced
from assistant.stores.port import CorpusRows


def resolved(rows: CorpusRows, ledger: Ledger) -> CorpusRows:
    """The columns as they are counted. Args: rows: as the records have them. Nothing of what a record says is changed."""
    person = tuple(None if one is None else ledger.people.get(one, one) for one in rows.person)
    return _counted(
        rows,
        ledger,
        person=person,
        voice=_voices(rows, person, ledger, range(len(rows.record_ids))),
        reach_account=_accounts(person, rows.account, ledger),
    )


def resolved_again(rows: CorpusRows, moved: Moved) -> CorpusRows | None:
    """The same by the ledger of before, where the columns of then are known: only records that came are looked at.

    Args: rows: as the records have them. Returns: None where one of them moves the account that counts for another record.
    """
    held, come = moved.before, moved.records_come.tolist()
    ledger = held.ledger
    authors = (rows.person[row] for row in come)
    arrived = [None if one is None else ledger.people.get(one, one) for one in authors]
    person = spliced(moved.records, held.person, arrived)
    left = {held.person[row] for row in moved.records_gone.tolist()}
    touched = {*ledger.people.values()} & {*arrived, *left} if ledger.people else set()
    only = _only(person, rows.account, touched)
    if touched and only != _only(held.person, held.account, touched):
        return None
    accounts = [_counted_account(person[row], rows.account[row], only) for row in come]
    voices = _voices(rows, person, ledger, come)
    return _counted(
        rows,
        ledger,
        person=person,
        voice=spliced(moved.records, held.voice, voices),
        reach_account=spliced(moved.records, held.reach_account, accounts),
    )


def _counted(
    rows: CorpusRows,
    ledger: Ledger,
    *,
    person: tuple[str | None, ...],
    voice: Sequence[str],
    reach_account: tuple[str | None, ...],
) -> CorpusRows:
    return replace(
        rows,
        person=person,
        voice=tuple(voice),
        reach_account=reach_account,
        authors=rows.person,
        own_voices=rows.voice,
        ledger=ledger,
    )


def _voices(
    rows: CorpusRows, person: Sequence[str | None], ledger: Ledger, which: Sequence[int]
) -> list[str]:
    """Of some rows, in that order."""
    voices = [rows.voice[row] for row in which]
    if not (ledger.twins or ledger.apart):
        return voices
    for place, row in enumerate(which):
        record_id = rows.record_ids[row]
        if record_id in ledger.apart:
            voices[place] = f"apart {record_id}"
        elif link := ledger.twins.get(record_id):
            # Without an author, another account or another number tells two people apart.
            who = person[row] or digest("nobody", rows.account[row], link.figures, size=8)
            voices[place] = f"{link.first_id} {who}"
    return voices


def _accounts(
    person: Sequence[str | None], account: Sequence[str | None], ledger: Ledger
) -> tuple[str | None, ...]:
    """A record without an account counts for the one that its merged person has elsewhere, if that is one alone."""
    if not ledger.people:
        return tuple(account)
    only = _only(person, account, {*ledger.people.values()})
    return tuple(_counted_account(who, where, only) for who, where in zip(person, account, strict=True))


def _counted_account(who: str | None, where: str | None, only: dict[str, str]) -> str | None:
    return where if where is not None or who is None else only.get(who)


def _only(
    person: Sequence[str | None], account: Sequence[str | None], whose: Collection[str | None]
) -> dict[str, str]:
    """The account of those of them that have one alone."""
    if not whose:
        return {}
    known: dict[str, set[str]] = defaultdict(set)
    for who, where in zip(person, account, strict=True):
        if where is not None and who is not None and who in whose:
            known[who].add(where)
    return {who: next(iter(where)) for who, where in known.items() if len(where) == 1}
