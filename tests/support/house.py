"""The house linter: rules of CONTRIBUTING.md that ruff, mypy and import-linter don't know. `make check` runs it.

Prints `file:line rule: message` for each breach and exits 1. Each rule is one small function, tested with a bad snippet.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("assistant", "ingest", "prompts", "api", "evals")
MAX_FILE, MAX_FUNCTION, MAX_METHODS = 400, 60, 6
BANNED_NAMES = frozenset({"utils", "util", "helpers", "helper", "manager", "base_impl", "misc", "common"})
TEXT_SUFFIXES = frozenset(
    {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".yml", ".yaml", ".jsonl", ".sh", ".ini"}
)
BROAD_EXCEPT_ALLOWED = frozenset(
    {
        "api/cli/main.py",  # the command boundary
        "api/mcp/server.py",  # the boundary of a tool's call
        "api/middleware.py",  # the request boundary
        "assistant/jobs/dbos_jobs.py",  # the job worker
        "evals/mutators/guard.py",  # packs of mutators that others wrote
    }
)
"""Where `except Exception` may stand: it records the problem and goes on."""
PRINT_ALLOWED = ("evals/bench/",)
_MACHINE_PATH = re.compile(r"(?<![\w.\-])/(?:" + "wor" + "k|ro" + r"ot)/")


@dataclass(frozen=True)
class Problem:
    """One breach of one rule."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.rule}: {self.message}"


@dataclass(frozen=True)
class File:
    """A file of the repository, parsed where it is Python."""

    path: str
    """Relative to the root, with forward slashes."""
    text: str
    vendors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Vendor package → modules that may import it."""

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text) if self.path.endswith(".py") else ast.Module([], [])

    @property
    def is_product(self) -> bool:
        return self.path.startswith(tuple(f"{package}/" for package in PRODUCT)) and self.path.endswith(".py")

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


Rule = Iterator[tuple[int, str]]
"""Line and message of each breach."""


def file_length(file: File) -> Rule:
    """A file that needs scrolling for long holds more than one idea."""
    lines = file.text.count("\n")
    if file.path.endswith(".py") and lines > MAX_FILE:
        yield lines, f"{lines} lines, at most {MAX_FILE}"


def function_length(file: File) -> Rule:
    """A function fits on a screen."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION:
                yield node.lineno, f"{node.name} has {lines} lines, at most {MAX_FUNCTION}"


def init_docstring_only(file: File) -> Rule:
    """An `__init__.py` that runs code makes every import of the package pay for it."""
    if file.path.endswith("__init__.py"):
        body = file.tree.body
        if not (len(body) == 1 and _is_docstring(body[0])):
            yield 1, "__init__.py holds a docstring and nothing else"


def vendor_imports(file: File) -> Rule:
    """Vendor SDKs are imported inside their adapters alone, also inside functions."""
    if not file.is_product:
        return
    for line, name in _imports(file.tree):
        vendor = name.partition(".")[0]
        if vendor in file.vendors and file.module not in file.vendors[vendor]:
            yield (
                line,
                f"{vendor} may be imported only in {', '.join(sorted(file.vendors[vendor])) or 'no module'}",
            )


def docstrings(file: File) -> Rule:
    """Modules, and their public classes and functions, say what they are."""
    if not file.is_product:
        return
    tree = file.tree
    if not ast.get_docstring(tree):
        yield 1, "the module has no docstring"
    for node in tree.body:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named and not node.name.startswith("_") and not ast.get_docstring(node):
            yield node.lineno, f"{node.name} has no docstring"


def broad_except(file: File) -> Rule:
    """Catching everything hides bugs; it stands where one item must not stop the rest, or with a bare `raise`."""
    if not file.is_product or file.path in BROAD_EXCEPT_ALLOWED:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            broad = any(one is None or ast.unparse(one) in {"Exception", "BaseException"} for one in caught)
            lets_through = any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(node))
            if broad and not lets_through:
                yield node.lineno, "catches everything; name the errors"


def no_print(file: File) -> Rule:
    """Product code speaks through the command line's output or through logs."""
    if not file.is_product or file.path.startswith(PRINT_ALLOWED):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield node.lineno, "print in product code"


