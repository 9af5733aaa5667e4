"""Words that do something where issue systems find them, and what finds them there.

Each rule is our reading of what its system documents. The hosted ones look at what they show, past every backslash; Redmine and
Roundup look at the raw text.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

BAIT = (
    "@kim please look",
    "(@kanbo/board-team) and kim@kim.example",
    "fixes #12",
    "Closes kanbo/app#7, !8, $9, &10, ^alert#11 and %12",
    'see ~bug ~"on fire" %"Next year" %v1.0 [vulnerability:4] *iteration:5',
    "as in KAN-12, GH-3, gh-4",
    "since 1f3870be274f6c49b3e31a0c6728957f and deadbeef99, kanbo/app@1f3870b",
    "https://github.com/kanbo/app/issues/3 or www.example.org or slack://open",
    "https://linear.app/kanbo/profiles/kim",
    "/close",
    "  /label ~urgent\n/assign @kim",
    "<!-- voxspec-0123456789abcdef0123 -->",
    "<!-- voxspec-0123456789abcdef0123 --> ",
    "<img src=//evil.example/x.png>",
    "![x](https://evil.example/x.png)",
    "!https://evil.example/x.png! >!//evil.example/y.png!",
    "{{include(Secrets)}} [[Secrets]] {{{collapse}}",
    ":+1: and :rocket:",
    "@\u200bkim and #\u200b\u200b12",
    "\u200b\u200b\u200b@kim\u200b",
    "Exports fail [status=resolved]",
    "Duplicate of #12\n/duplicate #12",
)
_ON_PAGES = {
    "somebody is told": re.compile(r"(?<!\w)@\w"),
    "an issue is named": re.compile(r"[#!$&^]\d"),
    "a label or milestone is named": re.compile(r"[%~][\w\"]"),
    "a thing is named": re.compile(r"[\[*]\w+:[\w\"]"),
    "a ticket is named": re.compile(r"(?<!\w)(?!(?:US|FR|NFR|OQ|G|R|D|S)-)[A-Z][A-Z0-9_]*-\d|(?i:\bgh-\d)"),
    "a commit is named": re.compile(r"(?<!\w)[0-9a-fA-F]{7,40}(?!\w)"),
    "a link is made": re.compile(r"(?i)[a-z][a-z0-9+.-]*://|\bwww\.\w"),
    "a page is named": re.compile(r"\[\[[^\]]+\]\]"),
    "a sign is drawn": re.compile(r":(?:[+-]1|[a-z][a-z0-9_+-]*):"),
}
_RAW = {
    "a command is given": re.compile(r"^\s*/[a-zA-Z]", re.MULTILINE),
    "somebody is told": re.compile(r"(?<!\w)@\w"),
    "a macro runs": re.compile(r"\{\{\w"),
    "a picture is loaded": re.compile(r"(?:>|\s|^)![^\s(!]+!", re.MULTILINE),
    "an order is read": re.compile(r"\[\w+=[^\]]*\]\s*\Z"),
    "a marker is found": re.compile(r"voxspec-[0-9a-f]{20}"),
    "markup is read": re.compile(r"<[a-zA-Z/!?]"),
}
_PARSER = MarkdownIt("gfm-like", {"linkify": False})


def bites(markdown: str) -> set[str]:
    """What a text would do in one of the systems; our own links aside."""
    return {what for what, rule in _RAW.items() if rule.search(_bare(markdown))} | {
        what for text in shown(markdown) for what, rule in _ON_PAGES.items() if rule.search(text)
    }


def shown(markdown: str) -> list[str]:
    """Lines of text as a page has them, outside of code."""
    lines: list[str] = []
    for token in _PARSER.parse(markdown):
        inside = token.children or []
        words = (_word(one) for one in inside if one.type != "code_inline")
        lines += [line for line in "".join(words).split("\n") if line]
    return lines


def _word(token: Token) -> str:
    return token.content if token.type in ("text", "text_special") else "\n" if "break" in token.type else ""


def _bare(markdown: str) -> str:
    return re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)
