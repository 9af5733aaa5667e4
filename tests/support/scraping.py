"""What a scrape of `/metrics` says."""

import httpx
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

Scraped = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scrape(client: TestClient | httpx.Client, query: str = "", **headers: str) -> Scraped:
    """Every sample by its name and labels."""
    answer = client.get(f"/metrics{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(found: Scraped, name: str, **labels: str) -> float:
    """The sample of that name, without `voxspec_`, and exactly those labels."""
    return found[(f"voxspec_{name}", frozenset(labels.items()))]


def total(found: Scraped, name: str) -> float:
    """The sum over all labels."""
    return sum(number for (one, _), number in found.items() if one == f"voxspec_{name}")
