"""Which columns of a Kano survey hold the answer pairs, and the pairs of its rows."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.domain.priority import KanoAnswer
from assistant.errors import InputRejected, UsageError
from assistant.synthesis.priority.answers import parse_answer, plain
from assistant.synthesis.priority.kano import AnswerPair
from assistant.synthesis.priority.sheet import bare_text

_WITHOUT = r"(?:dys|dis|dy)functional|(?:dys|dis)funktional(?:e[rsnm]?)?|dysfonctionnel(?:le)?s?|disfuncional(?:es)?|negativ[ea]?"
_WITH = r"functional|funktional(?:e[rsnm]?)?|fonctionnel(?:le)?s?|funcional(?:es)?|positiv[ea]?"
_MARK = re.compile(rf"(?<![^\W_])(?:(?P<without>{_WITHOUT})|(?P<with>{_WITH}))(?![^\W_])", re.IGNORECASE)
_NOISE = re.compile(
    r"\b(?:question|answer|frage|antwort|reponse|réponse|pregunta|respuesta)\b", re.IGNORECASE
)
_LEAD = re.compile(r".*[:?–—-]\s+", re.DOTALL)
_EDGE = " \t-–—_:.,/()[]|"
_FEATURE = frozenset(
    ("feature", "features", "feature name", "requirement", "attribute", "item", "name", "funktion", "merkmal", "anforderung", "feature titel",
     "fonctionnalite", "fonction", "caracteristica", "funcionalidad", "funcion")
)  # fmt: skip
_PERSON = frozenset(
    ("person", "respondent", "respondent id", "participant", "participant id", "user", "user id", "email", "customer", "customer id",
     "response id", "befragte", "befragter", "teilnehmer", "teilnehmerin", "repondant", "participante", "encuestado")
)  # fmt: skip
_SHOWN = 12
_BLANK = frozenset({"", "n a", "na", "nan", "none", "null", "no answer", "keine angabe"})


@dataclass(frozen=True)
class SurveyColumns:
    """Where the pairs of a survey stand."""

    features: Mapping[str, tuple[str, str]]
    """Feature → its columns, with it and without it. One entry with the name "" where a column names the feature."""
    feature_column: str = ""
    person: str = ""
    segments: tuple[str, ...] = ()
    own: Mapping[str, KanoAnswer] = field(default_factory=dict)
    """Further wordings of the answers, as `answers.plain` writes them."""


def find_columns(
    columns: Sequence[str],
    *,
    pairs: Mapping[str, tuple[str, str]] | None = None,
    named: Mapping[str, str] | None = None,
    segments: Sequence[str] = (),
    answers: Mapping[str, KanoAnswer] | None = None,
) -> SurveyColumns:
    """Find the pairs: one row per pair (feature, functional, dysfunctional), or two columns per feature (`Export (functional)`).

    Args:
        columns: of the survey.
        pairs: a person's word for it: feature → its two columns.
        named: a person's word for `feature`, `functional`, `dysfunctional` and `person`.
        segments: columns whose values make groups.
        answers: further wordings, in any spelling.

    Raises: UsageError for a column that isn't there; InputRejected where no pair is found.
    """
    named = named or {}
    unknown = sorted(set(named) - {"feature", "functional", "dysfunctional", "person"})
    if unknown:
        raise UsageError(
            f"A Kano survey has no field '{unknown[0][:40]}'.",
            hint="Its fields are feature, functional, dysfunctional and person.",
        )
    wanted = [*named.values(), *(one for pair in (pairs or {}).values() for one in pair), *segments]
    for column in wanted:
        if column not in columns:
            raise UsageError(
                f"There is no column '{column[:80]}'.", hint=f"The columns are {_names(columns)}."
            )
    person = named.get("person") or next((one for one in columns if plain(one) in _PERSON), "")
    feature = named.get("feature") or next((one for one in columns if plain(one) in _FEATURE), "")
    found = dict(pairs) if pairs else _marked(columns, named)
    if not found or ("" in found and not feature):
        raise InputRejected(
            f"No answer pairs are found in the columns {_names(columns)}.",
            hint="Name columns 'feature', 'functional' and 'dysfunctional', or two per feature such as 'Export (functional)' and "
            "'Export (dysfunctional)'; or say which they are (pair Export=Q3,Q4).",
        )
    own = {plain(text): answer for text, answer in (answers or {}).items()}
    return SurveyColumns(found, feature if "" in found else "", person, tuple(segments), own)


def _names(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - _SHOWN:,} more" if len(columns) > _SHOWN else ""
    return (", ".join(f"'{one[:60]}'" for one in columns[:_SHOWN]) or "(none)") + more


def _marked(columns: Sequence[str], named: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    sides: dict[str, dict[str, str]] = {}
    for column in columns:
        mark = _MARK.search(column)
        if mark is None:
            continue
        rest = (column[: mark.start()].rstrip(_EDGE) + " " + column[mark.end() :].lstrip(_EDGE)).strip(_EDGE)
        name = "" if not _NOISE.sub("", rest).strip(_EDGE) else rest
        sides.setdefault(name, {}).setdefault("without" if mark["without"] else "with", column)
    if "functional" in named or "dysfunctional" in named:
        own = sides.get("", {})
        sides = {"": {"with": named.get("functional", own.get("with", "")), "without": named.get("dysfunctional", own.get("without", ""))}}  # fmt: skip
    both = {
        name: (side["with"], side["without"])
        for name, side in sides.items()
        if side.get("with") and side.get("without")
    }
    both = _without_lead(both)
    # A table of pairs may hold other columns that bear the words; one row per pair wins.
    return {"": both[""]} if "" in both else both


def _without_lead(both: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Leave out the question that all columns begin with: `How do you feel about: Export`."""
    first, last = min(both, default=""), max(both, default="")
    shared = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), 0)
    lead = _LEAD.match(first[:shared])
    return {name[lead.end() :]: pair for name, pair in both.items()} if lead else both


