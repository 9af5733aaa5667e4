"""The depth of JSON, and scopes from requests."""

import time
from pathlib import Path

import pytest

from api.errors import HttpProblem
from api.idempotency import bound_depth
from api.scopes import join_scope
from api.web.pages import link
from assistant.domain.evidence import Scope
from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.wiring import open_workbench


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"a": [1, {"b": []}]}',
        b'"' + b"[" * 500 + b'"',
        b'{"a\\"[": "' + b"{" * 500 + b'"}',
        b"[]" * 500,
    ],
)
def test_flat_json_passes_until_it_is_put_into_deep_json(body: bytes) -> None:
    bound_depth(body)  # raises where it is too deep
    with pytest.raises(HttpProblem):
        bound_depth(b"[" * 65 + body)


@pytest.mark.parametrize("body", [b"[" * 65, b'{"a":' * 65, b'"\\\\"' + b"[" * 65])
def test_deep_json_is_refused(body: bytes) -> None:
    with pytest.raises(HttpProblem):
        bound_depth(body)


@pytest.mark.parametrize(
    "body", [b'"' + b'\\"' * 500_000, b'"' * 500_001, b"\\" * 1_000_000, b'"\\' * 300_000]
)
def test_a_hostile_body_is_looked_at_in_linear_time(body: bytes) -> None:
    started = time.perf_counter()
    bound_depth(body)
    assert time.perf_counter() - started < 2


def test_scope_and_filters_join_where_they_say_different_things(tmp_path: Path) -> None:
    with open_workbench(Settings.load(home=tmp_path)) as bench:
        joined = join_scope(bench, Scope(sources=("reviews",)), ["rating>=4"])
        assert joined == Scope(sources=("reviews",), min_rating=4)
        with pytest.raises(UsageError):
            join_scope(bench, Scope(sources=("reviews",)), ["source=tickets"])


def test_links_name_the_workspace_where_it_is_not_the_default() -> None:
    assert link("/a?b=1", "default", "default") == "/a?b=1"
    assert link("/a?b=1", "default", "acme") == "/a?b=1&workspace=acme"
    assert link("/a", "default", "acme") == "/a?workspace=acme"
