"""What a block states, sentence by sentence: its words, the numbers and quotes it cites, its labels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.text import content_words, sentences, stem
from evals.documents.blocks import Block, Piece

_CITE, _FACT = 0xF0000, 0x100000
_SPAN = 0xFFFD
_CITES = f"[{chr(_CITE)}-{chr(_CITE + _SPAN)}]"
_FACTS = f"[{chr(_FACT)}-{chr(_FACT + _SPAN)}]"
_HELD = re.compile(f"{_CITES}|{_FACTS}")
_HREF = re.compile(r"#([qf])([1-9]\d{0,5})")
_LABEL = r"\((?:assumption|target, proposed|contradicted|bound proposed)\)"
_MARKS = rf"\s*(?:(?:against\s+)?{_CITES}|{_LABEL})"
_LEADING = re.compile(rf"(?:{_MARKS})+")
_TRAILING = re.compile(rf"(?:{_MARKS})*{_CITES}(?:{_MARKS})*")
_OPEN, _CLOSE = "“„\"«»‹›「『‘'", "”“\"»«›‹」』’'"
_SPEECH = re.compile(
    rf"(?:(?<!\w)[{_OPEN}](?P<said>[^{_OPEN}{_CLOSE}]*(?:\w['’]\w[^{_OPEN}{_CLOSE}]*)*)[{_CLOSE}])\s*(?P<cite>{_CITES})"
)
_START, _STOP = "\ufdd0", "\ufdd1"
_EMPHASISED = re.compile(
    rf"{_START}[{_OPEN}]?(?P<said>[^{_START}{_STOP}]*?)[{_CLOSE}]?{_STOP}\s*(?P<cite>{_CITES})"
)
_OWN = re.compile(f"{_HELD.pattern}|[{_START}{_STOP}]")
_BEFORE = re.compile(r"(?:([^\W_][\w'’-]*) *|([^\s\w,.;:!?(|\[“\"—–·*] ?|\w))\Z")
_AFTER = re.compile(r" *([^\W_][\w'’]*)|([^\s\w,.;:!?)|\]”\"—–·*])")


@dataclass(frozen=True)
class Cited:
    """A number or a quote as the text shows it."""

    name: str
    shown: str
    before: str = ""
    """Word, or sign, that stands before it; empty where none does."""
    after: str = ""


@dataclass(frozen=True)
class Statement:
    """A sentence with its proof."""

    text: str
    """With `·` where quotes and numbers are shown."""
    words: frozenset[str]
    """Stems of its content words."""
    labels: frozenset[str]
    numbers: tuple[Cited, ...] = ()
    quotes: tuple[Cited, ...] = ()
    """`shown` holds the words in quotation marks before the citation, if there are any."""

    @property
    def marks(self) -> frozenset[str]:
        """What must stay with it: ids of quotes and numbers, and labels."""
        return self.labels | {cited.name for cited in (*self.numbers, *self.quotes)}


def statements(block: Block) -> list[Statement]:
    """The statements of a block in order; a table's row is one. Links that lead elsewhere count as words."""
    links: dict[str, tuple[str, str]] = {}
    flat = " | ".join(_flat(cell, links) for cell in block.cells)
    said: dict[str, str] = {}
    flat = _without_speech(flat, links, said)
    parts = [flat] if block.kind == "row" else _sentences(flat)
    return [_statement(part, links, said) for part in parts]


def _flat(cell: tuple[Piece, ...], links: dict[str, tuple[str, str]]) -> str:
    parts = []
    for piece in cell:
        target = _HREF.fullmatch(piece.href)
        if piece.kind == "markup":
            continue
        if target is None or len(links) >= _SPAN:
            plain = _OWN.sub("\ufffd", piece.text)
            speaks = piece.emphasis and not re.fullmatch(rf"\s*{_LABEL}\s*", plain)
            parts.append(f"{_START}{plain}{_STOP}" if speaks else plain)
            continue
        held = chr((_CITE if target[1] == "q" else _FACT) + len(links))
        links[held] = (f"{target[1].upper()}{target[2]}", piece.text)
        parts.append(held)
    return "".join(parts)


def _without_speech(flat: str, links: dict[str, tuple[str, str]], said: dict[str, str]) -> str:
    """Takes the words in quotation marks before a citation out, to be compared with the quote."""

    def take(match: re.Match[str]) -> str:
        said[match["cite"]] = match["said"]
        return f"·{match['cite']}"

    flat = re.sub(f"[{_START}{_STOP}]", "", _EMPHASISED.sub(take, flat))
    return _SPEECH.sub(take, flat)


def _sentences(flat: str) -> list[str]:
    parts: list[str] = []
    for start, end in sentences(flat):
        rest = flat[start:end]
        if parts and (leading := _LEADING.match(rest)):
            parts[-1] += f" {leading.group().strip()}"
            rest = rest[leading.end() :]
        position = 0
        for trailing in _TRAILING.finditer(rest):
            parts.append(rest[position : trailing.end()])
            position = trailing.end()
        parts.append(rest[position:])
    return _joined(parts)


def _joined(parts: list[str]) -> list[str]:
    """Pieces that hold no word of their own belong to what stands before them."""
    kept: list[str] = []
    for part in parts:
        if kept and not re.search(r"\w{2}", re.sub(_LABEL, "", part)):
            kept[-1] += part
        elif part.strip():
            kept.append(part)
    return kept


def _statement(part: str, links: dict[str, tuple[str, str]], said: dict[str, str]) -> Statement:
    text = _HELD.sub("·", part)
    bare = re.sub(_LABEL, " ", text)
    return Statement(
        text=text,
        words=frozenset(stem(word) for word in content_words(bare)),
        labels=frozenset(re.findall(_LABEL, part)),
        numbers=tuple(_numbers(part, links)),
        quotes=tuple(Cited(links[held][0], said.get(held, "")) for held in re.findall(_CITES, part)),
    )


def _numbers(part: str, links: dict[str, tuple[str, str]]) -> Iterator[Cited]:
    for match in re.finditer(_FACTS, part):
        before, after = (
            _BEFORE.search(part[max(0, match.start() - 60) : match.start()]),
            _AFTER.match(part[match.end() : match.end() + 60]),
        )
        name, shown = links[match.group()]
        yield Cited(name, shown, _word(before), _word(after))


def _word(match: re.Match[str] | None) -> str:
    return (match[1] or match[2] or "").strip().casefold() if match else ""
