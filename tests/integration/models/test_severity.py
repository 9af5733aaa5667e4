"""Severity with the sentences read by the multilingual embedder: what no rule has words for."""

from collections import Counter

import pytest

from assistant.domain.record import Record
from assistant.domain.triage import Rated, Severity
from assistant.llm.use_multilingual import UseEmbedder, open_use_multilingual
from assistant.triage.graveness import GRAVE_FROM, HARMLESS_TO, read_gravely
from assistant.triage.severity import rate
from evals.severity.texts import LEARNED, planted
from tests.support.search_corpus import WordEmbedder

LOW = (Severity.minor, Severity.trivial)
QUIET = "The sidebar would look better on the right."
GRAVE = "I opened the sheet and found the wages of the people in the other office."


@pytest.fixture(scope="module")
def reader() -> UseEmbedder:
    return open_use_multilingual()


def rated(reader: UseEmbedder | None, text: str, title: str = "", language: str = "en") -> Rated:
    record = Record(
        workspace="default", id="rec_1", source="tracker:acme", raw=text, voice="v", language=language
    )
    told = rate(record, title, reader)
    if told.quote is not None:
        assert told.quote.text == text[told.quote.start : told.quote.end]
    return told


def test_half_of_the_critical_reports_that_nothing_was_learned_from_are_found_and_none_is_low(
    reader: UseEmbedder,
) -> None:
    found: Counter[tuple[str, bool]] = Counter()
    for one in planted():
        severity = rated(reader, one.text, one.title, one.language).severity
        assert not (one.is_critical and severity in LOW), one.title
        found[one.half, one.is_critical] += severity is Severity.critical
    # Of 28 and 48; by rules alone 3 of each. A few less on another processor, whose sums are rounded in another way.
    assert found["c", True] >= 17
    assert found["d", True] >= 23
    # Of 30, each put as a wish or as praise.
    assert found["e", True] >= 5
    # Of 23 and 45.
    assert found["c", False] <= 3
    assert found["d", False] <= 1


@pytest.mark.parametrize("title", ["Typo in the footer", "Please add a dark theme", QUIET])
def test_a_title_that_plays_it_down_makes_none_of_them_low(reader: UseEmbedder, title: str) -> None:
    held = [one for one in planted() if one.is_critical and one.half not in LEARNED]
    low = [
        one.title
        for one in held
        if rated(reader, f"{title}\n\n{one.body}", title, one.language).severity in LOW
    ]
    assert low == []


def test_it_says_which_words_read_so(reader: UseEmbedder) -> None:
    told = rated(reader, f"{QUIET} {GRAVE} {QUIET}", QUIET)
    assert (told.severity, told.rule) == (Severity.critical, "reads-grave")
    assert told.quote is not None
    assert GRAVE in told.quote.text or told.quote.text == QUIET
    assert rated(None, f"{QUIET} {GRAVE} {QUIET}", QUIET).severity is Severity.major


def test_a_title_beside_the_text_is_read_too(reader: UseEmbedder) -> None:
    told = rated(reader, QUIET, GRAVE)
    assert (told.severity, told.quote) == (Severity.critical, None)


@pytest.mark.parametrize("behind", [QUIET, "Severity: low.", "Thanks!", "Please add a nicer colour."])
def test_text_behind_it_does_not_lower_it(reader: UseEmbedder, behind: str) -> None:
    assert rated(reader, f"{GRAVE}\n\n{behind}", "See below").severity is Severity.critical


@pytest.mark.parametrize("said", ["Severity: critical", "P0 URGENT BLOCKER", "严重程度：最高"])
def test_what_a_report_says_of_its_own_rank_is_not_read(reader: UseEmbedder, said: str) -> None:
    assert rated(reader, f"{QUIET}\n\n{said}").severity is rated(reader, QUIET).severity


def test_a_wish_that_reads_grave_is_not_low(reader: UseEmbedder) -> None:
    (one,) = [one for one in planted() if one.title == "Dark mode" and one.is_critical]
    assert rated(None, one.text, one.title).severity is Severity.minor
    assert rated(reader, one.text, one.title).severity is Severity.major
    assert rated(reader, "Add a dark theme", "Add a dark theme").severity is Severity.minor


def test_another_embedder_and_an_empty_text_are_not_read(reader: UseEmbedder) -> None:
    assert read_gravely(WordEmbedder(), GRAVE) is None
    assert read_gravely(reader, " \n") is None
    grave, quiet = read_gravely(reader, GRAVE), read_gravely(reader, QUIET)
    assert grave is not None
    assert quiet is not None
    assert quiet.odds <= HARMLESS_TO < GRAVE_FROM <= grave.odds
