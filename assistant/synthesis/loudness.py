"""Themes that look larger than they are: a loud minority, a burst. The rules stand at `LoudMinority` and `Burst`, all in whole numbers."""

from datetime import UTC, datetime

import numpy as np

from assistant.domain.theme_facts import Burst, LoudMinority
from assistant.search.matrix import Floats, Ints
from assistant.synthesis.pairs import Held, Pairs

LEAST_RECORDS = 12
_LOUD_ACCOUNTS = 3
_BURST_RECORDS = 10
_WINDOW_S = 7 * 86_400
_APART = 1 << 40
"""Seconds; more than between any two dates."""


def loud_minorities(pairs: Pairs) -> list[LoudMinority | None]:
    """The loud minority of each group; None where many share in it, or too little is known of who wrote."""
    people, accounts = pairs.by_person, pairs.by_account
    by_people, by_accounts = (
        _loudest(people, np.maximum(1, people.sizes // 5)),
        _loudest(accounts, np.maximum(1, accounts.sizes // 5)),
    )
    top = _loudest(accounts, np.full(pairs.groups, _LOUD_ACCOUNTS))
    in_top = _people_of(pairs, top)
    found: list[LoudMinority | None] = []
    for group, size in enumerate(pairs.sizes.tolist()):
        written = [int(accounts.records[row]) for row in top[group]]
        found.append(
            (
                _fifth("people", people, group, by_people[group], size)
                if _is_known(people, group, size)
                else _fifth("accounts", accounts, group, by_accounts[group], size)
                if _is_known(accounts, group, size)
                else None
            )
            or _three(accounts, group, sum(written), in_top[group], int(people.sizes[group]), size)
        )
    return found


def bursts(pairs: Pairs, all_dates: Floats) -> list[Burst | None]:
    """The burst of each group. Args: all_dates: Unix seconds of everything that was said, ascending, no NaN."""
    times = pairs.matrix.said_at[pairs.record]
    dated = np.flatnonzero(~np.isnan(times))
    order = dated[np.lexsort((pairs.record[dated], times[dated], pairs.group[dated]))]
    keys = pairs.group[order] * _APART + times[order].astype(np.int64)
    count = np.searchsorted(keys, keys + _WINDOW_S) - np.arange(len(keys))
    starts = np.searchsorted(pairs.group[order], np.arange(pairs.groups + 1))
    found: list[Burst | None] = [None] * pairs.groups
    for group, (first, end) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)):
        if end - first < _BURST_RECORDS:
            continue
        at = first + int(count[first:end].argmax())
        many = int(count[at])
        if many >= _BURST_RECORDS and 10 * many >= 3 * (end - first):
            found[group] = _burst(pairs, order[at : at + many], end - first, all_dates)
    return found


def _loudest(among: Held, few: Ints) -> list[list[int]]:
    """Rows of the holders who wrote most, so many of each group; ties by holder."""
    order = np.lexsort((among.holder, -among.records, among.group))
    ends = np.cumsum(among.sizes)
    return [
        order[end - size : end - size + most].tolist()
        for end, size, most in zip(
            ends.tolist(), among.sizes.tolist(), np.minimum(few, among.sizes).tolist(), strict=True
        )
    ]


def _is_known(among: Held, group: int, size: int) -> bool:
    return bool(5 * among.known[group] >= 4 * size)


def _fifth(by: str, among: Held, group: int, loudest: list[int], size: int) -> LoudMinority | None:
    written, known = sum(int(among.records[row]) for row in loudest), int(among.known[group])
    if size < LEAST_RECORDS or 2 * written < known:
        return None
    return LoudMinority.model_validate(
        {
            "by": by,
            "few": len(loudest),
            "of": int(among.sizes[group]),
            "records": written,
            "of_records": known,
        }
    )


def _three(
    accounts: Held, group: int, written: int, inside: int, people: int, size: int
) -> LoudMinority | None:
    many = int(accounts.sizes[group])
    if size < LEAST_RECORDS or many <= _LOUD_ACCOUNTS or not people:
        return None
    if 20 * written < 9 * size or 4 * inside > people:
        return None
    return LoudMinority(by="accounts", few=_LOUD_ACCOUNTS, of=many, records=written, of_records=size)


def _people_of(pairs: Pairs, top: list[list[int]]) -> list[int]:
    """Known people of each group in its loudest accounts."""
    is_top = np.zeros(len(pairs.by_account.group) + 1, dtype=np.bool_)
    is_top[[row for rows in top for row in rows]] = True
    is_top[-1] = False
    inside = is_top[pairs.by_account.place] & (pairs.person >= 0)
    places = np.unique(pairs.by_person.place[inside])
    counts: list[int] = np.bincount(pairs.by_person.group[places], minlength=pairs.groups).tolist()
    return counts


def _burst(pairs: Pairs, window: Ints, dated: int, all_dates: Floats) -> Burst | None:
    times = pairs.matrix.said_at[pairs.record[window]]
    first = float(times[0])
    usual = int(np.searchsorted(all_dates, first + _WINDOW_S) - np.searchsorted(all_dates, first))
    if 3 * usual * dated > len(window) * len(all_dates):
        return None
    for among in (pairs.by_person, pairs.by_account):
        places = among.place[window]
        places = places[places >= 0]
        who = len(np.unique(places))
        if 5 * len(places) >= 4 * len(window):
            if 2 * who > len(window):
                return None
            return Burst(
                first=_day(first),
                last=_day(float(times[-1])),
                records=len(window),
                people=who,
                share=len(window) / dated,
                usual=usual / len(all_dates),
            )
    return None


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
