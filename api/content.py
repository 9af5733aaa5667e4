"""What a body must be called before it is read."""

from email.message import Message
from http import HTTPStatus

from starlette.datastructures import Headers

from api.errors import HttpProblem

_LINES = frozenset(
    {
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonl",
        "application/jsonlines",
        "application/x-jsonlines",
    }
)


def demand_lines(headers: Headers) -> None:
    """Refuse what isn't called lines of JSON in UTF-8, or is compressed. Raises: HttpProblem 415."""
    told = Message()
    told["content-type"] = headers.get("content-type", "")
    charset = told.get_content_charset("utf-8")
    if told.get_content_type() not in _LINES or charset.replace("-", "") != "utf8":
        raise _unsupported(
            "not-ndjson",
            "This address takes lines of JSON in UTF-8.",
            "Send 'Content-Type: application/x-ndjson' and one JSON object per line; POST /v1/ingest takes files.",
        )
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise _unsupported(
            "compressed",
            "A compressed body isn't taken.",
            "Send the lines as they are, without Content-Encoding.",
        )


def _unsupported(code: str, detail: str, hint: str) -> HttpProblem:
    return HttpProblem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, code, detail, hint, {"Connection": "close"})
