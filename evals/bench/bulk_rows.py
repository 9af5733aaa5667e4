"""A large CSV as an export gives it: distinct short texts of real sentences, with author, date, rating and three segments."""

import csv
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from evals.bench.texts import many_sentences

HEADER = ("id", "created_at", "author", "rating", "plan", "platform", "country", "comment")
_PLANS = ("free", "team", "pro", "business", "enterprise")
_PLATFORMS = ("iOS", "Android", "Web", "Windows")
_COUNTRIES = ("DE", "FR", "US", "GB", "ES", "NL", "IN", "BR")
_OPENINGS = (
    "",
    "Hi, ",
    "Still the same: ",
    "Since the update: ",
    "On my second phone: ",
    "For our team: ",
    "Last week: ",
)
_CLOSINGS = ("", " Thanks.", " It was on day {n}.", " Version {n}.", " {n} of us see it.", " Ticket {n}.")
_AUTHORS = 40_000
_SEED = 23


def write_bulk(path: Path, data: Path, rows: int, first: int = 0) -> None:
    """Write a CSV of so many rows, without the first ones. The same bytes on every machine.

    Args: data: folder of the public data sets. rows: with those that are left out. first: how many those are.
    """
    dice = random.Random(_SEED)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        for number, text in zip(range(rows), _texts(data, dice), strict=False):
            moment = f"2026-{1 + number % 9:02}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00Z"
            row = (
                f"R-{number:07}",
                moment,
                f"user{dice.randrange(_AUTHORS)}",
                dice.choice((1, 2, 3, 4, 5)),
                dice.choice(_PLANS),
                dice.choice(_PLATFORMS),
                dice.choice(_COUNTRIES),
                text,
            )
            # Thrown as well where it isn't written, so that later rows are the same.
            if number >= first:
                table.writerow(row)


def _texts(data: Path, dice: random.Random) -> Iterator[str]:
    """Real sentences once each, then again and again with another opening and closing, none twice."""
    # Without bug reports: their stack traces are not what people write.
    own = [text for one in many_sentences(data, 80_000) if one.source != "gitbugs" for text in one.texts]
    dice.shuffle(own)
    seen = set(own)
    yield from own
    for number in count(1000):
        sentence = own[number % len(own)]
        text = f"{dice.choice(_OPENINGS)}{sentence}{dice.choice(_CLOSINGS).format(n=number)}"
        if text not in seen:
            seen.add(text)
            yield text
