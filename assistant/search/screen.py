"""Which of many patterns may match a text: told in one pass over it, where trying each in turn costs fifty times as much.

RE2 (BSD-3, linear time) looks for all patterns at once. It knows no lookarounds, so these are left out: what it finds is too much, never
too little, and the pattern itself decides. `tests/unit/assistant/search/test_screen.py` holds that against every pattern.
"""

import re
from collections.abc import Sequence

import re2

_LOOKAROUND = re.compile(r"\(\?(?:=|!|<=|<!)")
_BLANKS = r"\s\x0b\x1c-\x1f"
"""White space of ASCII as Python has it; RE2 leaves out the rare ones."""
_ENDS = {r"\Z": r"\z", r"\s": f"[{_BLANKS}]"}
_MEMORY = 16 << 20


class Screen:
    """Patterns that are looked for together.

    Args:
        patterns: compiled ones, without re.MULTILINE.
    """

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._all = tuple(range(len(patterns)))
        options = re2.Options()
        options.max_mem, options.case_sensitive = _MEMORY, False
        options.dot_nl, options.log_errors = True, False
        self._set = re2.Set.SearchSet(options)
        self._numbers: list[int] = []
        self._unknown: list[int] = []
        for number, pattern in enumerate(patterns):
            try:
                self._set.Add(loosened(pattern.pattern))
                self._numbers.append(number)
            except re2.error:
                self._unknown.append(number)
        self._set.Compile()

    def hits(self, text: str) -> Sequence[int]:
        """Places of the patterns that may match, in order; all of them where the text isn't ASCII, whose classes differ."""
        if not text.isascii():
            return self._all
        found = self._set.Match(text)
        if not found:
            return self._unknown
        return sorted([self._numbers[place] for place in found] + self._unknown)


def loosened(pattern: str) -> str:
    """The pattern for RE2, matching at least what it matches: without lookarounds, and `$` before a last line feed too."""
    parts: list[str] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            pair = pattern[position : position + 2]
            parts.append(_ENDS.get(pair, pair))
            position += 2
        elif character == "[":
            end = _class_end(pattern, position)
            parts.append(pattern[position:end].replace(r"\s", _BLANKS))
            position = end
        elif _LOOKAROUND.match(pattern, position):
            parts.append("(?:)")
            position = _group_end(pattern, position)
        else:
            parts.append(r"(?:\n?\z)" if character == "$" else character)
            position += 1
    return "".join(parts)


def _class_end(pattern: str, start: int) -> int:
    """After the bracket that closes a set of characters; one that comes first in it is a member."""
    position = start + 1 + (pattern[start + 1] == "^")
    position += pattern[position] == "]"
    while pattern[position] != "]":
        position += 2 if pattern[position] == "\\" else 1
    return position + 1


def _group_end(pattern: str, start: int) -> int:
    depth, position = 0, start
    while True:
        character = pattern[position]
        if character == "\\":
            position += 2
            continue
        if character == "[":
            position = _class_end(pattern, position)
            continue
        depth += (character == "(") - (character == ")")
        position += 1
        if not depth:
            return position
