"""The service's OpenAPI document: what FastAPI tells of the routes, and what holds for all of them.

Names are stable, for generated clients: an operation is called as its function, a form as its operation, and schemas that share a
name bear their module's before it. What isn't the answer that was asked for is a problem (RFC 9457), at OpenAI's addresses its error.
"""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from api.access.credentials import COOKIE
from api.facade.shape import speaks_openai

_Tree = dict[str, Any]

_OPEN = frozenset({"/healthz"})
"""Served to strangers, whatever they send."""
KEYLESS = frozenset(
    {
        "/v1/keys",
        "/v1/hooks",
        "/v1/hooks/{name}/secrets",
        "/v1/erasures",
        "/v1/chat/completions",
        "/v1/webhooks/{tracker}/{connection}",
    }
)
"""POSTs that take no Idempotency-Key; their routes say why."""
_REFS = "#/components/schemas/"
_BYTES = '"contentMediaType": "application/octet-stream"'
"""How JSON Schema of today says that a field is a file; generators of clients know `format` alone."""

_MEANING = {
    400: "The request can't be read: malformed JSON, or a malformed Idempotency-Key",
    401: "A key is needed",
    403: "The key may not do this or belongs to another workspace, or a page of another site asked",
    404: "There is no such thing in the workspace",
    408: "The body came too slowly",
    409: "It contradicts what there is, for example a newer version, or the first request of this Idempotency-Key is being answered",
    413: "The body is too large",
    415: "The address takes another type of body",
    422: "The request can't be used; `errors` names fields",
    429: "Too much at once, or the budget is spent; see Retry-After",
    500: "A fault of the server, whose log says where",
    502: "A model or a tracker answered with what can't be used",
    503: "A store, a model or a tracker can't be reached; see Retry-After",
    504: "The model took too long",
    507: "The disk is full",
}
_ALWAYS = (401, 403, 422, 429, 500, 503)
_OF_CHANGES = (400, 409, 502, 504, 507)
_OF_BODIES = (404, 408, 413, 415)


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    where: str
    message: str


class Problem(BaseModel):
    """Why a request isn't served (RFC 9457), and what to do next. Some problems have members of their own."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="For example urn:voxspec:problem:not-found")
    title: str
    status: int
    detail: str
    hint: str
    code: str
    instance: str
    errors: list[FieldProblem] = Field(default_factory=list)


class OpenaiFault(BaseModel):
    """What OpenAI's clients read of an error."""

    message: str
    type: str
    param: str | None
    code: str


class OpenaiError(BaseModel):
    """Why a request isn't served, where OpenAI's protocol is spoken."""

    error: OpenaiFault


class Described(FastAPI):
    """An application whose document tells also what holds for all routes."""

    def openapi(self) -> _Tree:
        """The document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = _completed(super().openapi())
        return self.openapi_schema


def operation_name(route: APIRoute) -> str:
    """Id of an operation: the name of its function."""
    return route.name


def _completed(told: _Tree) -> _Tree:
    told = _renamed(told)
    told["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    parts = told["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    for model in (Problem, OpenaiError):
        schema = model.model_json_schema(ref_template=_REFS + "{model}")
        parts["schemas"] |= schema.pop("$defs", {}) | {model.__name__: schema}
    # Generators of clients name classes by titles: no two may be the same.
    parts["schemas"] = {name: schema | {"title": name} for name, schema in sorted(parts["schemas"].items())}
    parts["responses"] = dict(_refusals())
    parts["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key of the service or of a workspace"},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "A browser's session"},
    }
    # The empty one: a service on loopback for which no key is set asks for none.
    told["security"] = [{"key": []}, {"session": []}, {}]
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return told


def _complete(path: str, method: str, operation: _Tree) -> None:
    if path in _OPEN:
        operation["security"] = []
        return
    statuses = {*_ALWAYS}
    if method != "get":
        statuses |= {*_OF_CHANGES}
    if "requestBody" in operation:
        statuses |= {*_OF_BODIES}
    if "{" in path:
        statuses.add(404)
    statuses |= {int(status) for status in operation["responses"] if status >= "400"}
    openai = speaks_openai(path)
    for status in sorted(statuses):
        name = f"{'Openai' if openai else ''}{_name(status)}"
        told = operation["responses"].get(str(status), {})
        if set(told.get("content", {})) - {"application/json"} or (
            str(status) != "422" and "content" in told
        ):
            continue
        of_its_own = told.get("description") if status != 422 else None
        refusal: _Tree = {"$ref": f"#/components/responses/{name}"}
        if of_its_own:
            refusal = _refusal(of_its_own, openai=openai)
        operation["responses"][str(status)] = refusal
    operation["responses"] = dict(sorted(operation["responses"].items()))
    if method == "post" and path not in KEYLESS:
        operation.setdefault("parameters", []).append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key and content give the stored answer for a day",
                "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
            }
        )


def _refusals() -> Iterator[tuple[str, _Tree]]:
    for status, meaning in _MEANING.items():
        yield _name(status), _refusal(meaning, openai=False)
        yield f"Openai{_name(status)}", _refusal(meaning, openai=True)


def _refusal(meaning: str, *, openai: bool) -> _Tree:
    media, model = ("application/json", OpenaiError) if openai else ("application/problem+json", Problem)
    return {"description": meaning, "content": {media: {"schema": {"$ref": _REFS + model.__name__}}}}


def _name(status: int) -> str:
    return re.sub(r"\W", "", HTTPStatus(status).phrase.title())


def _renamed(told: _Tree) -> _Tree:
    """The document with schema names that a person would give."""
    names = {name: _plain(name) for name in told["components"]["schemas"]}
    clashing = {name for name in names if list(names.values()).count(names[name]) > 1}
    names |= {name: name for name in clashing}
    text = json.dumps(told).replace(_BYTES, f'"format": "binary", {_BYTES}')
    for name, plain in names.items():
        text = text.replace(f'"{_REFS}{name}"', f'"{_REFS}{plain}"')
    renamed: _Tree = json.loads(text)
    schemas = renamed["components"]["schemas"]
    renamed["components"]["schemas"] = {names[name]: schema for name, schema in schemas.items()}
    return renamed


def _plain(name: str) -> str:
    if name.startswith("Body_"):
        return _camel(name.removeprefix("Body_")) + "Form"
    *folders, last = name.replace("-", "").split("__")
    return _camel(folders[-1]) + last if folders else last


def _camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))
