"""What a summary of themes can't say: voices by themselves, records that wait, dates, names and languages that are missing."""

from collections import Counter

import numpy as np

from assistant.domain.fact import Measure
from assistant.drafting.desk import Desk, listed
from assistant.drafting.facts import Rows
from assistant.drafting.paragraphs import LANGUAGES, readable
from assistant.drafting.profile import TOO_FEW
from assistant.drafting.stored import Stored
from assistant.search.cutoffs import cutoffs_of

_MOST = 5


def gaps(desk: Desk, stored: Stored) -> list[str]:
    """Claims, each about records that a reader would otherwise take as covered. Returns their ids."""
    rows = desk.book.rows(None, desk.book.scope)
    matrix = desk.reader.matrix
    told = (
        (stored.single, "records of which no statement is in a theme of three or more", "are in no theme, being unlike all others"),
        (stored.waiting, "records of which nothing is in a theme yet", "came in after the themes were found, and are in none"),
        (rows[np.isnan(matrix.said_at[rows])], "records without a date", "have no date, and don't count in what changed"),
        (rows[matrix.person.codes[rows] < 0], "records without an author", "name no author, and are not counted as people"),
        (rows[matrix.reach_account.codes[rows] < 0], "records without an account", "name no account, and count for none"),
    )  # fmt: skip
    claims = [_records(desk, some, rule, text) for some, rule, text in told if len(some)]
    return [*claims, *_languages(desk, rows), *_ratings(desk, rows)]


def _records(desk: Desk, rows: Rows, rule: str, told: str) -> str:
    number = desk.book.fact(Measure.records, desk.book.select(rows, rule))
    return desk.claim(f"Number of records that {told}: {number}.")


def _languages(desk: Desk, rows: Rows) -> list[str]:
    """Languages that the embedder doesn't know well."""
    if cutoffs_of(desk.reader.bench.embedder.identity).above is not None:
        return []
    written = np.array([desk.reader.matrix.rows.language[row] for row in rows.tolist()])
    counts = Counter(written.tolist())
    parts = []
    for code in sorted(counts.keys() - {"en", "und"}, key=lambda one: (-counts[one], one)):
        language = LANGUAGES.get(code, f"the language “{code}”")
        chosen = desk.book.select(rows[written == code], f"records written in {language}")
        if desk.how_many(chosen) >= TOO_FEW:
            parts.append(f"{language} ({desk.many(chosen)})")
    if not parts:
        return []
    return [
        desk.claim(
            f"Written in {listed(parts[:_MOST])}: the embedder was made for English and groups other languages by their words more "
            "than by what they mean, so their themes are coarser and stand beside the English ones."
        )
    ]


def _ratings(desk: Desk, rows: Rows) -> list[str]:
    """Sources without ratings: what people there would give isn't known."""
    matrix = desk.reader.matrix
    sources = np.array([matrix.rows.source[row] for row in rows.tolist()])
    unrated = sorted(set(sources.tolist()) - matrix.rating_ends.keys())
    if not unrated or len(unrated) == len(set(sources.tolist())):
        return []
    chosen = desk.book.select(rows[np.isin(sources, unrated)], "records of sources without ratings")
    number = desk.book.fact(Measure.records, chosen)
    named = listed([readable(one) for one in unrated[:_MOST]])
    return [desk.claim(f"Number of records of sources that carry no rating ({named}): {number}.")]
