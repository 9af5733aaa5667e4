"""Texts of a million characters that make a careless pattern take square time, as a cell, a page and a mail."""

from collections.abc import Callable

from evals.bench.attacks.port import Attack, text

_CHARS = 1_000_000
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


def _page(name: str, made: str) -> Attack:
    return text(f"{name}.html", lambda: f"<p>{made.replace('<', '&lt;')}</p><p>Exports are slow.</p>", "read")


def _mail(name: str, made: str) -> Attack:
    return text(
        f"{name}.eml", lambda: f"Subject: {made[:5_000]}\n\nExports are slow.\n{made[:900_000]}", "read"
    )


def _sheet(name: str, made: str) -> Attack:
    cell = made[:900_000].replace('"', '""')
    return text(f"{name}.csv", lambda: f'id,comment\n1,Exports are slow.\n2,"{cell}"\n', "read")


def _markdown(name: str, made: str) -> Attack:
    return text(f"{name}.md", lambda: f"Exports are slow. {made}\rx", "read")


_MAKERS: tuple[Callable[[str, str], Attack], ...] = (_sheet, _markdown, _page, _mail)


def texts() -> list[Attack]:
    """Every piece, repeated, in every kind of file that holds prose."""
    found = []
    for name, piece in _PIECES.items():
        made = (piece * (_CHARS // len(piece) + 1))[:_CHARS]
        found += [make(f"text-{name}", made) for make in _MAKERS]
    found.append(text("text-blank-heading.md", lambda: "Exports are slow.\n#" + " " * _CHARS + "\rx", "read"))
    return found
