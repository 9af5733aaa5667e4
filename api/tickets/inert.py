"""Words of others in a form that does nothing in an issue system, whichever it is, and the way back. No I/O.

Escaped Markdown isn't enough: systems look for names and numbers in what they show, or in the raw text, past every backslash. A sign that
nobody sees (U+200B) stands where one would begin to read:

| what | where it acts | becomes |
|---|---|---|
| `@name` | all but Jira: somebody is told | `@·name` |
| `#12` `!12` `$12` `&12` `^12` `%v1` `~label` `[contact:1]` | GitHub, GitLab: a note on what is named | `#·12` |
| `ABC-12` `GH-12` | GitHub, GitLab, Jira, Linear: the same | `ABC-·12` |
| 7 to 40 hexadecimal digits | GitHub, GitLab: a commit | cut into pieces of six |
| `voxspec-0123…` | all: a marker of ours, by which a ticket is found | `voxspec-·0123…` |
| `scheme://` `www.` | all: a link, a note on the issue behind it, Linear's mentions | `https:·//` |
| `/close` at the start of a line | GitLab, and robots on GitHub: done | `/·close` |
| `<tag` `<!--` `![` `!image!` | Markdown and Textile: markup, a forged marker, a foreign picture | `<·tag` |
| `[status=resolved]` at the end of a title | Roundup, in answers to its mails: done | `[status=resolved]·` |
| `{{macro}}` `[[page]]` `:sign:` | Redmine, GitHub: another text in its place | `{·{macro}}` |

Ids that we give (`FR-1`) stay whole, as people copy them. A sign of that kind that was there before is doubled, so that the way back is exact.
"""

import re

from assistant.domain.escaping import markdown_words
from assistant.drafting.formats.words import legal

_UNSEEN = "\u200b"
_RUNS = re.compile(f"{_UNSEEN}+")
_BEFORE_ITS_END = [
    re.compile(one, re.MULTILINE)
    for one in (
        r"@(?=\w|\Z)",
        r"[#!$&^](?=\d|\Z)",
        r"[%~](?=[\w\"])",
        r"[\[*]\w{1,30}:(?=[\w\"])",
        r"(?<!\w)(?!(?:US|FR|NFR|OQ|G|R|D|S)-)[A-Z][A-Z0-9_]{0,40}-(?=\d|\Z)",
        r"(?<!\w)[gG][hH]-(?=\d)",
        r"voxspec-(?=[0-9a-f]|\Z)",
        r":(?=//)",
        r"(?<!\w)[wW]{3}(?=\.)",
        r"^[ \t]*/(?=[A-Za-z])",
        r"<(?=[A-Za-z/!?])",
        r"!(?=\[)",
        r"(?<![^\s>])(?=![^\s!])",
        r"\[(?=\[)",
        r"\](?=\s*\Z)",
        r"\{(?=\{)",
        r":(?=(?:[+-]1|[a-z][a-z0-9_+-]{0,50}):)",
    )
]
_HEX = re.compile(r"(?<!\w)[0-9a-fA-F]{7,40}(?!\w)")
_PIECE = 6
"""No system takes fewer hexadecimal digits than seven for a commit."""


def inert(text: str) -> str:
    """The text, as it is read, doing nothing. What no system takes (control characters, half surrogate pairs) is left out."""
    held = legal(text)
    cuts = {found.end() for rule in _BEFORE_ITS_END for found in rule.finditer(held)}
    for found in _HEX.finditer(held):
        cuts.update(range(found.start() + _PIECE, found.end(), _PIECE))
    out, last = [], 0
    for cut in sorted(cuts):
        out += [held[last:cut].replace(_UNSEEN, _UNSEEN * 2), _UNSEEN]
        last = cut
    return "".join([*out, held[last:].replace(_UNSEEN, _UNSEEN * 2)])


def as_said(text: str) -> str:
    """What `inert` was given, but for what it left out."""
    return _RUNS.sub(lambda found: _UNSEEN * (len(found[0]) // 2), text)


def inert_words(text: str) -> str:
    """The text as Markdown on one line that shows exactly its words, links nowhere and does nothing."""
    return markdown_words(inert(text))
