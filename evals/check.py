"""Checks a draft: runs the graders that apply, counts what was verified, and gives the verdict."""

import json
import math
from collections import Counter
from collections.abc import Iterable

from pydantic import ValidationError

from assistant.domain.draft import Draft, Stance
from assistant.domain.erasure import GRADER as ERASED
from assistant.domain.finding import CheckReport, Count, Finding, Severity, Verdict
from assistant.errors import InputRejected
from assistant.workbench import Workbench
from evals.documents.erased import after_erasure
from evals.documents.masks import unmasked
from evals.grader import Grader
from evals.reading.prose import natural, stories
from evals.reading.scenarios import criterion_problem
from evals.registry import graders, graders_for
from evals.view import EvidenceView, abstains, view_of

_MOST_DIGITS = 18
"""Whole numbers of a draft fit into 64 bits, as in the store."""


def check(bench: Workbench, draft: Draft) -> CheckReport:
    """Check a draft against the records of its workspace.

    Raises: UnknownKind; UsageError where an installed grader can't be used; StoreError.
    """
    view = view_of(bench, draft)
    return grade(draft, view, graders_for(view.kind))


def grade(draft: Draft, view: EvidenceView, applied: Iterable[Grader]) -> CheckReport:
    """Run graders over a draft. The same draft and view give the same report, byte for byte."""
    found = set(
        after_erasure(draft, (finding for grader in applied for finding in grader.grade(draft, view)))
    )
    findings = _in_order(found)
    return CheckReport(verdict=_verdict(draft, findings), counts=_counts(draft, findings), findings=findings)


def with_findings(report: CheckReport, draft: Draft, found: Iterable[Finding]) -> CheckReport:
    """A draft's report with findings that no grader of the draft alone can give, its verdict and order renewed."""
    findings = _in_order({*report.findings, *found})
    return report.model_copy(update={"verdict": _verdict(draft, findings), "findings": findings})


def load_draft_json(text: str, bench: Workbench | None = None) -> Draft:
    """Read a draft from JSON, as `voxspec draft --out FILE.json` writes it.

    Args:
        bench: where the draft is stored; with it, what the file shows masked is read as it was said.

    Raises: InputRejected.
    """
    hint = "Give the JSON that 'voxspec draft … --out FILE.json' or 'GET /v1/drafts/{id}' gives."
    try:
        held = json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_finite, parse_constant=_finite
        )
    except (json.JSONDecodeError, RecursionError) as problem:
        where = f" at line {problem.lineno}" if isinstance(problem, json.JSONDecodeError) else ""
        raise InputRejected(f"This isn't JSON: it can't be read{where}.", hint=hint) from problem
    except _Ambiguous as problem:
        raise InputRejected(f"This JSON is no draft: it holds {problem}.", hint=hint) from problem
    if not isinstance(held, dict) or "sections" not in held:
        raise InputRejected("This JSON is no draft: it has no sections.", hint=hint)
    try:
        # Strings become tuples, dates and enums only in JSON mode.
        return Draft.model_validate_json(json.dumps(unmasked(bench, held)) if bench else text)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputRejected(
            f"This JSON is no valid draft: '{where}': {first['msg'].removeprefix('Value error, ')}.",
            hint=hint,
        ) from problem


class _Ambiguous(Exception):
    """JSON that two readers would read in two ways."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) < len(pairs):
        name, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise _Ambiguous(f"'{name[:60]}' twice in one place")
    return held


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _Ambiguous(f"a whole number of {len(digits)} digits")
    return int(digits)


def _finite(number: str) -> float:
    if not math.isfinite(value := float(number)):
        raise _Ambiguous(f"the number {number[:20]}")
    return value


def _verdict(draft: Draft, findings: tuple[Finding, ...]) -> Verdict:
    # A blocking finding comes first: a draft that abstains must not hide an invented number.
    if any(finding.severity is Severity.block for finding in findings):
        return Verdict.needs_fixes
    return Verdict.not_enough_evidence if abstains(draft) else Verdict.ready


def _counts(draft: Draft, findings: tuple[Finding, ...]) -> dict[str, Count]:
    claims = [c.id for c in draft.claims.values() if c.stance in (Stance.supported, Stance.contradicted)]
    criteria = [criterion for story in stories(draft) for criterion in story.criteria]
    return {
        "claims_supported": _count(claims, _blocked(findings, "claims_supported")),
        "quotes_verified": _count(draft.quotes, _blocked(findings, "quote_verbatim")),
        "numbers_recomputed": _count(draft.facts, _blocked(findings, "numbers_recomputed")),
        "criteria_parsed": Count(ok=sum(not criterion_problem(c) for c in criteria), total=len(criteria)),
    }


def _blocked(findings: tuple[Finding, ...], grader: str) -> set[str]:
    return {f.target for f in findings if f.grader == grader and f.severity is Severity.block}


def _count(names: Iterable[str], blocked: set[str]) -> Count:
    held = list(names)
    return Count(ok=sum(name not in blocked for name in held), total=len(held))


def _in_order(found: set[Finding]) -> tuple[Finding, ...]:
    ranks = {name: rank for rank, name in enumerate(graders())}
    return tuple(sorted(found, key=lambda finding: _order(finding, ranks)))


def _order(finding: Finding, ranks: dict[str, int]) -> tuple[object, ...]:
    return (
        finding.severity is Severity.advise,
        finding.grader != ERASED,
        ranks.get(finding.grader, len(ranks)),
        finding.grader,
        natural(finding.target),
        finding.span or (-1, -1),
        finding.message,
        finding.evidence,
    )
