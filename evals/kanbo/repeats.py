"""Exact duplicates and edited copies, as they happen: imported twice, sent again, forwarded by a colleague."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from evals.kanbo.dice import Dice
from evals.kanbo.entry import Entry
from evals.kanbo.people import Person
from evals.kanbo.plan import CHAT, EXACT_DUPLICATES, NEAR_DUPLICATES, NPS, REVIEWS, TICKETS
from evals.kanbo.weeks import LAST_DAY
from evals.kanbo.wording import Writer, common, theme

_NUMBER = re.compile(r"\b\d{2}\b")
_SWAPS = (
    (" please ", " kindly "),
    ("Please ", "Could you please "),
    (" very ", " really "),
    (" can't ", " cannot "),
    ("Every ", "Each "),
    (" people", " colleagues"),
    (" takes ", " needs "),
    (" we have ", " we've got "),
    (" is ", " is still "),
    (" I'd like ", " I would like "),
    (" great", " really great"),
    (" our ", " our whole "),
    (" and ", " & "),
    (" the ", " this "),
)  # fmt: skip


def near_duplicates(entries: list[Entry], writer: Writer, dice: Dice, scale: int) -> list[Entry]:
    """Edited copies by the same person, or of the same account, some days later."""
    colleagues: dict[str, list[Person]] = {}
    for entry in entries:
        if entry.person.account and entry.person.language == "en":
            colleagues.setdefault(entry.person.account.name, []).append(entry.person)
    copies: list[Entry] = []
    texts = {entry.text for entry in entries}
    for name, count in NEAR_DUPLICATES.items():
        long = [
            e
            for e in entries
            if e.theme == name and len(e.text.split()) > 8 and e.stance != "neutral" and not e.extra
        ]
        long = [
            e for e in long if name != "export_large_boards" or e.batch in {"export_after", "export_again"}
        ]
        for original in dice.shuffled(long)[: count * scale]:
            copy = _edited_copy(original, colleagues, writer, dice)
            if copy.text not in texts:
                texts.add(copy.text)
                copies.append(copy)
    return copies


def _edited_copy(original: Entry, colleagues: dict[str, list[Person]], writer: Writer, dice: Dice) -> Entry:
    person = original.person
    account = person.account.name if person.account else ""
    # Export's people and accounts are planted to the last one, so nobody may join them here.
    if original.theme != "export_large_boards" and dice.chance(0.35) and account in colleagues:
        person = dice.pick(colleagues[account])
    text = _edited(original.text, writer, dice)
    when = _later(original.when, timedelta(days=dice.between(1, 9), minutes=dice.below(300)))
    return replace(original, person=person, text=text, when=when, near_of=original)


def _edited(text: str, writer: Writer, dice: Dice) -> str:
    before = text
    ways = dice.shuffled(["swap", "number", "lead", "tail"])
    for way in ways[: dice.between(1, 2)]:
        text = _edit(text, way, writer, dice)
    return text if text != before else _edit(text, "tail", writer, dice)


def _edit(text: str, way: str, writer: Writer, dice: Dice) -> str:
    if way == "swap":
        known = [pair for pair in _SWAPS if pair[0] in text]
        return text.replace(*dice.pick(known), 1) if known else text
    if way == "number":
        return _NUMBER.sub(lambda found: str(int(found.group()) + dice.between(1, 9)), text, count=1)
    if way == "lead" and not _greeted(text):
        return writer.line(common()["near_leads"]) + " " + text
    stop = "" if text.rstrip()[-1:] in ".!?" else "."
    return text + stop + ("\n" if "\n" in text else " ") + writer.line(common()["near_tails"])


def _greeted(text: str) -> bool:
    return any(text.startswith(greeting) for greeting in theme("slow_loading").greetings)


def exact_duplicates(entries: list[Entry], dice: Dice, scale: int) -> list[Entry]:
    """The same person's same text in another row."""
    copies = []
    for source, count in EXACT_DUPLICATES.items():
        own = [e for e in entries if e.source == source and not e.is_empty and e.theme != "prompt_injection"]
        copies += [
            replace(e, when=_resent(e, dice), external_id="") for e in dice.shuffled(own)[: count * scale]
        ]
    return copies


def _resent(entry: Entry, dice: Dice) -> datetime:
    if entry.source in {REVIEWS, NPS}:
        return entry.when
    if entry.source == CHAT:
        return entry.when + timedelta(seconds=dice.between(5, 50))
    minutes = dice.between(2, 2880) if entry.source == TICKETS else dice.between(1, 20)
    return _later(entry.when, timedelta(minutes=minutes))


def _later(when: datetime, wait: timedelta) -> datetime:
    """After the wait, yet not after the last day."""
    later = when + wait
    return later if later.date() <= LAST_DAY else when + timedelta(seconds=30)
