"""Counts themes over exported records with plain loops, by the words of `domain.theme_facts` and `theme_trend`: no code of ours.

A theme's records are handed in as ids. Numbers that are no counts are compared by the caller within rounding.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from typing import Any

Json = dict[str, Any]
Z = 1.959963984540054


def voices(records: Iterable[Json]) -> list[Json]:
    """The record with the smallest id of each voice."""
    first: dict[str, Json] = {}
    for record in sorted(records, key=lambda one: one["id"]):
        first.setdefault(record["counted"]["voice"], record)
    return list(first.values())


def people(records: Iterable[Json]) -> set[str]:
    """Known people."""
    return {record["counted"]["person"] for record in records if record["counted"]["person"]}


def by_people(everything: list[Json]) -> bool:
    """Whether four of five voices have a known author."""
    said = voices(everything)
    return bool(said) and sum(bool(one["counted"]["person"]) for one in said) >= 0.8 * len(said)


def facts(theme: list[Json], everything: list[Json]) -> Json:
    """What `ThemeFacts` must say. Args: theme: every record of it; everything: every customer record."""
    own, whole = voices(theme), voices(everything)
    unit = by_people(everything)
    size: Callable[[list[Json]], int] = (lambda some: len(people(some))) if unit else len
    known = [one for one in own if one["said_at"]]
    return {
        "counts": "people" if unit else "records",
        "reach": share(size(own), size(whole)),
        "of_records": share(len(own), len(whole)),
        "people": len(people(own)),
        "accounts": len({one["counted"]["account"] for one in own if one["counted"]["account"]}),
        "sources": dict(Counter(one["source"] for one in own)),
        "languages": dict(Counter(one["language"] for one in own)),
        "sentiments": dict(Counter(one["sentiment"] or "unknown" for one in own)),
        "types": dict(Counter(one["type"] or "unknown" for one in own)),
        "segments": segments(own, everything, unit),
        "ratings": ratings(own, everything),
        "undated": len(own) - len(known),
        "loud": loud(own),
        "burst": burst(own, whole),
    }


def share(part: int, whole: int) -> Json:
    """With Wilson's interval, from the textbook."""
    if not whole:
        return {"part": part, "whole": 0, "value": 0.0, "low": 0.0, "high": 1.0}
    p, z2 = part / whole, Z * Z
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z / (1 + z2 / whole) * sqrt(p * (1 - p) / whole + z2 / (4 * whole**2))
    return {
        "part": part,
        "whole": whole,
        "value": p,
        "low": max(0.0, middle - half),
        "high": min(1.0, middle + half),
    }


def segments(own: list[Json], everything: list[Json], unit: bool) -> Json:
    """Value → people with that value alone; several, unknown and rare ones apart."""
    found = {}
    for name in sorted({name for one in everything for name in one["segments"]}):
        said: dict[str, set[str]] = defaultdict(set)
        holders: dict[str, set[str]] = defaultdict(set)
        for one in everything:
            who = one["counted"]["person" if unit else "voice"]
            if who and name in one["segments"]:
                holders[one["segments"][name]].add(who)
        frequent = sorted(holders, key=lambda value: (-len(holders[value]), value))[:24]
        for one in own:
            who = one["counted"]["person"] if unit else one["id"]
            if who:
                said[who] |= {one["segments"][name]} if name in one["segments"] else set()
        only = Counter(next(iter(values)) for values in said.values() if len(values) == 1)
        rest = {
            "others": sum(count for value, count in only.items() if value not in frequent),
            "several": sum(len(values) > 1 for values in said.values()),
            "unknown": sum(not values for values in said.values()),
        }
        if rest["unknown"] < len(said):
            found[name] = {"values": {value: only[value] for value in frequent if only[value]}} | rest
    return found


