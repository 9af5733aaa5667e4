"""App Store Connect: customer reviews by its JSON:API, a document, a page per line or a review per line."""

from collections.abc import Iterator, Mapping

from ingest.connectors.json_source import Json
from ingest.layouts.elements import Dropped, ElementLayout, Found
from ingest.layouts.keys import Obj, child, get, has, items, moment, text

_ATTRIBUTES = ("rating", "title", "body", "reviewerNickname", "createdDate", "territory")
_REVIEW, _ANSWER = "customerreviews", "customerreviewresponses"
_MAPPING = {
    "text": "attributes.body",
    "title": "attributes.title",
    "external_id": "id",
    "said_at": "attributes.createdDate",
    "author": "attributes.reviewerNickname",
    "rating": "attributes.rating",
    "url": "links.self",
    "segment.territory": "attributes.territory",
    "segment.app_version": "attributes.appVersion",
}


def _elements(page: Obj) -> list[Json]:
    data = get(page, "data")
    if data is None:
        return [] if has(page, "data") else [dict(page)]
    return [*(data if isinstance(data, list) else [data]), *items(page, "included")]


def _score(review: Obj) -> float:
    attributes = child(review, "attributes")
    kind = text(review, "type").casefold()
    if kind == _ANSWER:
        return 1.0
    share = sum(has(attributes, name) for name in _ATTRIBUTES) / len(_ATTRIBUTES)
    if kind:
        return max(share, 0.95) if kind == _REVIEW else 0.0
    # Other JSON:API exports have attributes too: only these names together say what it is.
    return share if share >= 0.5 and has(attributes, "reviewerNickname") else 0.0


def _rows(review: Obj, _beside: Mapping[str, Obj]) -> Iterator[Found]:
    if text(review, "type").casefold() == _ANSWER:
        yield Dropped("the developer's answer to a review")
        return
    attributes = child(review, "attributes")
    yield {
        "attributes.body": text(attributes, "body"),
        "attributes.title": text(attributes, "title"),
        "id": text(review, "id"),
        "attributes.createdDate": moment(get(attributes, "createdDate")),
        "attributes.reviewerNickname": text(attributes, "reviewerNickname"),
        "attributes.rating": text(attributes, "rating"),
        "links.self": text(child(review, "links"), "self"),
        "attributes.territory": text(attributes, "territory"),
        "attributes.appVersion": text(
            attributes, "appVersion", "appVersionString", "versionString", "version"
        ),
    }


APP_STORE = ElementLayout(
    name="app-store-connect",
    source="app-store",
    mapping=_MAPPING,
    elements=_elements,
    score=_score,
    rows=_rows,
    alien="not a customer review",
)
