"""Reading the files of a set: YAML of one model, and JSON lines of another. What is wrong is named by file, line and field."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from assistant.domain.base import Frozen
from assistant.errors import InputRejected

_Model = TypeVar("_Model", bound=Frozen)


def read_spec(path: Path, model: type[_Model], described: str) -> _Model:
    """A YAML file as a model. Args: described: the module that says what each field holds. Raises: InputRejected."""
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as problem:
        raise InputRejected(f"{path.name} can't be read as YAML.", hint="Check its indentation.") from problem
    except ValidationError as problem:
        raise _wrong(path.name, problem, described) from problem


def read_lines(path: Path, model: type[_Model], described: str) -> Iterator[_Model]:
    """A model a line, empty lines left out; as `read_spec` otherwise. Raises: InputRejected."""
    try:
        # As some editors save it: with a mark at the beginning.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputRejected(f"{path.name} isn't UTF-8 text.", hint="Save it as UTF-8.") from problem
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield model.model_validate_json(line)
            except ValidationError as problem:
                raise _wrong(f"{path.name}, line {number}", problem, described) from problem


def _wrong(where: str, problem: ValidationError, described: str) -> InputRejected:
    first = problem.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or "the line"
    return InputRejected(
        f"{where}: '{field}': {first['msg'].removeprefix('Value error, ')}.",
        hint=f"See {described} for what each field holds.",
    )
