"""Gherkin through the official parser."""

from functools import lru_cache
from typing import cast

from gherkin.errors import ParserError
from gherkin.parser import Parser
from gherkin.parser_types import Scenario, ScenarioEnvelope

from assistant.domain.draft import Criterion


@lru_cache(maxsize=512)
def criterion_problem(criterion: Criterion) -> str:
    """What keeps a criterion from being read back as it was meant, or nothing. Scenarios repeat from story to story, and revisions keep most."""
    parts = (("Given", criterion.given), ("When", criterion.when), ("Then", criterion.then))
    for keyword, texts in parts[1:]:
        if not any(text.strip() for text in texts):
            return f"it has no {keyword}."
    steps = [
        ("And" if place else keyword, text.strip())
        for keyword, texts in parts
        for place, text in enumerate(texts)
    ]
    lines = [f"Scenario: {criterion.title}", *(f"  {keyword} {text}" for keyword, text in steps)]
    try:
        scenarios = _read("\n".join(lines))
    except ParserError as problem:
        return _sentence(problem)
    if [scenario["name"] for scenario in scenarios] != [criterion.title.strip()]:
        return "it reads back as something other than one scenario."
    read = [(step["keyword"].strip(), step["text"]) for step in scenarios[0]["steps"]]
    hidden = any("docString" in step or "dataTable" in step for step in scenarios[0]["steps"])
    if read != steps or hidden or scenarios[0]["examples"]:
        return "its steps read back differently from how they were written."
    return ""


def scenario_problem(text: str) -> str:
    """What is wrong with scenarios as text: they don't parse, there are none, or one lacks a When or a Then."""
    try:
        scenarios = _read(
            "\n".join(line for line in text.split("\n") if not line.strip().startswith("Feature:"))
        )
    except ParserError as problem:
        return _sentence(problem)
    if not scenarios:
        return "there is no scenario."
    for scenario in scenarios:
        keywords = {step["keyword"].strip() for step in scenario["steps"]}
        if missing := sorted({"When", "Then"} - keywords):
            return f"'{scenario['name']}' has no {' and no '.join(missing)}."
    return ""


def _read(text: str) -> list[Scenario]:
    feature = Parser().parse(f"Feature: f\n{text}\n")["feature"]
    return [cast(ScenarioEnvelope, child)["scenario"] for child in feature["children"] if "scenario" in child]


def _sentence(problem: ParserError) -> str:
    return f"the parser refuses it ({str(problem).splitlines()[-1][:100]})."
