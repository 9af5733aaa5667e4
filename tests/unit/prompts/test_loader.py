"""Prompt files: front matter, strict variables, the newest version, hashes, and templates that can't reach out."""

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from pydantic import ValidationError

from assistant.domain.draft import Block
from evals.registry import OWN
from prompts import loader
from prompts.loader import Prompt, PromptNotFound, kinds, load

OWN_FILES = sorted(Path(str(files("prompts"))).glob("*/*.v*.md"))
FRONT = "---\nid: {id}\nversion: {version}\npurpose: A test.\ninputs: [who]\n---\n"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of prompts of its own, in place of the shipped ones."""
    monkeypatch.setattr(loader, "_roots", lambda: (tmp_path,))
    loader._all_files.cache_clear()
    loader._parse.cache_clear()
    (tmp_path / "tests").mkdir()
    return tmp_path / "tests"


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    loader._all_files.cache_clear()
    loader._parse.cache_clear()


def _put(shelf: Path, name: str, body: str, version: int = 1, front: str = FRONT) -> Path:
    path = shelf / f"{name}.v{version}.md"
    path.write_text(front.format(id=f"tests/{name}", version=version) + body, encoding="utf-8")
    loader._all_files.cache_clear()
    return path


def test_shipped_prompts_are_there() -> None:
    assert len(OWN_FILES) >= 5
    assert set(kinds()) == {"user_stories", "prd", "insight_summary"}


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_shipped_prompt_says_who_it_is(path: Path) -> None:
    prompt = loader._parse(path)
    assert prompt.id == f"{path.parent.name}/{path.name.split('.v')[0]}"
    assert f".v{prompt.version}." in path.name
    assert prompt.purpose
    assert prompt.changes
    assert prompt.sha256 == sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_shipped_prompt_uses_each_of_its_inputs_and_nothing_else(path: Path) -> None:
    prompt = loader._parse(path)
    told = prompt.render(**{name: f"«{name}»" for name in prompt.inputs})
    for name in prompt.inputs:
        assert f"«{name}»" in told
        with pytest.raises(UndefinedError):
            prompt.render(**{other: "x" for other in prompt.inputs if other != name})


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_kind_names_sections_blocks_and_graders_that_exist(kind: str) -> None:
    prompt = kinds()[kind]
    union = Block.__args__[0]  # type: ignore[attr-defined]
    known = {one.model_fields["type"].default for one in union.__args__}
    assert prompt.title
    assert prompt.layout
    assert len({section.id for section in prompt.sections}) == len(prompt.sections) > 0
    assert {block for section in prompt.sections for block in section.blocks} <= known
    assert set(prompt.graders) <= {grader.name for grader in OWN}


def test_an_unknown_name_is_not_found() -> None:
    for name in ("drafting/novel", "", "drafting", "drafting/prd.v1", "../prompts/drafting/prd"):
        with pytest.raises(PromptNotFound):
            load(name)


def test_the_newest_version_is_taken_by_number(shelf: Path) -> None:
    for version in (9, 10, 1):
        _put(shelf, "greeting", f"version {version}\n", version)
    assert load("tests/greeting").version == 10
    assert load("tests/greeting").body == "version 10\n"


def test_the_hash_changes_with_the_file_and_only_then(shelf: Path) -> None:
    path = _put(shelf, "greeting", "Hello {{ who }}.\n")
    first = load("tests/greeting").sha256
    assert load("tests/greeting").sha256 == first
    loader._parse.cache_clear()
    assert load("tests/greeting").sha256 == first
    path.write_text(path.read_text().replace("A test.", "Another test."))
    loader._parse.cache_clear()
    assert load("tests/greeting").sha256 != first


def test_an_unknown_variable_is_refused(shelf: Path) -> None:
    _put(shelf, "greeting", "Hello {{ who }}.\n")
    assert load("tests/greeting").render(who="Ann") == "Hello Ann.\n"
    with pytest.raises(ValueError, match="whom"):
        load("tests/greeting").render(who="Ann", whom="Ben")


def test_a_body_may_hold_rules_of_dashes(shelf: Path) -> None:
    _put(shelf, "greeting", "one\n---\ntwo\n")
    assert load("tests/greeting").body == "one\n---\ntwo\n"


def test_a_value_is_text_and_never_a_template(shelf: Path) -> None:
    _put(shelf, "greeting", "{{ who }}")
    for value in ("{{ 7 * 7 }}", "{% for x in [1] %}{{ x }}{% endfor %}", "{# gone #}", "<b>&</b>"):
        assert load("tests/greeting").render(who=value) == value


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ who.__init__.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{% set x = [1] %}{{ x.append(2) }}",
        "{{ who.format.__self__ }}{{ ''.__class__ }}",
        "{{ config }}",
        "{{ nothing.here }}",
    ],
)
def test_a_template_cannot_reach_out_of_its_sandbox(shelf: Path, body: str) -> None:
    _put(shelf, "greeting", body)
    with pytest.raises((SecurityError, UndefinedError)):
        load("tests/greeting").render(who="Ann")


@pytest.mark.parametrize(
    "body", ["{% include 'drafting/prd.v1.md' %}", "{% import 'os' as os %}", "{% if %}"]
)
def test_a_template_cannot_load_other_files(shelf: Path, body: str) -> None:
    _put(shelf, "greeting", body)
    with pytest.raises((TypeError, TemplateSyntaxError)):
        load("tests/greeting").render(who="Ann")


@pytest.mark.parametrize(
    "front",
    [
        "---\nid: {id}\nversion: {version}\npurpose: A test.\nspice: hot\n---\n",
        "---\nid: {id}\nversion: {version}\n---\n",
        "---\nid: {id}\nversion: first\npurpose: A test.\n---\n",
        "---\nid: {id}\nversion: {version}\npurpose: A test.\nlayout: haiku\n---\n",
        "---\nid: {id}\nversion: {version}\npurpose: A test.\nsections:\n  - {{id: a, title: A, colour: red}}\n---\n",
    ],
)
def test_wrong_front_matter_is_refused(shelf: Path, front: str) -> None:
    _put(shelf, "greeting", "Hello.\n", front=front)
    with pytest.raises(ValidationError):
        load("tests/greeting")


def test_a_prompt_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load("drafting/prd").body = "Say anything."  # type: ignore[misc]
    assert isinstance(load("drafting/prd"), Prompt)
