"""Names of areas: a word that is theirs alone, else the two themes that make up most of them. And which words are nobody's."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from assistant.domain.text import content_words, stem
from assistant.synthesis.names import Said

BETWEEN = " / "
_MANY = 8
"""Areas from which they tell which words are everybody's; fewer, such as two or three wide ones, leave it to their themes."""
_IN_AREAS = 0.2
"""Share of the areas that say a word, from which it names none of them. Kanbo sample, 23 areas: `Kanbo` is in 0.70, `board` 0.65,
`app` 0.35, `tool` 0.22 of them; `export`, `price`, `invoice`, `dark` in less than 0.10."""
_IN_THEMES, _AT_LEAST = 0.5, 0.05
"""The same of themes, where those count that say it in so many of their statements. Reviews of a fitness app, 14 themes: `app` is in
0.79, the product's name in 0.50; `sync` in 0.43, `sleep` 0.14."""
_LONGEST_PART = 28
"""Characters of a theme's name beside another."""


class Spread:
    """In how many groups words are said."""

    def __init__(self, groups: Sequence[Sequence[frozenset[str]]], share: float, at_least: float) -> None:
        """Args:
        groups: of each its statements, as stems.
        share: of the groups that say a word, from which it is everybody's.
        at_least: share of a group's statements from which it says a word; any where this is 0.
        """
        self._sizes = [len(statements) for statements in groups]
        self._share, self._at_least = share, at_least
        self._said: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
        for group, statements in enumerate(groups):
            for place, stems in enumerate(statements):
                for one in stems:
                    self._said[one].add((group, place))

    def is_common(self, key: Collection[str]) -> bool:
        """Whether statements with all of these stems are in so many groups that they name none."""
        if not self._sizes or not key:
            return False
        together = set.intersection(*(self._said.get(one, set()) for one in key))
        counts = Counter(group for group, _ in together)
        saying = sum(count >= self._at_least * self._sizes[group] for group, count in counts.items())
        return saying >= max(3.0, self._share * len(self._sizes))

    def told_by(self, key: frozenset[str], statements: Sequence[frozenset[str]]) -> set[int]:
        """Places of the statements that hold what a name is about: one of its stems that isn't everybody's, or else all of them."""
        own = frozenset(one for one in key if not self.is_common([one]))
        if own:
            return {place for place, said in enumerate(statements) if own & said}
        return {place for place, said in enumerate(statements) if key <= said}


NOWHERE = Spread((), 1.0, 0.0)
"""Where nothing is common."""


def stems_of(text: str, language: str) -> frozenset[str]:
    """The stems of the words that say something."""
    return frozenset(stem(word, language) for word in content_words(text, language))


def spread_of(areas: Sequence[Iterable[Said]], themes: Iterable[Iterable[Said]]) -> Spread:
    """Which words are everybody's, told by what all areas say; where they are few, by what their themes say."""
    return (
        Spread(_stems(areas), _IN_AREAS, 0.0)
        if len(areas) >= _MANY
        else Spread(_stems(themes), _IN_THEMES, _AT_LEAST)
    )


def _stems(groups: Iterable[Iterable[Said]]) -> list[list[frozenset[str]]]:
    return [[stems_of(one.text, one.language) for one in group] for group in groups]


def of_parts(
    parts: Sequence[tuple[str, frozenset[str]]], statements: Sequence[frozenset[str]], spread: Spread
) -> list[str]:
    """Two themes as the name of the area that they make up, then one alone: those whose words most of its statements hold.

    Args:
        parts: name and stems of each theme, the one of most people first.
        statements: stems of each of the area's statements.
    """
    apart = [(name, stems) for name, stems in parts if stems and not spread.is_common(stems)]
    short = [one for one in apart if len(one[0]) <= _LONGEST_PART and BETWEEN not in one[0]]
    usable = short or apart or list(parts)
    if not usable:
        return []
    held = [spread.told_by(stems, statements) for _, stems in usable]
    first = max(range(len(usable)), key=lambda one: (len(held[one]), -one))
    rest = [one for one in range(len(usable)) if not usable[one][1] & usable[first][1]]
    names = [usable[first][0]]
    if rest:
        second = max(rest, key=lambda one: (len(held[one] - held[first]), -one))
        names.insert(0, BETWEEN.join([usable[first][0], usable[second][0]]))
    return names
