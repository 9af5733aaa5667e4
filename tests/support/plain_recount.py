"""Counts a draft's facts over exported records with plain loops: a third opinion, which shares no code with the others."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import Any

Json = dict[str, Any]
WEEK_S = 604_800.0


def recount(fact: Json, draft: Json, records: Iterable[Json]) -> float | int | str:
    """The value that a fact must have. Args: fact, draft, records: as they stand in exported JSON."""
    return _Counting(draft, sorted(records, key=lambda one: one["id"])).value(fact)


class _Counting:
    def __init__(self, draft: Json, records: list[Json]) -> None:
        self.draft = draft
        self.records = records
        for record in records:
            record.setdefault("counted", {name: record[name] for name in ("voice", "person", "account")})

    def value(self, fact: Json) -> float | int | str:
        measure, param = fact["measure"], fact["param"]
        if measure == "constant":
            return str(param)
        if measure == "stated":
            quote, start, end = param.split(":")
            return str(self.draft["quotes"][quote]["text"][int(start) : int(end)])
        if measure.startswith("share_of_"):
            count = _people if measure == "share_of_people" else len
            whole = count(_voices(self.held(fact["denominator"])))
            return count(_voices(self.held(fact["filter"]))) / whole if whole else 0.0
        if measure == "rank_by_people":
            own = _people(_voices(self.held(fact["filter"])))
            peers = [{**fact["filter"], "selection": peer} for peer in fact["peers"]]
            return 1 + sum(_people(_voices(self.held(peer))) > own for peer in peers)
        held = self.held(fact["filter"])
        if measure == "per_week":
            return self._per_week(fact["filter"], held)
        return _plain(measure, param, held, _voices(held))

    def held(self, where: Json) -> list[Json]:
        members = (
            None
            if where["selection"] is None
            else set(self.draft["selections"][where["selection"]]["record_ids"])
        )
        return [
            record
            for record in self.records
            if (members is None or record["id"] in members) and _inside(record, where["scope"])
        ]

    def _per_week(self, where: Json, held: list[Json]) -> float:
        window = _moments(self.held({**where, "selection": None}))
        if not window:
            return 0.0
        start = _moment(where["scope"]["since"]) if where["scope"]["since"] else window[0]
        end = _moment(where["scope"]["until"]) if where["scope"]["until"] else window[-1]
        return len(_moments(_voices(held))) / max(1.0, (end - start) / WEEK_S)


def _inside(record: Json, scope: Json) -> bool:
    lists = (("kinds", "kind"), ("sources", "source"), ("languages", "language"), ("accounts", "account"))
    if any(scope[many] and record[one] not in scope[many] for many, one in lists):
        return False
    if any(record["segments"].get(name) not in values for name, values in scope["segments"].items()):
        return False
    at = _moment(record["said_at"]) if record["said_at"] else None
    if scope["since"] and (at is None or at < _moment(scope["since"])):
        return False
    if scope["until"] and (at is None or at >= _moment(scope["until"])):
        return False
    rating = record["rating"]
    low, high = scope["min_rating"], scope["max_rating"]
    return (low is None or (rating is not None and rating >= low)) and (
        high is None or (rating is not None and rating <= high)
    )


def _plain(measure: str, param: str, held: list[Json], voices: list[Json]) -> float | int | str:
    moments = _moments(voices)
    if measure == "records":
        return len(voices)
    if measure == "duplicates":
        return len(held) - len(voices)
    if measure == "people":
        return _people(voices)
    if measure == "accounts":
        return len({account for record in voices if (account := record["counted"]["account"])})
    if measure == "top_accounts_share":
        written = sorted(
            Counter(r["counted"]["account"] for r in voices if r["counted"]["account"]).values(), reverse=True
        )
        return sum(written[: int(param)]) / len(voices) if voices else 0.0
    if measure == "weeks":
        return max(1, ceil((moments[-1] - moments[0]) / WEEK_S)) if moments else 0
    if measure in {"first_date", "last_date"}:
        days = sorted(record["said_at"][:10] for record in voices if record["said_at"])
        return str(days[0 if measure == "first_date" else -1]) if days else ""
    if measure == "mean_rating":
        ratings = [record["rating"] for record in voices if record["rating"] is not None]
        return sum(ratings) / len(ratings) if ratings else 0.0
    if measure == "top_value":
        counted = Counter(record["segments"][param] for record in voices if param in record["segments"])
        return str(sorted(counted, key=lambda value: (-counted[value], value))[0]) if counted else ""
    raise AssertionError(f"no plain count for {measure}")


def _voices(records: list[Json]) -> list[Json]:
    first: dict[str, Json] = {}
    for record in records:
        first.setdefault(record["counted"]["voice"], record)
    return list(first.values())


def _people(records: list[Json]) -> int:
    return len({person for record in records if (person := record["counted"]["person"])})


def _moments(records: list[Json]) -> list[float]:
    return sorted(_moment(record["said_at"]) for record in records if record["said_at"])


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
