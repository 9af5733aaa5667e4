"""«Only …», «without …», «since …»: a scope from what a person says, held against the values that the records have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from assistant.chat.periods import without_releases
from assistant.chat.releases import period_of
from assistant.domain.evidence import Scope
from assistant.domain.record import RecordKind
from assistant.drafting.paragraphs import LANGUAGES
from assistant.search.matrix import CorpusMatrix, matrix_of
from assistant.workbench import Workbench

_WITHOUT = re.compile(
    r"\b(?:without|exclud\w*|ignore|except|leave .*out|ohne|weg\b|ausser|außer|sans|sauf|sin|excepto)\b|排除|以外|除了",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"\b(?:again|all sources|everything|everyone|all records|wieder|alle\b|tous|toutes|todos|todas)\b|全部|すべて",
    re.IGNORECASE,
)
_STARS = re.compile(
    r"(\d|one|two|three|four|five)\s*(?:stars?|sterne?n?|étoiles?|estrellas?)?\s*(?:or|and|oder|ou|o|y)\s*(less|fewer|below|worse|weniger|moins|menos|more|better|above|mehr|plus|más)",
    re.IGNORECASE,
)
_DIGITS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_MORE = frozenset({"more", "better", "above", "mehr", "plus", "más"})
_LANGUAGE_WORDS = {
    "de": "german|deutsch\\w*|allemand|alemán|alemanes", "en": "english|englisch\\w*|anglais|inglés", "es": "spanish|spanisch\\w*|espagnol|español\\w*",
    "fr": "french|französisch\\w*|français\\w*|francés", "ja": "japanese|japanisch\\w*|japonais|japonés|日本語", "zh": "chinese|chinesisch\\w*|chinois|chino|中文",
}  # fmt: skip
_TO_GROUP = r"(?:\b(?:for|of|from|by|among|with|on|für|von|bei|pour|de|des|chez|para|los|las|les|the|only|just|nur)\s+)*"
_OF_PEOPLE = r"[\s-]+(?:customers?|users?|people|accounts?|plan|kunden|nutzer|clients?|utilisateurs?|clientes|usuarios)\b"
_OF_GROUP = rf"(?:{_OF_PEOPLE})?"
_MOST_VALUES = 200
"""A segment with more values names records, not groups."""
_CODE = re.compile(r"[A-Z]{2,3}")
"""Values such as DE, PL or US are words of a language in small letters: `sobre eso de la`, `pls`, `tell us`."""


@dataclass(frozen=True)
class Named:
    """A group of records that the words name."""

    field: str
    """Field of a scope; `segments.NAME` for a segment."""
    value: str

    def scope(self, base: Scope, values: tuple[str, ...] | None = None) -> Scope:
        """The scope restricted to this group (or those values of its field)."""
        chosen: Any = values or (self.value,)
        if self.field.startswith("segments."):
            segments = {**base.segments, self.field.removeprefix("segments."): chosen}
            return base.model_copy(update={"segments": segments})
        if self.field == "kinds":
            chosen = tuple(RecordKind(one) for one in chosen)
        return base.model_copy(update={self.field: chosen})

    @property
    def shown(self) -> str:
        """For example `plan “enterprise”`."""
        if self.field == "languages":
            return LANGUAGES.get(self.value, self.value)
        name = {"sources": "source", "kinds": "kind"}.get(self.field, self.field.removeprefix("segments."))
        return f"{name.replace('_', ' ')} “{self.value}”"


def newest_moment(bench: Workbench) -> datetime | None:
    """When the newest record was said; None where none is dated."""
    dates = matrix_of(bench).said_at
    dates = dates[~np.isnan(dates)]
    return datetime.fromtimestamp(float(dates.max()), UTC) if len(dates) else None


def groups_named(bench: Workbench, words: str) -> list[Named]:
    """Groups of the records that the words name, in the order of their mention; each once."""
    words = without_releases(words)
    folded = words.casefold()
    found: dict[Named, int] = {}
    for named, name in _known(matrix_of(bench)):
        place = _place(name, words, folded)
        if place is not None:
            found.setdefault(named, place)
    for code, pattern in _LANGUAGE_WORDS.items():
        if match := re.search(rf"(?<!\w)(?:{pattern})(?!\w)", folded):
            found.setdefault(Named("languages", code), match.start())
    return sorted(found, key=lambda named: (found[named], named.field, named.value))


def people_named(bench: Workbench, words: str) -> list[Named]:
    """Groups that can only be people: of a segment, or of a language with a word for people behind it."""
    return [
        one
        for one in groups_named(bench, words)
        if one.field.startswith("segments.")
        or (
            one.field == "languages"
            and re.search(rf"(?<!\w)(?:{_LANGUAGE_WORDS[one.value]}){_OF_PEOPLE}", words, re.IGNORECASE)
        )
    ]


def without_groups(bench: Workbench, words: str) -> str:
    """The words without the groups that they name, and what leads to those: `export for enterprise customers` is about export."""
    left = words
    for one in groups_named(bench, words):
        names = [re.escape(one.value), re.sub(r"[\s_-]+", r"[\\s_-]+", re.escape(one.value))]
        if one.field == "languages":
            names = [_LANGUAGE_WORDS.get(one.value, one.value)]
        if _CODE.fullmatch(one.value):
            inner = rf"(?<!\w){one.value}(?!\w)"
        else:
            inner = rf"(?<!\w)(?i:{'|'.join(names)})(?i:s|es|n|en)?(?!\w)"
        left = re.sub(rf"(?i:{_TO_GROUP}){inner}(?i:{_OF_GROUP})", " ", left)
    return " ".join(left.split()).strip(" ,;")


def changed_scope(bench: Workbench, words: str, scope: Scope) -> Scope | None:
    """The scope as the words want it; None where they name nothing that the records have."""
    groups = groups_named(bench, words)
    period = period_of(bench, words)
    stars = _STARS.search(words)
    changed = scope
    without = bool(_WITHOUT.search(words))
    if _AGAIN.search(words) and not without and not period and not stars:
        changed = _opened(scope, groups)
        return changed if changed != scope or not groups else scope
    for field in dict.fromkeys(one.field for one in groups):
        values = tuple(one.value for one in groups if one.field == field)
        first = next(one for one in groups if one.field == field)
        chosen = others_than(bench, first, values) if without else values
        if chosen:
            changed = first.scope(changed, chosen)
    if period:
        since, until = period
        # «Without everything before May» keeps what is since May.
        since, until = (until, since) if without else (since, until)
        changed = changed.model_copy(update={"since": since, "until": until})
    if stars:
        number = float(_DIGITS.get(stars[1].casefold(), 0) or stars[1])
        bound = "min_rating" if stars[2].casefold() in _MORE else "max_rating"
        changed = changed.model_copy(update={bound: number})
    return changed if groups or period or stars else None


def _opened(scope: Scope, groups: list[Named]) -> Scope:
    if not groups:
        return Scope()
    left = scope
    for one in groups:
        if one.field.startswith("segments."):
            name = one.field.removeprefix("segments.")
            kept = {key: values for key, values in left.segments.items() if key != name}
            left = left.model_copy(update={"segments": kept})
        else:
            left = left.model_copy(update={one.field: ()})
    return left


def others_than(bench: Workbench, one: Named, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The other values of a group's field, sorted. Args: without: these; by default the group's own."""
    left_out = without or (one.value,)
    known = (named.value for named, _ in _known(matrix_of(bench)) if named.field == one.field)
    return tuple(sorted({value for value in known if value not in left_out}))


