"""Words of erased texts, and finding them where they were repeated.

Words are *distinctive* that no text which stays has, too: nobody else can be meant by them. What others said as well is theirs to keep.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.domain.erasure import MARK
from assistant.domain.text import STOP_WORDS

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0e7f"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|[\u2600-\u27bf\U0001f000-\U0001faff]")
_PLACEHOLDER = re.compile(r"\{[FQ]\d+\}")
_CHUNK = re.compile(r"\S+")
_RUN = 6
"""So many words in a row are somebody's own wherever they stand."""
_SHORT_RUN = 3
"""So many are, where it is known that the person's words were used."""
_SHORTEST_TEXT = 12
"""Characters of a text of fewer words than a run, such as `Works for nobody!`."""
_SHORTEST_WORD = 3
_SHORTEST_NAME = 8
Gram = tuple[str, ...]


@dataclass(frozen=True)
class _Token:
    word: str
    start: int
    end: int


class ErasedWords:
    """The distinctive words of erased texts.

    Args:
        texts: what is erased.
        names: of the person or the account, as they were given.
        others: every text that stays, read once.
    """

    def __init__(self, texts: Iterable[str], names: Iterable[str], others: Iterable[str]) -> None:
        # A mark of an earlier erasure is nobody's words, and no run of words goes on across it.
        self._texts = list(dict.fromkeys(part for text in texts for part in text.split(MARK)))
        self._names = [name for name in dict.fromkeys(names) if name.strip()]
        self._anywhere: dict[int, set[Gram]] = defaultdict(set)
        self._nearby: dict[int, set[Gram]] = defaultdict(set)
        for text in self._texts:
            self._learn(text)
        for name in self._names:
            self._learn_name(name)
        self.shared = 0
        """Texts of others that hold the name: their own words, or the name of a source. They stay."""
        self._leave_to(others)

    def redacted(self, text: str, *, nearby: bool) -> str:
        """The text with a mark in place of distinctive words.

        Args:
            nearby: whether it is known that the text was made with what is erased: shorter runs and single words then count.
        """
        return MARK.join(self._without(part, nearby) for part in text.split(MARK))

    def occur_in(self, text: str) -> bool:
        """Whether a text repeats the erased ones so long that it can be no chance."""
        return self.redacted(text, nearby=False) != text

    def pieces(self) -> list[str]:
        """What to look for in files: the exact pieces of the erased texts that `redacted` takes out everywhere, sorted."""
        found: set[str] = set()
        for text in (*self._texts, *self._names):
            tokens = _tokens(text)
            for start, end in _places(tokens, self._anywhere):
                piece = text[tokens[start].start : tokens[end - 1].end]
                if len(piece.encode("utf-8", "surrogatepass")) >= _SHORTEST_NAME:
                    found.add(piece)
        return sorted(found)

    def _learn(self, text: str) -> None:
        words = [token.word for token in _tokens(text)]
        for gram in _grams(words, _RUN):
            self._anywhere[_RUN].add(gram)
        for gram in _grams(words, _SHORT_RUN):
            self._nearby[_SHORT_RUN].add(gram)
        for word in words:
            if len(word) >= _SHORTEST_WORD and not word.isdigit() and word not in STOP_WORDS:
                self._nearby[1].add((word,))
        if _SHORT_RUN <= len(words) < _RUN and len(text.strip()) >= _SHORTEST_TEXT:
            self._anywhere[len(words)].add(tuple(words))
        for chunk in _CHUNK.findall(text):
            if _names_somebody(chunk):
                self._learn_exactly(chunk)

    def _learn_name(self, name: str) -> None:
        """One word alone may be anything (`Customer`); it is looked for only where the person was quoted."""
        words = [token.word for token in _tokens(name)]
        if len(words) > 1 or _names_somebody(name):
            self._learn_exactly(name)
        self._nearby[1].update(
            (word,) for word in words if len(word) >= _SHORTEST_WORD and not word.isdigit()
        )

    def _learn_exactly(self, text: str) -> None:
        words = tuple(token.word for token in _tokens(text))
        if words and len(text) >= _SHORTEST_NAME:
            self._anywhere[min(len(words), _RUN)].update(_grams(words, min(len(words), _RUN)))

    def _leave_to(self, others: Iterable[str]) -> None:
        names = {tuple(token.word for token in _tokens(name)) for name in self._names}
        for text in others:
            words = [token.word for token in _tokens(text)]
            self.shared += any(gram in names for name in names for gram in _grams(words, len(name)))
            for known in (self._anywhere, self._nearby):
                for length, grams in known.items():
                    if grams:
                        grams.difference_update(_grams(words, length))

    def _without(self, text: str, nearby: bool) -> str:
        tokens = _tokens(text)
        places = _places(tokens, self._anywhere)
        if nearby:
            places += _places(tokens, self._nearby)
        if "{" in text:
            slots = {match.start() + 1 for match in _PLACEHOLDER.finditer(text)}
            places = [
                place for place in places if place[1] - place[0] > 1 or tokens[place[0]].start not in slots
            ]
        parts: list[str] = []
        done = 0
        for start, end in _joined(places):
            parts += [text[done : tokens[start].start], MARK]
            done = tokens[end - 1].end
        return "".join([*parts, text[done:]])


def _tokens(text: str) -> list[_Token]:
    return [_Token(match.group().casefold(), *match.span()) for match in _TOKEN.finditer(text)]


def _grams(words: list[str] | Gram, length: int) -> Iterator[Gram]:
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _places(tokens: list[_Token], known: dict[int, set[Gram]]) -> list[tuple[int, int]]:
    """First token and the one after the last, of every gram that is known."""
    words = [token.word for token in tokens]
    return [
        (at, at + length)
        for length, grams in sorted(known.items())
        if grams
        for at, gram in enumerate(_grams(words, length))
        if gram in grams
    ]


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _names_somebody(chunk: str) -> bool:
    """An address, a handle, a serial number: something that is one of a kind by its form."""
    return len(chunk) >= _SHORTEST_NAME and (
        "@" in chunk or (any(c.isdigit() for c in chunk) and any(c.isalpha() for c in chunk))
    )
