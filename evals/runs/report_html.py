"""A run as one HTML file that opens anywhere, offline: no script, no request, every quote shown inside its record."""

from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import BaseLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from evals.runs.outcome import CaseResult, Cited, EvalRun, Outcome, SetRun, total

_FIRST = (Outcome.failed, Outcome.abstained, Outcome.error, Outcome.passed)


def html(run: EvalRun) -> bytes:
    """The run as a file. Cases that didn't pass come first and are open."""
    text = _environment().from_string(_asset("run.html")).render(
        run=run,
        policy=policy(),
        style=Markup(_asset("run.css")),  # noqa: S704 - our own file
        outcomes=list(Outcome),
        recall=_recall,
        ordered=_ordered,
        around=_around,
    )  # fmt: skip
    return text.encode("utf-8", "replace")


def policy() -> str:
    """What a browser lets the file do: its own style, and nothing else at all."""
    style = b64encode(sha256(_asset("run.css").encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"


def _ordered(results: Sequence[CaseResult]) -> list[CaseResult]:
    return sorted(results, key=lambda one: _FIRST.index(one.outcome))


def _recall(held: SetRun, name: str) -> str:
    told = total(getattr(one, name) for one in held.results)
    return f"{told.found} of {told.of}" if told else "–"


def _around(text: str, quote: Cited) -> tuple[str, str, str]:
    """The record before, in and after the quote. Where masks moved the offsets, the place is looked for."""
    start = quote.start if text[quote.start : quote.end] == quote.text else text.find(quote.text)
    if start < 0:
        return text, "", ""
    end = start + len(quote.text)
    return text[:start], text[start:end], text[end:]


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=BaseLoader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


@lru_cache(maxsize=2)
def _asset(name: str) -> str:
    return files("evals").joinpath("templates", name).read_text(encoding="utf-8").strip("\n")
