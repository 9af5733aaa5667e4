"""RICE (McBride, Intercom 2016): reach x impact x confidence / effort."""

from assistant.synthesis.priority.method import Method, Parameter, Values


def _score(of: Values) -> float:
    return of["reach"] * of["impact"] * of["confidence"] / of["effort"]


def _solve(of: Values, name: str, target: float) -> float | None:
    if name == "effort":
        return of["reach"] * of["impact"] * of["confidence"] / target if target else None
    first, second = (of[one] for one in ("reach", "impact", "confidence") if one != name)
    return target * of["effort"] / (first * second) if first * second else None


RICE = Method(
    name="rice",
    title="RICE",
    parameters=(
        Parameter("reach", "how many people it touches in a period", also=("users", "people", "reichweite", "portee", "alcance")),
        Parameter("impact", "how much it does for each of them", also=("wirkung", "impacto")),
        Parameter("confidence", "how sure that is, 0 to 1", also=("konfidenz", "sicherheit", "confiance", "confianza"), top=1.0),
        Parameter("effort", "what it costs, for example person-months", also=("aufwand", "cost", "person months", "effort pm", "esfuerzo"), divides=True),
    ),
    score=_score,
    solve=_solve,
    formula="{reach}*{impact}*{confidence}/{effort}",
    solved={
        "reach": "{target}*{effort}/({impact}*{confidence})",
        "impact": "{target}*{effort}/({reach}*{confidence})",
        "confidence": "{target}*{effort}/({reach}*{impact})",
        "effort": "{reach}*{impact}*{confidence}/{target}",
    },
)  # fmt: skip
