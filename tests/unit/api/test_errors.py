"""Every error of ours has a status."""

import pytest
from starlette.requests import Request

from api.errors import answer, from_voxspec, internal, respond, status_of
from assistant import errors


def _all(kind: type[errors.VoxspecError]) -> list[type[errors.VoxspecError]]:
    return [kind, *(deep for child in kind.__subclasses__() for deep in _all(child))]


@pytest.mark.parametrize(
    "kind", [kind for kind in _all(errors.VoxspecError) if kind is not errors.VoxspecError]
)
def test_no_error_of_the_tree_is_without_a_status(kind: type[errors.VoxspecError]) -> None:
    status = status_of(kind("No.", hint="Do."))
    assert status.value >= 400
    assert (status.value == 500) == (kind is errors.StoreCorrupt)


def test_a_busy_service_says_when_to_come_again() -> None:
    told = from_voxspec(errors.ModelRateLimited("Slow down.", retry_after_s=7.4))
    answer = respond(told, "/v1/drafts")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert respond(from_voxspec(errors.IndexLocked("Busy.")), "/").headers["retry-after"] == "2"


def test_an_unforeseen_error_tells_its_class_and_nothing_else() -> None:
    answer = respond(internal("KeyError"), "/v1/search")
    assert answer.status_code == 500
    assert b"KeyError" in answer.body
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_browser_reads_an_unforeseen_error_as_a_page() -> None:
    scope = {"type": "http", "path": "/tickets", "query_string": b"", "headers": [(b"accept", b"text/html")]}
    page = answer(Request(scope), internal("KeyError"))
    assert page.status_code == 500
    assert b"The server stopped on an unexpected error (KeyError)." in page.body
    assert b"<main" in page.body
