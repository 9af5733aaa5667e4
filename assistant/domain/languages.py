"""What Voxspec knows of a language beyond English: its stop words, its stemmer, how its words are cut. Cues are in `search.cues`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

KNOWN = ("de", "es", "fr", "ja", "zh")
"""Languages with a file in `assistant/languages`. Others are searched and quoted, but their cues aren't understood."""
_SNOWBALL = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_KANA = re.compile(r"[\u3041-\u30ff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_NAME_JA = re.compile(r"[\u30a1-\u30f4\u30fc]{2,}|[\u4e00-\u9fff\u3005]{2,}|[a-z][a-z0-9]+")
_NAME_ZH = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z][a-z0-9]+")
_NAME_LENGTHS = (2, 3, 4)
_MOSTLY = 0.8
_HIRAGANA = re.compile(r"[\u3041-\u309f]")


@dataclass(frozen=True)
class Language:
    """One language's data."""

    code: str
    stop_words: frozenset[str]
    greetings: tuple[str, ...]
    elisions: frozenset[str]
    """What stands before an apostrophe without being part of the word: French `l'export`."""
    splits: frozenset[str]
    """Characters that part names where words aren't separated."""
    cues: dict[str, Any]
    """The rest of the file, as it stands there."""


@lru_cache(maxsize=len(KNOWN))
def language(code: str) -> Language:
    """The data of one of `KNOWN`. Raises: FileNotFoundError for another code."""
    text = resources.files("assistant.languages").joinpath(f"{code}.toml").read_text("utf-8")
    told = tomllib.loads(text)
    return Language(
        code=code,
        stop_words=frozenset(told.pop("stop_words", "").split()),
        greetings=tuple(told.pop("greetings", ())),
        elisions=frozenset(told.pop("elisions", "").split()),
        splits=frozenset(told.pop("splits", "")),
        cues=told,
    )


def stemmer_of(code: str) -> str:
    """Name of the Snowball stemmer for a language; English where there is none for it."""
    return _SNOWBALL.get(code, "english")


def stop_words_of(code: str) -> frozenset[str]:
    """Further stop words of a language; empty for English, which has its own, and for languages that aren't known."""
    return language(code).stop_words if code in KNOWN else frozenset()


def parts_of(token: str, code: str) -> list[str]:
    """A token as its language writes words: `pdf-export` is two in German, `l'export` is one with an article in French.

    English tokens, and those of languages that aren't known, are left as they are.
    """
    if code not in KNOWN or not ("-" in token or "'" in token or "’" in token):
        return [token]
    elisions = language(code).elisions
    parts = []
    for part in token.replace("’", "'").split("-"):
        head, apostrophe, rest = part.partition("'")
        parts.append(rest if apostrophe and head in elisions else part)
    return [part for part in parts if part]


def by_script(text: str) -> str:
    """`ja` or `zh` where a text's characters say so, else empty: for short texts whose language wasn't told."""
    if text.isascii():
        return ""
    return "ja" if _KANA.search(text) else "zh" if _HAN.search(text) else ""


def names_in(text: str, code: str) -> list[str]:
    """Words of a Chinese or Japanese text that may name a thing, in order. Args: text: in lower case. code: `zh` or `ja`.

    Japanese: runs of katakana or kanji. Chinese: overlapping runs of two, three and four characters between words such as 的 and 了;
    `whole_names` then finds which of them are words.
    """
    if code == "ja":
        return _NAME_JA.findall(text)
    splits, found = language("zh").splits, list[str]()
    for run in _NAME_ZH.findall(text):
        pieces = [run] if run.isascii() else "".join(" " if c in splits else c for c in run).split()
        for piece in pieces:
            lengths = (len(piece),) if piece.isascii() else _NAME_LENGTHS
            found.extend(piece[i : i + n] for n in lengths for i in range(len(piece) - n + 1))
    return found


def whole_names(counts: Mapping[str, int]) -> frozenset[str]:
    """The names among overlapping runs of Chinese characters: those that mostly occur as a whole, and not mostly in a longer one.

    Args:
        counts: in how many texts each occurs; other words are left as they are.
    """
    runs = {run for run in counts if len(run) in _NAME_LENGTHS and _HAN.match(run) and not _KANA.search(run)}
    parts = {
        run: {run[i : i + n] for n in _NAME_LENGTHS if n < len(run) for i in range(len(run) - n + 1)}
        for run in runs
    }
    inside = {
        part
        for run, shorter in parts.items()
        for part in shorter & runs
        if counts[run] >= _MOSTLY * counts[part]
    }
    rare = {
        run
        for run, shorter in parts.items()
        if any(counts[run] < _MOSTLY * counts[part] for part in shorter & runs)
    }
    return frozenset(counts.keys() - inside - rare)


def is_filler(term: str, code: str) -> bool:
    """Whether a pair of characters of a Chinese or Japanese text is grammar, or lies across two words."""
    if code == "ja":
        return bool(_HIRAGANA.search(term))
    return code == "zh" and not language("zh").splits.isdisjoint(term)
