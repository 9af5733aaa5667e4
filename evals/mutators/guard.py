"""Runs the code of others: a pack's, or a grader on a draft that a pack made. A crash there is a result, not an end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class Crash:
    """How a call broke off: the error's name and words."""

    said: str


def guarded(call: Callable[[], Value]) -> Value | Crash:
    """What the call gives, or how it broke off. An interrupt goes through."""
    try:
        return call()
    except Exception as problem:  # noqa: BLE001 - whatever another's code raises is told in the report, and the rest goes on
        return Crash(f"{type(problem).__name__}: {problem}")