def _known(matrix: CorpusMatrix) -> Iterator[tuple[Named, str]]:
    """What can be named: group and the words for it."""
    for name in matrix.segment_names:
        values = sorted(value for value in matrix.segment(name).known if isinstance(value, str))
        if len(values) > _MOST_VALUES:
            continue
        for value in values:
            # A bare number means nothing without the segment's name.
            yield Named(f"segments.{name}", value), f"{name} {value}" if value.isdigit() else value
            if _CODE.fullmatch(value):
                yield Named(f"segments.{name}", value), f"{name} {value}"
    for source in matrix.source.known:
        if isinstance(source, str):
            yield Named("sources", source), re.sub(r"[_-]+", " ", source)
    for kind in matrix.kind.known:
        if isinstance(kind, str) and kind != RecordKind.customer.value:
            yield Named("kinds", kind), kind
    for language in matrix.language.known:
        if isinstance(language, str) and language in _LANGUAGE_WORDS:
            yield Named("languages", language), LANGUAGES.get(language, language)


def _place(name: str, words: str, folded: str) -> int | None:
    wanted = name.casefold().strip()
    if len(wanted) < 2:
        return None
    if _CODE.fullmatch(name):
        as_written = re.search(rf"(?<!\w){name}(?!\w)", words)
        return as_written.start() if as_written else None
    parts = [re.escape(part) for part in wanted.split()]
    # CJK has no spaces around words.
    edge = r"(?<!\w)", r"(?:s|es|n|en)?(?!\w)"
    pattern = r"[\s_-]+".join(parts)
    match = re.search(edge[0] + pattern + edge[1] if wanted.isascii() else pattern, folded)
    return match.start() if match else None
