"""Who counts as whom: the columns of people, voices and accounts, with the ledgers applied."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.base import digest
from assistant.stores.ledger import Ledger
from assistant.stores.port import CorpusRows


def resolved(rows: CorpusRows, ledger: Ledger) -> CorpusRows:
    """The columns as they are counted. Args: rows: as the records have them. Nothing of what a record says is changed."""
    person = tuple(None if one is None else ledger.people.get(one, one) for one in rows.person)
    return replace(
        rows,
        person=person,
        voice=_voices(rows, person, ledger),
        reach_account=_accounts(person, rows.account, ledger),
        authors=rows.person,
        own_voices=rows.voice,
        ledger=ledger,
    )


def _voices(rows: CorpusRows, person: Sequence[str | None], ledger: Ledger) -> tuple[str, ...]:
    if not (ledger.twins or ledger.apart):
        return rows.voice
    voices = list(rows.voice)
    for row, record_id in enumerate(rows.record_ids):
        if record_id in ledger.apart:
            voices[row] = f"apart {record_id}"
        elif link := ledger.twins.get(record_id):
            # Without an author, another account or another number tells two people apart.
            who = person[row] or digest("nobody", rows.account[row], link.figures, size=8)
            voices[row] = f"{link.first_id} {who}"
    return tuple(voices)


def _accounts(
    person: Sequence[str | None], account: Sequence[str | None], ledger: Ledger
) -> tuple[str | None, ...]:
    """A record without an account counts for the one that its merged person has elsewhere, if that is one alone."""
    if not ledger.people:
        return tuple(account)
    merged = set(ledger.people.values())
    known: dict[str, set[str]] = defaultdict(set)
    for who, where in zip(person, account, strict=True):
        if who in merged and where is not None:
            known[who].add(where)
    only = {who: next(iter(where)) for who, where in known.items() if len(where) == 1}
    return tuple(
        where if where is not None or who is None else only.get(who)
        for who, where in zip(person, account, strict=True)
    )