def plain_names(file: File) -> Rule:
    """A module's name says what is inside."""
    if file.path.endswith(".py") and Path(file.path).stem in BANNED_NAMES:
        yield 1, f"'{Path(file.path).stem}' says nothing about what is inside"


def machine_paths(file: File) -> Rule:
    """What is committed works on any machine."""
    for number, line in enumerate(file.text.splitlines(), 1):
        if found := _MACHINE_PATH.search(line):
            yield number, f"names a path of one machine ({found.group()}…)"


def small_protocols(file: File) -> Rule:
    """A seam with more than six methods is more than one seam."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ClassDef) and any(_last_name(base) == "Protocol" for base in node.bases):
            methods = [n for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
            if len(methods) > MAX_METHODS:
                yield node.lineno, f"{node.name} has {len(methods)} methods, at most {MAX_METHODS}"


def tests_mirror(file: File) -> Rule:
    """Unit tests lie where the code lies."""
    folder = Path(file.path).parent
    mirrored = folder.parts[2:]
    if (
        folder.parts[:2] == ("tests", "unit")
        and mirrored
        and mirrored[0] != "house"
        and Path(file.path).suffix == ".py"
    ):
        package = Path(*mirrored)
        if not (ROOT / package).is_dir() and not (ROOT / package).with_suffix(".py").is_file():
            yield 1, f"there is no package {'.'.join(mirrored)} to test"


def reasons_for_ignoring_types(file: File) -> Rule:
    """Outside the vendor adapters the types hold without exceptions."""
    adapters = frozenset[str]().union(*file.vendors.values())
    if file.is_product and file.module not in adapters:
        for number, line in enumerate(file.text.splitlines(), 1):
            if re.search(r"#\s*type:\s*ignore", line):
                yield number, "type: ignore outside an adapter"


RULES = {
    "file-length": file_length,
    "function-length": function_length,
    "init-docstring-only": init_docstring_only,
    "vendor-import": vendor_imports,
    "docstring": docstrings,
    "broad-except": broad_except,
    "no-print": no_print,
    "plain-name": plain_names,
    "machine-path": machine_paths,
    "small-protocol": small_protocols,
    "tests-mirror": tests_mirror,
    "type-ignore": reasons_for_ignoring_types,
}


def check(file: File) -> list[Problem]:
    """All breaches in one file."""
    if file.path.endswith(".py"):
        try:
            ast.parse(file.text)
        except SyntaxError as problem:
            return [Problem(file.path, problem.lineno or 1, "syntax", problem.msg)]
    return [
        Problem(file.path, line, name, message)
        for name, rule in RULES.items()
        for line, message in rule(file)
    ]


def vendor_table(pyproject: str) -> dict[str, frozenset[str]]:
    """Read from the import contracts which modules may import which vendor SDK."""
    contracts = tomllib.loads(pyproject)["tool"]["importlinter"]["contracts"]
    contract = next(one for one in contracts if one["type"] == "forbidden")
    allowed: dict[str, set[str]] = {vendor: set() for vendor in contract["forbidden_modules"]}
    for line in contract["ignore_imports"]:
        importer, _, vendor = line.partition(" -> ")
        allowed[vendor].add(importer)
    return {vendor: frozenset(modules) for vendor, modules in allowed.items()}


def files() -> Iterator[File]:
    """Every text file of the repository, outside hidden and generated folders."""
    vendors = vendor_table((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    skipped = {"dist", "build", "demo-out", "__pycache__", "node_modules"}
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT)
        hidden = any(part in skipped or (part.startswith(".") and part != ".ci") for part in relative.parts)
        if (
            not hidden
            and path.is_file()
            and (path.suffix in TEXT_SUFFIXES or path.name in {"Makefile", "run"})
        ):
            yield File(relative.as_posix(), path.read_text(encoding="utf-8"), vendors)


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def _last_name(node: ast.expr) -> str:
    inner = node.value if isinstance(node, ast.Subscript) else node
    return ast.unparse(inner).rpartition(".")[2]


def main() -> int:
    """Check everything and print what is wrong."""
    problems = [problem for file in files() for problem in check(file)]
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
