"""What differs between two writings of one request, in words for a person: records, quotes, numbers, wording, check."""

import re
from collections.abc import Iterable, Mapping

from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft
from assistant.domain.fact import FactFilter, Measure
from assistant.workbench import Workbench

_PLACEHOLDER = re.compile(r"\{F\d+\}")
_ID = re.compile(r'"([A-Z]+\d+)"')
"""An id inside of JSON, such as `"C3"`."""


def in_words(bench: Workbench, old: Draft, new: Draft) -> tuple[str, ...]:
    """One line per kind of difference, with how many; empty where the two say the same.

    Args:
        old: the draft as it is kept.
        new: the same request written again.
    """
    lines = [
        _records(bench, old),
        _counted("numbers", _values(old), _values(new)),
        _counted("quotes", _quoted(old), _quoted(new)),
        _counted("claims", _claims(old), _claims(new)),
        _sections(old, new),
        "the check: another report" if old.report != new.report else "",
        "the making: another provenance" if old.provenance != new.provenance else "",
    ]
    return tuple(line for line in lines if line)


def _records(bench: Workbench, old: Draft) -> str:
    revisions = {quote.record_id: quote.revision for quote in old.quotes.values()}
    held = bench.catalog.records.get(bench.workspace, sorted(revisions))
    gone = sum(record_id not in held for record_id in revisions)
    changed = sum(
        record_id in held and held[record_id].revision != revision
        for record_id, revision in revisions.items()
    )
    return _line("quoted records", len(revisions), (("erased", gone), ("changed", changed)))


def _counted(what: str, old: Mapping[str, object], new: Mapping[str, object]) -> str:
    other = sum(name in new and new[name] != value for name, value in old.items())
    outcomes = (
        ("different", other),
        ("gone", len(old.keys() - new.keys())),
        ("new", len(new.keys() - old.keys())),
    )
    return _line(what, len(old), outcomes)


def _line(what: str, total: int, outcomes: Iterable[tuple[str, int]]) -> str:
    said = [f"{count:,} {outcome}" for outcome, count in outcomes if count]
    return f"{what}: {', '.join(said)} (of {total:,})" if said else ""


def _values(draft: Draft) -> dict[str, object]:
    """What is counted → the answers. Ids are left out: one more sentence at the top renumbers all that follow."""
    found: dict[str, list[str]] = {}
    for fact in draft.facts.values():
        parts = [_counted_records(draft, part) for part in (fact.filter, fact.denominator) if part]
        param = fact.param if fact.measure not in (Measure.stated, Measure.constant) else ""
        found.setdefault(repr((fact.measure.value, parts, param)), []).append(fact.display)
    return {name: sorted(values) for name, values in found.items()}


def _counted_records(draft: Draft, counted: FactFilter) -> tuple[str, str]:
    selection = draft.selections.get(counted.selection) if counted.selection else None
    return canonical_json(counted.scope), selection.rule if selection else ""


def _quoted(draft: Draft) -> dict[str, object]:
    return {f"{quote.record_id} {quote.start} {quote.end}": quote.text for quote in draft.quotes.values()}


def _claims(draft: Draft) -> dict[str, object]:
    return {_wording(claim.text): claim.stance for claim in draft.claims.values()}


def _wording(text: str) -> str:
    return _PLACEHOLDER.sub("{}", text)


def _sections(old: Draft, new: Draft) -> str:
    before, after = _worded(old), _worded(new)
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    return f"sections that read differently: {', '.join(names)}" if names else ""


def _worded(draft: Draft) -> dict[str, str]:
    claims = {name: _wording(claim.text) for name, claim in draft.claims.items()}

    def said(match: re.Match[str]) -> str:
        return claims.get(match[1], match[0])

    return {section.title: _ID.sub(said, _wording(canonical_json(section))) for section in draft.sections}