def read_pairs(
    rows: Iterable[tuple[str, Mapping[str, str]]], columns: SurveyColumns
) -> tuple[list[AnswerPair], list[str]]:
    """The pairs of the rows, and notes about answers that are none of the five.

    Args:
        rows: how a person finds the row (`row 3`), and its cells by column.

    Raises: InputRejected where no cell holds an answer that can be read.
    """
    pairs: list[AnswerPair] = []
    unread: Counter[str] = Counter()
    first: dict[str, str] = {}
    for where, cells in rows:
        for feature, two in columns.features.items():
            name = feature or bare_text(" ".join(cells.get(columns.feature_column, "").split()))
            if not name:
                unread["(no feature)"] += 1
                first.setdefault("(no feature)", f"{where}, column '{columns.feature_column}'")
                continue
            answers = [parse_answer(cells.get(column, ""), columns.own) for column in two]
            for column, answer in zip(two, answers, strict=True):
                text = cells.get(column, "").strip()
                if answer is None and plain(text) not in _BLANK:
                    unread[text] += 1
                    first.setdefault(text, f"{where}, column '{column[:60]}'")
            segments = {one: cells.get(one, "").strip() for one in columns.segments}
            pairs.append(
                AnswerPair(name, answers[0], answers[1], cells.get(columns.person, "").strip(), segments)
            )
    if pairs and unread and not any(pair.functional or pair.dysfunctional for pair in pairs):
        text, place = next(iter(sorted(first.items())))
        raise InputRejected(
            f"None of the answers can be read; {place} holds '{text[:60]}'.",
            hint="The five answers are read in English, German, French and Spanish, and as numbers from 1 (like) to 5 (dislike). "
            "Say what another wording means (answer like=I would be thrilled).",
        )
    return pairs, list(_notes(unread, first))


def _notes(unread: Counter[str], first: Mapping[str, str]) -> Iterator[str]:
    for text, count in sorted(unread.items(), key=lambda one: (-one[1], one[0]))[:5]:
        times = "once" if count == 1 else f"{count:,} times"
        yield f"'{text[:60]}' is none of the five answers and is left out ({times}; first: {first[text]})."
    if len(unread) > 5:
        yield f"{len(unread) - 5:,} more wordings are none of the five answers and are left out."
