"""A small, varied corpus for tests of whole drafts: five topics, forty people, thirty weeks, two plans."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

_TOPICS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "export": (
        ["The CSV export", "The board export", "Exporting a large board", "The export of my board"],
        ["ends with an empty file", "hangs and never finishes", "loses the last column", "is painfully slow"],
        [
            "so I retype the report by hand every Monday",
            "and I have to start all over again",
            "and my manager waits for the report",
        ],
    ),
    "offline": (
        ["On the train", "In the basement", "On a building site", "In the lift"],
        [
            "I can't open my boards without a network",
            "the app loses my notes when the network drops",
            "I need to tick off tasks offline",
        ],
        ["so I write everything on paper first", "and I do the work twice", "please add an offline mode"],
    ),
    "search": (
        ["Search", "The search box", "Searching for an old card", "The search of archived cards"],
        [
            "finds nothing although the card exists",
            "is slow on our workspace",
            "ignores the words in comments",
        ],
        [
            "so I scroll through all lists",
            "and I ask my colleague instead",
            "I would like to filter by person",
        ],
    ),
    "login": (
        ["The login", "Single sign-on", "Signing in on my phone", "The login page"],
        ["throws me out after an hour", "asks for the code again and again", "fails after the update"],
        ["and I lose what I typed", "so our team shares an account", "please let me stay signed in"],
    ),
    "calendar": (
        ["The new calendar", "The calendar view", "Planning in the calendar"],
        ["is lovely and fast", "works really well for us", "saves me a lot of time"],
        ["thank you", "my team likes it", "great work"],
    ),
}


def write_voices(path: Path, *, rows: int = 180, extra: list[str] | None = None) -> None:
    """Write the corpus as CSV, the same bytes each time.

    Args:
        rows: how many texts; the topics take turns.
        extra: further texts, each by a person of its own.
    """
    chance = random.Random(17)
    topics = list(_TOPICS.values())
    texts = [
        (
            f"{chance.choice(starts)} {chance.choice(middles)}, {chance.choice(ends)}.",
            f"Person {chance.randrange(40)}",
        )
        for starts, middles, ends in (topics[row % len(topics)] for row in range(rows))
    ]
    texts += [(text, f"Stranger {number}") for number, text in enumerate(extra or [])]
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["id", "author", "account", "plan", "said_at", "comment"])
        for number, (text, author) in enumerate(texts):
            account = f"Firm {sum(map(ord, author)) % 12}"
            plan = "enterprise" if sum(map(ord, author)) % 3 else "free"
            said = date(2026, 1, 5) + timedelta(days=chance.randrange(210))
            table.writerow([number, author, account, plan, said.isoformat(), text])