def ratings(own: list[Json], everything: list[Json]) -> Json:
    """Scale → (count, mean); 1 to 5 where nine of ten ratings of a source say so, else to 10, else to 100."""
    by_scale: dict[tuple[float, float], list[float]] = defaultdict(list)
    for one in own:
        if one["rating"] is None:
            continue
        of_source = [
            other["rating"]
            for other in everything
            if other["source"] == one["source"] and other["rating"] is not None
        ]
        tops = [
            top
            for top in (5.0, 10.0, 100.0)
            if sum(0 <= value <= top for value in of_source) >= 0.9 * len(of_source)
        ]
        top = tops[0] if tops else max(100.0, *of_source)
        zeros = sum(value == 0 for value in of_source) > 0.1 * len(of_source)
        if top == 5.0 and zeros and max(of_source) > 5.0:
            top = 10.0
        scale = (1.0 if top == 5.0 and not zeros else 0.0, top)
        if one["rating"] <= scale[1]:
            by_scale[scale].append(max(one["rating"], scale[0]))
    return {scale: (len(values), sum(values) / len(values)) for scale, values in by_scale.items()}


def loud(own: list[Json]) -> Json | None:
    """The rule of `LoudMinority`, read from its text."""
    if len(own) < 12:
        return None
    for who in ("person", "account"):
        written = Counter(one["counted"][who] for one in own if one["counted"][who])
        if written.total() >= 0.8 * len(own):
            few = max(1, len(written) // 5)
            top = sum(count for _, count in written.most_common(few))
            if top * 2 >= written.total():
                by = "people" if who == "person" else "accounts"
                return {
                    "by": by,
                    "few": few,
                    "of": len(written),
                    "records": top,
                    "of_records": written.total(),
                }
            break
    accounts = Counter(one["counted"]["account"] for one in own if one["counted"]["account"])
    top_three = sorted(accounts, key=lambda name: (-accounts[name], name))[:3]
    inside = [one for one in own if one["counted"]["account"] in top_three]
    if (
        len(accounts) > 3
        and people(own)
        and len(inside) >= 0.45 * len(own)
        and len(people(inside)) * 4 <= len(people(own))
    ):
        return {
            "by": "accounts",
            "few": 3,
            "of": len(accounts),
            "records": len(inside),
            "of_records": len(own),
        }
    return None


def burst(own: list[Json], whole: list[Json]) -> Json | None:
    """The rule of `Burst`, read from its text."""
    mine = sorted((one for one in own if one["said_at"]), key=lambda one: (moment(one), one["id"]))
    every = [moment(one) for one in whole if one["said_at"]]
    week = timedelta(days=7)
    windows = [[one for one in mine if moment(start) <= moment(one) < moment(start) + week] for start in mine]
    if not windows:
        return None
    dense = max(windows, key=len)
    first = moment(dense[0])
    usual = sum(first <= at < first + week for at in every) / len(every)
    if len(dense) < 10 or len(dense) < 0.3 * len(mine) or 3 * usual > len(dense) / len(mine) + 1e-12:
        return None
    for who in ("person", "account"):
        known = [one["counted"][who] for one in dense if one["counted"][who]]
        if len(known) >= 0.8 * len(dense):
            if len(set(known)) * 2 > len(dense):
                return None
            days = [moment(one).date().isoformat() for one in (dense[0], dense[-1])]
            return {"first": days[0], "last": days[1], "records": len(dense), "people": len(set(known))}
    return None


def moment(record: Json) -> datetime:
    """When it was said."""
    return datetime.fromisoformat(record["said_at"]).astimezone(UTC)


def in_period(records: Iterable[Json], first: date, until: date) -> tuple[int, int]:
    """Voices and people of the records from one day to another (exclusive)."""
    inside = [one for one in records if one["said_at"] and first <= moment(one).date() < until]
    return len(voices(inside)), len(people(voices(inside)))


def members(rows: Any, parents: dict[str, str | None]) -> dict[str, set[str]]:
    """Theme id → ids of the records with a statement in it or in a theme below it. Args: rows: `StatementRows`; parents: of themes."""
    found: dict[str, set[str]] = {one: set() for one in parents}
    for record, theme in zip(rows.record.tolist(), rows.theme.tolist(), strict=True):
        at: str | None = rows.theme_ids[theme] if theme >= 0 else None
        while at is not None:
            found[at].add(rows.record_ids[record])
            at = parents[at]
    return found
