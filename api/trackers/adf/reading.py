"""A document of Jira as Markdown. What Markdown has no word for stays readable: panels as quotes, people by name, pictures by theirs."""

import re
from collections.abc import Callable, Iterator, Sequence

from api.trackers.adf.spans import markdown as spans
from api.trackers.adf.spans import media
from assistant.domain.escaping import markdown_escaped
from assistant.drafting.formats.to_adf import AdfNode

_INLINE = frozenset(
    {"text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "mediaInline", "placeholder",
     "inlineExtension"}
)  # fmt: skip


def to_markdown(document: AdfNode | None) -> str:
    """The whole document; None is an empty one."""
    return "\n\n".join(text for node in _content(document or {}) if (text := block(node)).strip())


def block(node: AdfNode) -> str:
    """A block. Those that we write give back the bytes that they were written from."""
    return _BLOCKS.get(node["type"], _other)(node)


def _content(node: AdfNode) -> list[AdfNode]:
    return node.get("content", [])


def _paragraph(node: AdfNode) -> str:
    return spans(_content(node))


def _heading(node: AdfNode) -> str:
    return (
        f"{'#' * int(node.get('attrs', {}).get('level', 1))} {' '.join(spans(_content(node)).splitlines())}"
    )


def _quote(node: AdfNode) -> str:
    return _quoted(_blocks(node))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _panel(node: AdfNode) -> str:
    name = str(node.get("attrs", {}).get("panelType", "note")).capitalize()
    return _quoted(f"**{markdown_escaped(name)}**\n{_blocks(node)}")


def _expand(node: AdfNode) -> str:
    title = markdown_escaped(str(node.get("attrs", {}).get("title", "")))
    return _quoted(f"**{title}**\n{_blocks(node)}" if title else _blocks(node))


def _blocks(node: AdfNode) -> str:
    return "\n\n".join(block(one) for one in _content(node))


def _bullets(node: AdfNode) -> str:
    return "\n".join(_item("- ", item) for item in _content(node))


def _numbers(node: AdfNode) -> str:
    first = int(node.get("attrs", {}).get("order", 1))
    return "\n".join(_item(f"{first + place}. ", item) for place, item in enumerate(_content(node)))


def _tasks(node: AdfNode) -> str:
    return "\n".join(_item(_box(item), item) for item in _content(node))


def _box(item: AdfNode) -> str:
    done = item.get("attrs", {}).get("state") in ("DONE", "DECIDED")
    return "- " if item["type"] in ("taskList", "decisionList") else f"- [{'x' if done else ' '}] "


def _item(bullet: str, item: AdfNode) -> str:
    held = _content(item)
    text = spans(held) if held and all(one["type"] in _INLINE for one in held) else _tight(held)
    first, *rest = text.split("\n")
    # Without empty lines: a block of the Markdown is a block of the document.
    return "\n".join([f"{bullet}{first}", *(f"{' ' * len(bullet)}{line}" for line in rest)])


def _tight(held: Sequence[AdfNode]) -> str:
    return "\n".join(re.sub(r"\n{2,}", "\n", block(one)) for one in held)


def _code(node: AdfNode) -> str:
    text = "".join(one.get("text", "") for one in _content(node))
    fence = "`" * max(3, max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    return f"{fence}{node.get('attrs', {}).get('language') or ''}\n{text}\n{fence}"


def _table(node: AdfNode) -> str:
    rows = [
        [" ".join(_tight(_content(cell)).split("\n")) for cell in _content(row)] for row in _content(node)
    ]
    width = max((len(row) for row in rows), default=0)
    lines = [f"| {' | '.join([*row, *([''] * (width - len(row)))])} |" for row in rows]
    return "\n".join([*lines[:1], f"|{'---|' * width}", *lines[1:]])


def _card(node: AdfNode) -> str:
    return f"<{node.get('attrs', {}).get('url', '')}>"


def _other(node: AdfNode) -> str:
    held = _content(node)
    if node["type"] in _INLINE or (held and all(one["type"] in _INLINE for one in held)):
        return spans([node] if node["type"] in _INLINE else held)
    return _blocks(node) or markdown_escaped(str(node.get("attrs", {}).get("text", "")))


def _media(node: AdfNode) -> str:
    return "\n".join(_media_of(node))


def _media_of(node: AdfNode) -> Iterator[str]:
    for one in _content(node):
        yield media(one) if one["type"] == "media" else spans(_content(one))


_BLOCKS: dict[str, Callable[[AdfNode], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "blockquote": _quote,
    "panel": _panel,
    "expand": _expand,
    "nestedExpand": _expand,
    "bulletList": _bullets,
    "orderedList": _numbers,
    "taskList": _tasks,
    "decisionList": _tasks,
    "codeBlock": _code,
    "rule": lambda _: "---",
    "table": _table,
    "blockCard": _card,
    "embedCard": _card,
    "mediaSingle": _media,
    "mediaGroup": _media,
}
