"""ICE (Ellis): impact x confidence x ease, each on one scale, mostly 1 to 10."""

from assistant.synthesis.priority.method import Method, Parameter, Values

_SCALES = (10.0, 100.0)


def _score(of: Values) -> float:
    return of["impact"] * of["confidence"] * of["ease"]


def _solve(of: Values, name: str, target: float) -> float | None:
    first, second = (of[one] for one in ("impact", "confidence", "ease") if one != name)
    return target / (first * second) if first * second else None


ICE = Method(
    name="ice",
    title="ICE",
    parameters=(
        Parameter("impact", "how much it does if it works", also=("wirkung", "impacto"), scales=_SCALES),
        Parameter("confidence", "how sure that is", also=("konfidenz", "sicherheit", "confiance", "confianza"), scales=_SCALES),
        Parameter("ease", "how easily it is done", also=("einfachheit", "leichtigkeit", "facilite", "facilidad"), scales=_SCALES),
    ),
    score=_score,
    solve=_solve,
    formula="{impact}*{confidence}*{ease}",
    solved={
        "impact": "{target}/({confidence}*{ease})",
        "confidence": "{target}/({impact}*{ease})",
        "ease": "{target}/({impact}*{confidence})",
    },
)  # fmt: skip
