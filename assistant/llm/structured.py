"""Typed answers: a pydantic class becomes a JSON schema, the reply becomes an object of the class, or an error.

Parsing only yields data; nothing of a reply is executed.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import ModelReplyInvalid
from assistant.llm.failures import ReplyUnusable
from assistant.llm.port import ChatModel, ModelCall, ModelReply, OnDelta

T = TypeVar("T", bound=BaseModel)
_OBJECT = re.compile(r'\{\s*["}]')
"""Where a JSON object starts; any other brace is text, for example a placeholder."""
_MEANINGLESS_TO_SERVERS = ("$defs", "title", "default", "discriminator", "examples")
_SHOWN_PROBLEMS = 5


def ask(
    model: ChatModel,
    call: ModelCall,
    schema: type[T],
    *,
    on_delta: OnDelta | None = None,
    attempts: int = 2,
) -> tuple[T, list[ModelReply]]:
    """Ask for an object of a class; a reply that isn't one is sent back once with what is wrong.

    Args:
        model: who is asked.
        call: what is asked; its `json_schema` is set here.
        schema: the class of the answer.
        on_delta: hears the pieces of every attempt.
        attempts: how often to ask at most.

    Returns: the object and all replies, the last of which holds it.

    Raises: ModelReplyInvalid after the last attempt, and the other errors of the model at once.
    """
    call = typed(call, schema)
    replies: list[ModelReply] = []
    complaint = ""
    for attempt in range(1, attempts + 1):
        told = call.model_copy(update={"user": f"{call.user}\n\n{complaint}"}) if complaint else call
        try:
            reply = model.complete(told, on_delta)
            replies.append(reply)
            return parse(reply.text, schema, model.name), replies
        except ModelReplyInvalid as problem:
            if attempt == attempts:
                raise
            # A connection that broke is no fault of the model: the same question then, which is stored under the same key.
            if isinstance(problem, ReplyUnusable):
                complaint = (
                    f"{problem.message} Reply again with one JSON object of the schema and nothing else."
                )
    raise ValueError("attempts must be 1 or more")


def typed(call: ModelCall, schema: type[BaseModel]) -> ModelCall:
    """The call that asks for an object of a class."""
    return call.model_copy(update={"json_schema": reply_schema(schema)})


def parse(text: str, schema: type[T], name: str = "the model") -> T:
    """Read the one JSON object in a reply; a code fence, a byte order mark and text around it are let through.

    Raises: ModelReplyInvalid that says what is wrong, without the reply's own words.
    """
    found = _json_object(text, name)
    try:
        return schema.model_validate_json(found, strict=True)
    except ValidationError as problem:
        details = problem.errors(include_url=False, include_input=False, include_context=False)
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in one['loc']) or 'the reply'}: {one['msg']}"
            for one in details[:_SHOWN_PROBLEMS]
        )
        raise _invalid(name, wrong) from problem


@lru_cache(maxsize=64)
def reply_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a class as servers take it: references written out, all fields required, no others allowed.

    Raises: ValueError for a class that contains itself.
    """
    full = schema.model_json_schema()
    inlined = _inlined(full, full.get("$defs", {}), ())
    return {"title": schema.__name__, **inlined}


def _inlined(
    node: Mapping[str, Any], definitions: Mapping[str, Any], inside: tuple[str, ...]
) -> dict[str, Any]:
    if (reference := node.get("$ref")) is not None:
        name = str(reference).rpartition("/")[2]
        if name in inside:
            raise ValueError(f"the schema of {name} contains itself")
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {
            **_inlined(definitions[name], definitions, (*inside, name)),
            **_inlined(beside, definitions, inside),
        }
    result: dict[str, Any] = {}
    for key, value in node.items():
        if key in _MEANINGLESS_TO_SERVERS:
            continue
        if key == "properties":
            result[key] = {name: _inlined(one, definitions, inside) for name, one in value.items()}
        elif isinstance(value, Mapping):
            result[key] = _inlined(value, definitions, inside)
        elif key in ("anyOf", "oneOf", "allOf", "prefixItems"):
            result["anyOf" if key == "oneOf" else key] = [_inlined(one, definitions, inside) for one in value]
        else:
            result[key] = value
    if "properties" in result:
        result["required"] = list(result["properties"])
        result["additionalProperties"] = False
    return result


def _json_object(text: str, name: str) -> str:
    """The slice of the text that is its one JSON object."""
    found: list[str] = []
    end = 0
    while (match := _OBJECT.search(text, end)) is not None:
        end = _object_end(text, match.start(), name)
        found.append(text[match.start() : end])
    if len(found) != 1:
        raise _invalid(name, f"{len(found) or 'no'} JSON objects where one was asked")
    return found[0]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _object_end(text: str, start: int, name: str) -> int:
    try:
        return _DECODER.raw_decode(text, start)[1]
    except RecursionError as problem:
        raise _invalid(name, "it is nested too deep") from problem
    except json.JSONDecodeError as problem:
        raise _invalid(name, f"not JSON: {problem.msg} at character {problem.pos - start}") from problem
    except ValueError as problem:
        raise _invalid(name, f"not JSON: {problem}") from problem


def _invalid(name: str, what: str) -> ReplyUnusable:
    return ReplyUnusable(
        f"The reply of {name} can't be used: {what}.",
        hint="Try again, or take a model that follows JSON schemas.",
    )
