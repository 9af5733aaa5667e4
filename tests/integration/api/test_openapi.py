"""The OpenAPI document: valid, as it is committed, complete, and with names that stay."""

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from api.app import openapi_document
from tests.support.openapi_changes import breaking_changes

_COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def test_the_committed_document_is_the_services(document: dict[str, Any]) -> None:
    committed = json.loads(_COMMITTED.read_text(encoding="utf-8"))
    told = "\n".join(breaking_changes(committed, document)) or "nothing that breaks a program"
    assert document == committed, f"docs/openapi.json is old. Renew it: make openapi. Changed: {told}"


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_operations_are_called_once_and_say_what_they_do(document: dict[str, Any]) -> None:
    operations = [one for _, _, one in _operations(document)]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
    assert [one["operationId"] for one in operations if not one.get("summary")] == []
    assert [name for name in names if "v1" in name] == []


def test_schemas_are_called_as_a_person_would(document: dict[str, Any]) -> None:
    names = list(document["components"]["schemas"])
    odd = [one for one in names if one.startswith("Body_") or "__" in one or "-" in one]
    assert odd == []
    assert "HTTPValidationError" not in names


def test_every_operation_declares_its_refusals(document: dict[str, Any]) -> None:
    for path, method, operation in _operations(document):
        if path == "/healthz":
            continue
        for status, answer in operation["responses"].items():
            if "$ref" in answer:
                answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
            if status >= "400" and path != "/readyz":
                kinds = set(answer["content"])
                assert kinds <= {"application/problem+json", "application/json"}, (path, method, status)
        assert {"401", "403", "422", "500", "503"} <= set(operation["responses"]), (path, method)


def test_an_operation_needs_a_key_where_one_is_set(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert {"key": []} in document["security"]
    assert document["paths"]["/healthz"]["get"]["security"] == []


def _changed(document: dict[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(document))
    return copy


def test_what_breaks_programs_is_told(document: dict[str, Any]) -> None:
    other = _changed(document)
    del other["paths"]["/v1/search"]["get"]
    order = other["components"]["schemas"]["DraftOrder"]
    order["required"].append("brief")
    del order["properties"]["max_items"]
    other["paths"]["/v1/drafts"]["get"]["parameters"][0]["required"] = True
    del other["paths"]["/v1/drafts"]["post"]["responses"]["202"]
    other["components"]["schemas"]["JobState"]["enum"].remove("queued")
    asked = other["paths"]["/v1/drafts"]["get"]["parameters"][0]
    assert set(breaking_changes(document, other)) == {
        "GET /v1/search is gone",
        "DraftOrder demands brief",
        "DraftOrder has no max_items any more",
        f"GET /v1/drafts demands the {asked['in']} parameter {asked['name']}",
        "POST /v1/drafts answers no longer with 202",
        "JobState knows no queued any more",
    }


def test_what_is_added_breaks_nothing(document: dict[str, Any]) -> None:
    other = _changed(document)
    other["paths"]["/v1/new"] = other["paths"]["/v1/search"]
    other["components"]["schemas"]["DraftOrder"]["properties"]["mood"] = {"type": "string"}
    assert breaking_changes(document, other) == []
