"""Packs of others: installed for real in a folder, found by their entry point, refused in one sentence where they can't be used."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from assistant.errors import UsageError
from evals.mutators.packs import GROUP, load_packs, pack_names
from evals.mutators.port import Mutator
from tests.support.drafts import valid_draft

_SHOUT = """
class Shout:
    name, expected = "{name}", ("no_shouting",)
    def applies(self, draft): return any(map(str.islower, draft.title))
    def mutate(self, draft, rng): return draft.model_copy(update={{"title": draft.title.upper()}})
"""
_ONE = _SHOUT.format(name="title-in-capitals")
Install = Callable[[str, str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts a distribution with one module and one entry point on the path, as an installer leaves it."""
    modules: list[str] = []

    def put(entry: str, target: str, code: str) -> None:
        module = f"pack_of_{entry}"
        (tmp_path / f"{module}.py").write_text(code, encoding="utf-8")
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{entry} = {module}{target}\n")
        modules.append(module)

    monkeypatch.syspath_prepend(str(tmp_path))
    yield put
    for module in modules:
        sys.modules.pop(module, None)


def test_an_installed_mutator_is_a_pack_of_one(install: Install) -> None:
    install("shouting", ":Shout", _ONE)
    assert pack_names() == ("dev", "second", "shouting")
    (pack,) = load_packs(["shouting"])
    (mutator,) = pack.mutators
    assert isinstance(mutator, Mutator)
    assert mutator.mutate(valid_draft(), Random(1)).title == valid_draft().title.upper()


@pytest.mark.parametrize("made", ["[Shout(), Other()]", "(one for one in (Shout(), Other()))"])
def test_an_iterable_of_mutators_is_a_pack_in_its_order(install: Install, made: str) -> None:
    other = _SHOUT.format(name="other").replace("class Shout", "class Other")
    install("two", ":PACK", f"{_ONE}\n{other}\nPACK = {made}\n")
    (pack,) = load_packs(["two"])
    assert [one.name for one in pack.mutators] == ["title-in-capitals", "other"]


@pytest.mark.parametrize(
    ("target", "code", "says"),
    [
        (":PACK", "raise OSError('no disk')", "can't be loaded: OSError: no disk"),
        (":MISSING", _ONE, "can't be loaded: AttributeError"),
        (":PACK", "PACK = 7", "can't be loaded: TypeError"),
        (":PACK", "PACK = []", "holds no mutators"),
        (":PACK", "PACK = ['title']", "holds a str, which lacks name"),
        (":PACK", f"{_ONE}\nPACK = [Shout(), Shout()]", "two mutators called 'title-in-capitals'"),
    ],
)
def test_a_pack_that_can_not_be_used_says_why(install: Install, target: str, code: str, says: str) -> None:
    install("bad", target, code)
    dev, bad = load_packs()
    assert says in bad.problem
    assert not bad.mutators
    assert dev.mutators


def test_a_name_that_no_pack_has_is_refused() -> None:
    with pytest.raises(UsageError, match="no pack of mutators called 'nobody'") as refused:
        load_packs(["nobody"])
    assert "dev" in (refused.value.hint or "")
