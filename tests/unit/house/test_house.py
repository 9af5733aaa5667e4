"""Each rule of the house linter sees a bad snippet and leaves a good one alone."""

from pathlib import Path

import pytest

from tests.support import house

VENDORS = {"chromadb": frozenset({"assistant.stores.chroma", "assistant.stores.chroma_server"})}
SECRET_PATH = "/" + "work" + "/data"

BAD = {
    "file-length": ("api/long.py", '"""Long."""\n' + "x = 1\n" * 400),
    "function-length": ("api/long.py", '"""Long."""\ndef _f():\n' + "    x = 1\n" * 60),
    "init-docstring-only": ("api/__init__.py", '"""Doc."""\nx = 1\n'),
    "vendor-import": ("api/x.py", '"""Doc."""\ndef _f():\n    import chromadb.config\n'),
    "docstring": ("api/x.py", '"""Doc."""\ndef open():\n    pass\n'),
    "broad-except": ("api/x.py", '"""Doc."""\ntry:\n    x = 1\nexcept (ValueError, Exception):\n    x = 2\n'),
    "no-print": ("api/x.py", '"""Doc."""\nprint(1)\n'),
    "plain-name": ("api/utils.py", '"""Doc."""\n'),
    "machine-path": ("docs/x.md", f"see {SECRET_PATH}\n"),
    "small-protocol": (
        "api/x.py",
        '"""Doc."""\nclass Big(Protocol[T]):\n    """Doc."""\n'
        + "".join(f"    def f{i}(self): ...\n" for i in range(7)),
    ),
    "tests-mirror": ("tests/unit/assistant/nowhere/test_x.py", '"""Doc."""\n'),
    "type-ignore": ("api/x.py", '"""Doc."""\nx = 1  # type: ignore[misc]\n'),
}

GOOD = [
    ("api/__init__.py", '"""Doc."""\n'),
    ("assistant/stores/chroma.py", '"""Doc."""\nimport chromadb  # type: ignore[misc]\n'),
    (
        "api/x.py",
        '"""Doc."""\ndef _f():\n    try:\n        return 1\n    except ValueError:\n        return 2\n',
    ),
    ("api/x.py", '"""Doc."""\ntry:\n    x = 1\nexcept BaseException:\n    x = 2\n    raise\n'),
    ("tests/unit/assistant/domain/test_x.py", "print(1)\n"),
    ("docs/x.md", "see https://example.org/work/ and ~/work\n"),
    ("evals/bench/x.py", '"""Doc."""\nprint(1)\n'),
]


def test_every_rule_has_a_bad_snippet() -> None:
    assert set(BAD) == set(house.RULES)


@pytest.mark.parametrize("rule", sorted(BAD))
def test_a_rule_sees_its_bad_snippet_and_no_other_rule_does(rule: str) -> None:
    path, text = BAD[rule]
    assert {problem.rule for problem in house.check(house.File(path, text, VENDORS))} == {rule}


@pytest.mark.parametrize(("path", "text"), GOOD)
def test_good_code_passes(path: str, text: str) -> None:
    assert house.check(house.File(path, text, VENDORS)) == []


def test_a_bare_except_counts_as_broad() -> None:
    text = '"""Doc."""\ntry:\n    x = 1\nexcept:\n    x = 2\n'
    assert [p.rule for p in house.check(house.File("api/x.py", text))] == ["broad-except"]


def test_a_file_that_does_not_parse_is_a_problem_and_no_crash() -> None:
    assert [p.rule for p in house.check(house.File("api/x.py", "def f(:\n"))] == ["syntax"]


def test_the_vendor_table_comes_from_the_import_contracts() -> None:
    table = house.vendor_table((house.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert table["chromadb"] == {
        "assistant.stores.chroma",
        "assistant.stores.chroma_server",
        "evals.bench.peer",
    }
    assert table["langchain_openai"] == frozenset()


def test_problems_read_as_file_line_rule() -> None:
    assert str(house.Problem("a.py", 3, "no-print", "print in product code")).startswith("a.py:3 no-print")


@pytest.mark.parametrize("path", sorted(house.BROAD_EXCEPT_ALLOWED))
def test_a_file_that_may_catch_everything_does(path: str) -> None:
    text = (Path(house.__file__).parents[2] / path).read_text(encoding="utf-8")
    assert "except Exception" in text
