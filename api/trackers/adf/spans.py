"""Text within a block: Markdown to nodes, and back.

What our own texts say is read strictly: every literal sign in them is escaped, so that a bare `*` is always a mark. It is the exact
inverse of `markdown`; what is written otherwise (`nodes` returns None) goes through a parser of CommonMark.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from assistant.domain.escaping import markdown_escaped
from assistant.drafting.formats.to_adf import AdfNode, Mark

_TARGET = re.compile(r"\]\(([^()\s<>\\]+)\)")
_PLAIN = re.compile(r"[^\\`*_{}\[\]<>#|~@&\n]+")
_SIGN = {"strong": "**", "em": "*", "strike": "~~"}
_ANY = ("any",)
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_LINK = "link:"
_MARKS: dict[str, Mark] = {"strong": {"type": "strong"}, "em": {"type": "em"}}


class _Unclear(Exception):
    """Not written as we write."""


def nodes(text: str) -> list[AdfNode] | None:
    """Strictly written Markdown as inline nodes. None where it isn't strict."""
    reader = _Reader(text)
    try:
        return reader.read()
    except _Unclear:
        return None


class _Reader:
    """One text, from its start to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[str] = []
        """Marks, the outermost first; `link:` and where its nodes begin."""
        self._made: list[AdfNode] = []

    def read(self) -> list[AdfNode]:
        while self._at < len(self._text):
            self._step(self._text[self._at])
        if self._open:
            raise _Unclear
        return self._made

    def _step(self, sign: str) -> None:
        if plain := _PLAIN.match(self._text, self._at):
            self._add(plain[0], len(plain[0]))
        elif sign == "\\":
            follows = self._text[self._at + 1 : self._at + 2]
            if not follows or follows.isalnum() or follows.isspace():
                raise _Unclear
            self._add(follows, 2)
        elif sign == "\n":
            self._made.append({"type": "hardBreak"})
            self._at += 1
        elif sign == "*":
            self._star()
        elif sign == "`":
            self._code()
        elif sign == "[":
            self._open.append(f"{_LINK}{len(self._made)}")
            self._at += 1
        elif sign == "]":
            self._close_link()
        else:
            raise _Unclear

    def _add(self, text: str, width: int) -> None:
        self._at += width
        marks = self._marks()
        last = self._made[-1] if self._made else None
        began = int(self._open[-1].removeprefix(_LINK)) if self._in_link() else -1
        if (
            last
            and last["type"] == "text"
            and last.get("marks", []) == marks
            and began != len(self._made)
            and not any(mark["type"] == "code" for mark in last.get("marks", []))
        ):
            last["text"] += text
        else:
            self._made.append(_text(text, marks))

    def _marks(self) -> list[Mark]:
        return [_MARKS[one] for one in self._open if not one.startswith(_LINK)]

    def _in_link(self) -> bool:
        return bool(self._open) and self._open[-1].startswith(_LINK)

    def _star(self) -> None:
        run = len(self._text) - self._at - len(self._text[self._at :].lstrip("*"))
        top = self._open[-1] if self._open else ""
        if run > 3:
            raise _Unclear
        # Of three, what is open is closed first: `**a *b***` and `**a***b*`.
        if top == "em" and run != 2:
            self._open.pop()
            self._at += 1
        elif top == "strong" and run != 1:
            self._open.pop()
            self._at += 2
        elif run > 1:
            self._push("strong", 2)
        else:
            self._push("em", 1)

    def _push(self, mark: str, width: int) -> None:
        if mark in self._open:
            raise _Unclear
        self._open.append(mark)
        self._at += width

    def _code(self) -> None:
        fence = re.compile("`+").match(self._text, self._at)
        assert fence is not None
        end = re.compile(rf"(?<!`){fence[0]}(?!`)").search(self._text, fence.end())
        if end is None:
            raise _Unclear
        held = self._text[fence.end() : end.start()]
        if held.strip() and held[0] == held[-1] == " ":
            held = held[1:-1]
        # Jira knows no code that is bold or slanted.
        if not held or self._marks():
            raise _Unclear
        self._made.append(_text(held, [{"type": "code"}]))
        self._at = end.end()

    def _close_link(self) -> None:
        target = _TARGET.match(self._text, self._at)
        if target is None or not self._in_link():
            raise _Unclear
        place = len([one for one in self._open[:-1] if not one.startswith(_LINK)])
        for node in self._made[int(self._open.pop().removeprefix(_LINK)) :]:
            if node["type"] == "text":
                mark: Mark = {"type": "link", "attrs": {"href": target[1]}}
                node["marks"] = [*node.get("marks", [])[:place], mark, *node.get("marks", [])[place:]]
        self._at = target.end()


def _text(text: str, marks: Sequence[Mark]) -> AdfNode:
    node: AdfNode = {"type": "text", "text": text}
    if marks:
        node["marks"] = list(marks)
    return node


Piece = tuple[str, tuple[str, ...]]
"""Markdown and its marks, the outermost first: `strong`, `em`, `strike`, `link:` and its address."""


def markdown(held: Sequence[AdfNode]) -> str:
    """Inline nodes as Markdown. Foreign ones (mentions, cards, dates) become what a reader sees of them."""
    pieces = _settled([piece for node in held for piece in _pieces(node)])
    out: list[str] = []
    opened: list[str] = []
    for place, (text, marks) in enumerate(pieces):
        kept = 0
        while kept < len(opened) and opened[kept] in marks:
            kept += 1
        while len(opened) > kept:
            out.append(_closing(opened.pop()))
        missing = [mark for mark in marks if mark not in opened]
        for mark in sorted(missing, key=lambda one: -_reach(pieces, place, one)):
            opened.append(mark)
            out.append(_SIGN.get(mark, "["))
        out.append(text)
    return "".join([*out, *(_closing(mark) for mark in reversed(opened))])


def _closing(mark: str) -> str:
    if mark in _SIGN:
        return _SIGN[mark]
    href = mark.removeprefix(_LINK)
    return f"](<{href}>)" if re.search(r"[()\s]", href) else f"]({href})"


def _reach(pieces: Sequence[Piece], place: int, mark: str) -> int:
    """How many pieces from there on have the mark."""
    end = place
    while end < len(pieces) and mark in pieces[end][1]:
        end += 1
    return end - place


def _pieces(node: AdfNode) -> Iterator[Piece]:
    marks = tuple(_marks(node))
    if node["type"] == "hardBreak":
        yield "\n", _ANY
    elif node["type"] != "text":
        yield _foreign(node), marks
    elif any(mark["type"] == "code" for mark in node.get("marks", [])):
        yield _code_span(node.get("text", "")), marks
    else:
        found = _EDGES.fullmatch(node.get("text", ""))
        assert found is not None
        before, words, after = found.groups()
        yield before, marks
        yield markdown_escaped(words), marks
        yield after, marks


def _marks(node: AdfNode) -> Iterator[str]:
    for mark in node.get("marks", []):
        if mark["type"] in _SIGN:
            yield mark["type"]
        elif mark["type"] == "link" and mark.get("attrs", {}).get("href"):
            yield f"{_LINK}{mark['attrs']['href']}"


def _settled(pieces: Sequence[Piece]) -> list[Piece]:
    """Marks never begin or end with a blank: it keeps those that what is before and behind it has too; a line break has all of them."""
    worded = [place for place, (text, _) in enumerate(pieces) if text.strip()]
    out: list[Piece] = []
    for place, (text, marks) in enumerate(pieces):
        if not text:
            continue
        if not text.strip():
            before = next((one for one in reversed(worded) if one < place), None)
            behind = next((one for one in worded if one > place), None)
            if before is None or behind is None:
                marks = ()
            else:
                around = [mark for mark in pieces[before][1] if mark in pieces[behind][1]]
                marks = tuple(mark for mark in around if marks == _ANY or mark in marks)
        out.append((text, marks))
    return out


def _code_span(text: str) -> str:
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _foreign(node: AdfNode) -> str:
    told = node.get("attrs", {})
    match node["type"]:
        case "inlineCard":
            return f"<{told.get('url', '')}>"
        case "date":
            stamp = str(told.get("timestamp", ""))
            day = datetime.fromtimestamp(int(stamp) / 1000, UTC).date() if stamp.isdigit() else stamp
            return str(day)
        case "media" | "mediaInline":
            return media(node)
        case "placeholder":
            return ""
    said = str(told.get("text") or told.get("shortName") or told.get("title") or "")
    return markdown_escaped(said) or markdown(node.get("content", []))


def media(node: AdfNode) -> str:
    """A picture or file, by its name; it stays in the document, the Markdown only shows where."""
    told = node.get("attrs", {})
    where = told.get("url") or f"media:{told.get('id', '')}"
    return f"![{markdown_escaped(str(told.get('alt', '')))}]({where})"
