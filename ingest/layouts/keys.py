"""Looking things up in parsed JSON whose keys may be missing, null, of another type or written in another case."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from ingest.connectors.cells import cell_text
from ingest.connectors.json_source import Json

Obj = Mapping[str, Json]

_MAX_KEYS = 1_000
"""In larger objects, which no export has, only exact names are found: trying other cases takes time for each key."""
_MILLISECONDS_FROM = 1e11
"""As seconds this would be the year 5138."""


@lru_cache(maxsize=4096)
def _plain(key: str) -> str:
    return key.replace("_", "").replace("-", "").replace(" ", "").casefold()


def get(owner: Obj, *names: str) -> Json:
    """The first of the named values that isn't null; `createdAt`, `created_at` and `CREATED_AT` are the same name."""
    for name in names:
        if (value := owner.get(name)) is not None:
            return value
    if len(owner) > _MAX_KEYS:
        return None
    places = _places(names)
    best: Json = None
    best_place = len(names)
    for key, value in owner.items():
        place = places.get(_plain(key), best_place)
        if place < best_place and value is not None:
            best, best_place = value, place
    return best


@lru_cache(maxsize=1024)
def _places(names: tuple[str, ...]) -> dict[str, int]:
    return {_plain(name): place for place, name in reversed(list(enumerate(names)))}


def has(owner: Obj, name: str) -> bool:
    """Whether there is such a key, be its value null."""
    return name in owner or (len(owner) <= _MAX_KEYS and _plain(name) in map(_plain, owner))


def text(owner: Obj, *names: str) -> str:
    """The value as text; empty where there is none, or where it is no single value."""
    value = get(owner, *names)
    return "" if isinstance(value, list | dict) else cell_text(value)


def child(owner: Obj, *names: str) -> dict[str, Json]:
    """The object under a name; empty where there is none."""
    value = get(owner, *names)
    return value if isinstance(value, dict) else {}


def items(owner: Obj, *names: str) -> list[Json]:
    """The array under a name; empty where there is none."""
    value = get(owner, *names)
    return value if isinstance(value, list) else []


def objects(owner: Obj, *names: str) -> Iterator[dict[str, Json]]:
    """The objects of the array under a name."""
    return (item for item in items(owner, *names) if isinstance(item, dict))


def names(owner: Obj, *keys: str) -> str:
    """An array of labels, as texts or as objects with a `name`, on one line."""
    found = [
        text(item, "name") if isinstance(item, dict) else cell_text(item) for item in items(owner, *keys)
    ]
    return ", ".join(name for name in found if name)


def moment(value: Json) -> str:
    """A time as ISO 8601 in UTC where it is a number of seconds or milliseconds since 1970; other texts as they are."""
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = value
    else:
        return ""
    try:
        seconds = number / (1000 if abs(number) >= _MILLISECONDS_FROM else 1)
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return cell_text(value)


def person_name(person: Obj) -> str:
    """What a person is known by across systems: the e-mail address, else the name, else the id."""
    return text(person, "email", "emailAddress") or text(person, "name") or text(person, "id")
