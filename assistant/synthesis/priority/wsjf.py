"""WSJF, weighted shortest job first (Reinertsen 2009, SAFe): cost of delay / job size."""

from assistant.synthesis.priority.method import Method, Parameter, Values

_DELAY = ("business_value", "time_criticality", "risk_reduction")


def _score(of: Values) -> float:
    return (of["business_value"] + of["time_criticality"] + of["risk_reduction"]) / of["job_size"]


def _solve(of: Values, name: str, target: float) -> float | None:
    if name == "job_size":
        return (
            (of["business_value"] + of["time_criticality"] + of["risk_reduction"]) / target
            if target
            else None
        )
    first, second = (of[one] for one in _DELAY if one != name)
    return target * of["job_size"] - (first + second)


WSJF = Method(
    name="wsjf",
    title="WSJF",
    parameters=(
        Parameter("business_value", "value to users and business, relative", also=("bv", "user business value", "user value", "value", "geschaftswert", "valeur metier", "valor de negocio")),
        Parameter("time_criticality", "how fast that value fades, relative", also=("tc", "urgency", "time critical", "zeitkritikalitat", "dringlichkeit", "criticite temporelle", "criticidad temporal")),
        Parameter("risk_reduction", "risk that it takes away, or what it makes possible, relative", also=("rr", "rr oe", "risk reduction opportunity enablement", "opportunity enablement", "risikominderung", "reduction du risque", "reduccion de riesgo")),
        Parameter("job_size", "how long the job takes, relative", also=("size", "job duration", "duration", "effort", "story points", "aufwand", "taille", "tamano"), divides=True),
    ),
    score=_score,
    solve=_solve,
    formula="({business_value}+{time_criticality}+{risk_reduction})/{job_size}",
    solved={
        "business_value": "{target}*{job_size}-({time_criticality}+{risk_reduction})",
        "time_criticality": "{target}*{job_size}-({business_value}+{risk_reduction})",
        "risk_reduction": "{target}*{job_size}-({business_value}+{time_criticality})",
        "job_size": "({business_value}+{time_criticality}+{risk_reduction})/{target}",
    },
)  # fmt: skip
