"""Who counts as whom, worked out again from the ledgers by plain loops, without the code that resolves them for search and drafts."""

from dataclasses import dataclass

from assistant.stores.port import CorpusRows


@dataclass(frozen=True)
class Reach:
    """Per record of the corpus, who counts."""

    person: list[str | None]
    voice: list[tuple[str, ...]]
    account: list[str | None]


def reach_of(corpus: CorpusRows) -> Reach:
    """Apply the ledgers to what the records themselves say."""
    authors = corpus.authors or corpus.person
    voices = corpus.own_voices or corpus.voice
    ledger = corpus.ledger
    person = [ledger.people.get(author, author) if author else None for author in authors]
    counted: list[tuple[str, ...]] = []
    homes: dict[str, set[str]] = {}
    firsts = set(ledger.people.values())
    for row, record_id in enumerate(corpus.record_ids):
        who, account = person[row], corpus.account[row]
        if who and account and who in firsts:
            homes.setdefault(who, set()).add(account)
        link = ledger.twins.get(record_id)
        if record_id in ledger.apart:
            counted.append(("alone", record_id))
        elif link is None:
            counted.append(("own", voices[row]))
        elif who:
            counted.append(("group", link.first_id, who))
        else:
            counted.append(("group of nobody", link.first_id, account or "", link.figures))
    accounts = [
        next(iter(homes[who])) if account is None and who and len(homes.get(who, ())) == 1 else account
        for who, account in zip(person, corpus.account, strict=True)
    ]
    return Reach(person, counted, accounts)
