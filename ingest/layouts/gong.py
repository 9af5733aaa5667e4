"""Gong: transcripts of calls with the list of parties. Only what people of the other side said is kept, a row per turn of speech."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from ingest.connectors.json_source import Json
from ingest.layouts.elements import Dropped, ElementLayout, Found
from ingest.layouts.keys import Obj, child, get, has, items, moment, objects, person_name, text
from ingest.values import DateOrder, parse_date

_OUTSIDE = frozenset({"external", "customer", "prospect", "client"})
_INSIDE = frozenset({"internal", "agent", "rep", "company", "host"})
_CHARS_PER_UNIT = 0.3
"""People speak 3 to 20 characters a second in any script, so 0.003 to 0.02 a millisecond: this lies far from both."""
_LONGEST_CALL_S = 36_000
_ISO = DateOrder(day_first=True, certain=True)
_MAPPING = {
    "text": "transcript.text",
    "title": "metaData.title",
    "external_id": "callId",
    "said_at": "transcript.start",
    "author": "parties.name",
    "account": "parties.account",
    "language": "metaData.language",
    "url": "metaData.url",
    "segment.topic": "transcript.topic",
    "segment.role": "parties.title",
    "segment.channel": "metaData.media",
}


def _elements(page: Obj) -> list[Json]:
    calls = get(page, "callTranscripts")
    if isinstance(calls, list):
        return calls
    calls = get(page, "calls")
    return calls if isinstance(calls, list) and not has(page, "transcript") else [dict(page)]


def _calls(page: Obj) -> Mapping[str, Obj]:
    """What a page says of its calls, by their id; parties that stand beside all calls are under no id."""
    known: dict[str, Obj] = {_call_id(call): call for call in objects(page, "calls") if _call_id(call)}
    return known | {"": {"parties": items(page, "parties")}}


def _call_id(call: Obj) -> str:
    return text(call, "callId") or text(child(call, "metaData"), "id") or text(call, "id")


def _turns(call: Obj) -> list[dict[str, Json]]:
    inner = child(call, "transcript")
    return list(objects(inner, "transcript", "monologues") if inner else objects(call, "transcript"))


def _score(call: Obj) -> float:
    turns = _turns(call)
    if not turns:
        return 0.8 if has(call, "transcript") and (text(call, "callId") or child(call, "metaData")) else 0.0
    good = sum(has(turn, "speakerId") and has(turn, "sentences") for turn in turns) / len(turns)
    return round(good * (1.0 if _call_id(call) or has(call, "parties") else 0.9), 2)


def _rows(call: Obj, beside: Mapping[str, Obj]) -> Iterator[Found]:
    number = _call_id(call)
    # One export holds the transcript and the call's facts apart; others hold them in one object.
    facts = {**beside.get(number, {}), **call}
    about = child(facts, "metaData") or facts
    parties = {
        text(party, "speakerId") or text(party, "id"): party
        for party in objects(beside.get("", {}), "parties")
    }
    parties |= {text(party, "speakerId") or text(party, "id"): party for party in objects(facts, "parties")}
    shared = {
        "metaData.language": text(about, "language")[:2],
        "metaData.url": text(about, "url"),
        "metaData.media": text(about, "media"),
    }
    turns = _turns(call)
    unit = _unit(turns, text(about, "duration"))
    began = parse_date(moment(get(about, "started", "scheduled")), _ISO)
    for place, turn in enumerate(turns, start=1):
        party = parties.get(text(turn, "speakerId"), {})
        spoken = " ".join(part for s in objects(turn, "sentences") if (part := text(s, "text").strip()))
        yield _judged(party) or shared | {
            "transcript.text": spoken,
            # Only speech has a title: else the title of a call would be read as what someone said.
            "metaData.title": text(about, "title") if spoken else "",
            "callId": f"{number}#{place}" if number else "",
            "transcript.start": _clock(began, turn, unit),
            "parties.name": person_name(party) or text(turn, "speakerId"),
            "parties.account": _account(party),
            "transcript.topic": text(turn, "topic"),
            "parties.title": text(party, "title"),
        }


def _judged(party: Obj) -> Dropped | None:
    """Why what a party said isn't a customer's; None where it is."""
    side = text(party, "affiliation", "role", "type").casefold()
    if side in _OUTSIDE:
        return None
    if side in _INSIDE:
        return Dropped("spoken by our own side")
    return Dropped(
        "its speaker's side isn't known" if party else "its speaker isn't among the parties of the call"
    )


def _account(party: Obj) -> str:
    """The name of the account in the customer system that the party belongs to."""
    for system in objects(party, "context"):
        for thing in objects(system, "objects"):
            if text(thing, "objectType").casefold() == "account":
                named = [
                    text(f, "value") for f in objects(thing, "fields") if text(f, "name").casefold() == "name"
                ]
                return next(filter(None, named), "")
    return text(party, "company", "account")


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        return 0.0
    return number if 0 <= number < 1e12 else 0.0


def _unit(turns: list[dict[str, Json]], duration: str) -> float:
    """Seconds in one unit of the sentences' times: 1 or 0.001, by how fast people would speak."""
    chars, spoken, last = 0, 0.0, 0.0
    for turn in turns:
        for sentence in objects(turn, "sentences"):
            start, end = _number(text(sentence, "start")), _number(text(sentence, "end"))
            last = max(last, start, end)
            if end > start:
                chars += len(text(sentence, "text").strip())
                spoken += end - start
    if chars and spoken:
        return 1.0 if chars / spoken > _CHARS_PER_UNIT else 0.001
    return 0.001 if last > (2 * _number(duration) or _LONGEST_CALL_S) else 1.0


def _clock(began: datetime | None, turn: Obj, unit: float) -> str:
    """When a turn was spoken; empty where it isn't known when the call began."""
    first = next(objects(turn, "sentences"), {})
    if began is None:
        return ""
    try:
        moment_s = timedelta(seconds=_number(text(first, "start") or text(turn, "start")) * unit)
        return (began + moment_s).astimezone(UTC).isoformat(timespec="seconds")
    except OverflowError:
        return began.isoformat()


GONG = ElementLayout(
    name="gong",
    source="gong",
    mapping=_MAPPING,
    elements=_elements,
    score=_score,
    rows=_rows,
    alien="not a transcript of a call",
    beside=_calls,
)
