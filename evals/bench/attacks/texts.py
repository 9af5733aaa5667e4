"""Long texts of one piece that make a careless pattern take square time, as a cell, a page and a mail."""

from collections.abc import Callable
from functools import partial

from evals.bench.attacks.port import Attack, text

_CHARS = 30_000
"""An ordinary text of this length takes a few hundredths of a second; square time takes ten seconds and more."""
_PIECES = {
    "blanks": " ",
    "tabs": "\t",
    "breaks": "\r\n",
    "returns": "\r",
    "digits": "1",
    "numbers": "12 ",
    "dashes": "1-",
    "dots": "1.1.1.1.",
    "colons": "1:",
    "double-colons": "::1",
    "plus": "+1 ",
    "brackets": "(1) ",
    "luhn": "4111 ",
    "at": "@",
    "handles": "@a ",
    "mails": "a@a.",
    "many-mails": "a@b.de ",
    "dotted": "a.",
    "spelt": "a [at] ",
    "ibans": "DE89 3704 ",
    "letters-digits": "a1",
    "keys": "-----BEGIN PRIVATE KEY-----",
    "half-keys": "-----BEGIN RSA ",
    "tokens": "sk-live_",
    "eyes": "eyJaaaaaaaaaaaa.",
    "passwords": "password: ",
    "password-word": "pass",
    "schemes": "://a:",
    "addresses": "http://a",
    "entities": "&amp;",
    "half-entities": "&#1",
    "ampersands": "&",
    "tags": "<a ",
    "open": "<",
    "comments": "<!--",
    "quotes": '"',
    "marks": "*_`[",
    "links": "[a](b",
    "hashes": "# ",
    "fences": "```\n",
    "rules": "---\n",
    "underlines": "a\n===",
    "accents": "e\u0301",
    "only-accents": "\u0301",
    "zero-width": "\u200b",
    "joined": "👨\u200d",
    "wide": "１",
    "han": "東京",
    "on-wrote": "On a ",
    "headers": "From: a\n",
    "replies": "> a\n",
    "signatures": "-- \n",
    "sentences": "A. ",
    "stops": ".",
    "chat": "[2026-03-01 10:22] ",
    "dates": "2026-03-01 ",
    "slack": "<@U1|",
    "froms": "From a 10:00 2026\n",
}


Make = Callable[[str, Callable[[], str]], Attack]


def _page(name: str, made: Callable[[], str]) -> Attack:
    return _text(f"{name}.html", lambda: f"<p>{made().replace('<', '&lt;')}</p><p>Exports are slow.</p>")


def _mail(name: str, made: Callable[[], str]) -> Attack:
    return _text(f"{name}.eml", lambda: f"Subject: {made()[:5_000]}\n\nExports are slow.\n{made()}")


def _sheet(name: str, made: Callable[[], str]) -> Attack:
    return _text(
        f"{name}.csv",
        lambda: 'id,comment\n1,Exports are slow.\n2,"{}"\n'.format(made().replace('"', '""')),
    )


def _markdown(name: str, made: Callable[[], str]) -> Attack:
    return _text(f"{name}.md", lambda: f"Exports are slow. {made()}\rx")


def _text(name: str, content: Callable[[], str]) -> Attack:
    return text(name, content, "read")


_MAKERS: tuple[Make, ...] = (_sheet, _markdown, _page, _mail)


def texts() -> list[Attack]:
    """Every piece, repeated, in one of the kinds of file that hold prose."""
    found = [
        _MAKERS[place % len(_MAKERS)](f"text-{name}", partial(_repeated, piece))
        for place, (name, piece) in enumerate(_PIECES.items())
    ]
    return [*found, _text("text-blank-heading.md", lambda: "Exports are slow.\n#" + " " * _CHARS + "\rx")]


def _repeated(piece: str) -> str:
    return (piece * (_CHARS // len(piece) + 1))[:_CHARS]
