"""Prompts as versioned Markdown files with front matter. A released version is never edited: a change is a new file.

`name.vN.md` holds YAML front matter and a Jinja body. Variables are strict: a missing one is an error, and nothing from a
record is ever concatenated into a template.
"""

from functools import lru_cache
from hashlib import sha256
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict

_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
)


class PromptNotFound(LookupError):
    """No prompt file of that name."""


class SectionSpec(BaseModel):
    """A section that drafts of a kind have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    required: bool = True
    blocks: tuple[str, ...] = ()
    """Block types that may stand in it; empty: any."""


class Prompt(BaseModel):
    """One prompt file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int
    purpose: str
    kind: str | None = None
    """Name of the kind of draft that this file defines."""
    layout: Literal["insight_summary", "prd", "user_stories"] | None = None
    """Which arrangement of needs the writers use."""
    title: str = ""
    inputs: tuple[str, ...] = ()
    output: str = ""
    sections: tuple[SectionSpec, ...] = ()
    graders: tuple[str, ...] = ()
    changes: str = ""
    body: str
    sha256: str

    def render(self, **variables: Any) -> str:
        """Fill the body. Raises: jinja2.UndefinedError where a variable is missing; ValueError for an unknown one."""
        if unknown := set(variables) - set(self.inputs):
            raise ValueError(f"prompt {self.id} has no inputs named {', '.join(sorted(unknown))}")
        return _template(self.body).render(**variables)


@lru_cache(maxsize=64)
def _template(body: str) -> Template:
    # Compiling costs twenty times the filling, and a draft asks the same question for each of its sentences.
    return _ENVIRONMENT.from_string(body)


def load(name: str) -> Prompt:
    """The newest version of a prompt, for example `drafting/prd`. Raises: PromptNotFound."""
    found = [path for path in _all_files() if _name_of(path) == name]
    if not found:
        raise PromptNotFound(name)
    return _parse(max(found, key=lambda path: _version_of(path.name)))


def kinds() -> dict[str, Prompt]:
    """The kinds of draft there are, by name: one prompt file each."""
    return {prompt.kind: prompt for prompt in of_folder("drafting") if prompt.kind}


def of_folder(folder: str) -> tuple[Prompt, ...]:
    """The newest version of each prompt of a folder, by name."""
    names = sorted({_name_of(path) for path in _all_files()})
    return tuple(load(name) for name in names if name.startswith(f"{folder}/"))


def _roots() -> tuple[Path, ...]:
    own = Path(str(files("prompts")))
    others = tuple(Path(str(files(entry.value))) for entry in entry_points(group="voxspec.kinds"))
    return (own, *others)


@lru_cache(maxsize=1)
def _all_files() -> tuple[Path, ...]:
    return tuple(sorted(path for root in _roots() for path in root.glob("*/*.v*.md")))


def _name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name.split('.v')[0]}"


def _version_of(name: str) -> int:
    return int(name.rsplit(".v", 1)[1].removesuffix(".md"))


@lru_cache(maxsize=64)
def _parse(path: Path) -> Prompt:
    text = path.read_text(encoding="utf-8")
    _, front, body = text.split("---\n", 2)
    return Prompt(**yaml.safe_load(front), body=body.lstrip("\n"), sha256=sha256(text.encode()).hexdigest())
