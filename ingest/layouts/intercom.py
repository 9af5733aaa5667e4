"""Intercom: conversations by its API or export. What users and leads wrote is kept, as text; the team's and bots' parts are dropped."""

from collections.abc import Iterator, Mapping

from ingest.connectors.json_source import Json
from ingest.layouts.elements import Dropped, ElementLayout, Found
from ingest.layouts.keys import Obj, child, get, has, moment, names, objects, person_name, text
from ingest.layouts.markup import plain_text

_CUSTOMERS = frozenset({"user", "lead", "contact", "visitor"})
_MESSAGES = frozenset({"", "comment", "message", "open", "quick_reply"})
_MAPPING = {
    "text": "conversation_parts.body",
    "title": "source.subject",
    "external_id": "id",
    "said_at": "conversation_parts.created_at",
    "author": "conversation_parts.author",
    "account": "company",
    "rating": "conversation_rating.rating",
    "url": "links.conversation_web",
    "segment.state": "state",
    "segment.priority": "priority",
    "segment.channel": "source.type",
    "segment.tags": "tags",
    "segment.topics": "topics",
}


def _elements(page: Obj) -> list[Json]:
    found = get(page, "conversations", "data")
    return found if isinstance(found, list) and not has(page, "conversation_parts") else [dict(page)]


def _source(conversation: Obj) -> dict[str, Json]:
    return child(conversation, "source", "conversation_message")


def _parts(conversation: Obj) -> Iterator[dict[str, Json]]:
    inner = child(conversation, "conversation_parts")
    return objects(inner or conversation, "conversation_parts")


def _score(conversation: Obj) -> float:
    source = _source(conversation)
    written = text(child(source, "author"), "type") and has(source, "body")
    if text(conversation, "type").casefold() == "conversation":
        return 1.0 if source or has(conversation, "conversation_parts") else 0.9
    if has(conversation, "conversation_parts"):
        return 0.95 if written or any(child(part, "author") for part in _parts(conversation)) else 0.5
    return 0.8 if written else 0.0


def _rows(conversation: Obj, _beside: Mapping[str, Obj]) -> Iterator[Found]:
    number = text(conversation, "id")
    shared = _shared(conversation)
    if source := _source(conversation):
        yield _judged(source) or shared | {
            "conversation_parts.body": plain_text(text(source, "body")),
            "source.subject": plain_text(text(source, "subject")),
            "id": number,
            "conversation_parts.created_at": moment(
                get(source, "created_at") or get(conversation, "created_at")
            ),
            "conversation_parts.author": person_name(child(source, "author")),
        }
    for place, part in enumerate(_parts(conversation), start=1):
        yield _judged(part) or shared | {
            "conversation_parts.body": plain_text(text(part, "body")),
            "id": f"{number}#{text(part, 'id') or place}",
            "conversation_parts.created_at": moment(get(part, "created_at")),
            "conversation_parts.author": person_name(child(part, "author")),
        }
    rating = child(conversation, "conversation_rating")
    if remark := text(rating, "remark"):
        # The rating is of the support, so it goes with the remark and not with what was asked.
        yield shared | {
            "conversation_parts.body": plain_text(remark),
            "id": f"{number}#rating",
            "conversation_parts.created_at": moment(get(rating, "created_at")),
            "conversation_parts.author": person_name(_asker(conversation)),
            "conversation_rating.rating": text(rating, "rating"),
        }


def _shared(conversation: Obj) -> dict[str, str]:
    return {
        "company": text(child(conversation, "company"), "name"),
        "links.conversation_web": text(child(conversation, "links"), "conversation_web"),
        "state": text(conversation, "state"),
        "priority": text(conversation, "priority"),
        "source.type": text(_source(conversation), "type"),
        "tags": names(child(conversation, "tags") or conversation, "tags"),
        "topics": names(child(conversation, "topics") or conversation, "topics"),
    }


def _asker(conversation: Obj) -> Obj:
    """The customer of a conversation: who rated it."""
    authors = [child(part, "author") for part in (_source(conversation), *_parts(conversation))]
    return next((author for author in authors if _side(author) in _CUSTOMERS), {})


def _side(author: Obj) -> str:
    return text(author, "type").casefold()


def _judged(part: Obj) -> Dropped | None:
    """Why a part isn't a customer's words; None where it is."""
    kind = text(part, "part_type").casefold()
    side = _side(child(part, "author"))
    if kind.startswith("note"):
        return Dropped("an internal note")
    if kind not in _MESSAGES or (kind == "open" and not text(part, "body")):
        return Dropped("an event without a message, for example an assignment")
    if get(part, "redacted") is True:
        return Dropped("a message that was deleted")
    if side in _CUSTOMERS:
        return None
    if side == "bot":
        return Dropped("written by a bot")
    return Dropped("written by the team" if side else "its author isn't named, who may be of the team")


INTERCOM = ElementLayout(
    name="intercom",
    source="intercom",
    mapping=_MAPPING,
    elements=_elements,
    score=_score,
    rows=_rows,
    alien="not an Intercom conversation",
)
