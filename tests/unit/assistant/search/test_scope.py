from datetime import UTC, datetime

import numpy as np
import pytest

from assistant.domain.evidence import Scope
from assistant.domain.facets import RecordType, Sentiment
from assistant.domain.record import RecordKind
from assistant.errors import UsageError
from assistant.search.scope import parse_filters, record_mask
from tests.support.search_corpus import some_rows, unix

ROWS = some_rows(
    np.eye(4),
    kind=["customer", "customer", "competitor", "internal"],
    source=["a", "b", "b", "a"],
    language=["en", "de", "en", "en"],
    account=["Acme", None, "Acme", "Bolt"],
    rating=[1.0, 5.0, None, 3.0],
    said_at=[unix("2026-03-01"), unix("2026-04-01"), None, unix("2026-02-28T23:59:59")],
    segments=[{"plan": "pro"}, {"plan": "free", "size": "xl"}, {}, {"plan": "pro"}],
    type=["problem", "praise", "problem", None],
    sentiment=["negative", "positive", "neutral", None],
)


def left(**scope: object) -> list[int]:
    return np.flatnonzero(record_mask(ROWS, Scope.model_validate(scope))).tolist()


def test_an_empty_scope_leaves_everything() -> None:
    assert left() == [0, 1, 2, 3]


def test_values_of_one_field_add_up_and_fields_restrict_each_other() -> None:
    assert left(sources=("a", "b"), kinds=(RecordKind.customer, RecordKind.competitor)) == [0, 1, 2]
    assert left(sources=("a",), languages=("de",)) == []


def test_a_record_without_the_value_is_outside() -> None:
    assert left(accounts=("Acme", "Bolt")) == [0, 2, 3]
    assert left(segments={"plan": ("pro", "free")}) == [0, 1, 3]
    assert left(segments={"nobody-has-this": ("x",)}) == []
    assert left(min_rating=0) == [0, 1, 3]
    assert left(max_rating=3) == [0, 3]
    assert left(until=datetime(2030, 1, 1, tzinfo=UTC)) == [0, 1, 3]


def test_facets_restrict_and_a_record_without_them_is_outside() -> None:
    assert left(types=("problem",)) == [0, 2]
    assert left(types=("problem", "praise"), sentiments=("neutral", "positive")) == [1, 2]
    assert left(sentiments=("negative", "positive", "neutral")) == [0, 1, 2]
    nothing_known = some_rows(np.eye(2))
    assert not record_mask(nothing_known, Scope.model_validate({"types": ("problem",)})).any()


def test_scopes_without_facets_have_the_bytes_they_had_before() -> None:
    assert "types" not in Scope(sources=("a",)).model_dump_json()
    kept = Scope.model_validate({"types": ("praise",), "sentiments": ("neutral",)})
    assert Scope.model_validate_json(kept.model_dump_json()) == kept
    assert not kept.is_empty


def test_since_is_inclusive_and_until_exclusive() -> None:
    march, april = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    assert left(since=march) == [0, 1]
    assert left(since=march, until=april) == [0]


def test_a_value_nobody_holds_matches_nothing() -> None:
    assert left(sources=("A",)) == []


def test_filters_become_a_scope() -> None:
    scope = parse_filters(
        [
            "source=app store",
            "source=survey",
            "kind=Competitor",
            "language=DE",
            "account=Acme=Co",
            "rating>=2",
            "rating <= 4.5",
            "since=2026-03-01",
            "until=2026-04-01T12:00+02:00",
            "segment.plan=pro",
            "plan=team",
            "region=EU",
            "type=Problem",
            "sentiment=negative",
            "sentiment=neutral",
            "segment.type=story",
        ]
    )
    assert scope == Scope(
        sources=("app store", "survey"),
        kinds=(RecordKind.competitor,),
        languages=("de",),
        accounts=("Acme=Co",),
        min_rating=2,
        max_rating=4.5,
        since=datetime(2026, 3, 1, tzinfo=UTC),
        until=datetime(2026, 4, 1, 10, tzinfo=UTC),
        segments={"plan": ("pro", "team"), "region": ("EU",), "type": ("story",)},
        types=(RecordType.problem,),
        sentiments=(Sentiment.negative, Sentiment.neutral),
    )


def test_an_exact_rating_is_both_bounds() -> None:
    scope = parse_filters(["rating=3"])
    assert (scope.min_rating, scope.max_rating) == (3, 3)


@pytest.mark.parametrize(
    "text",
    [
        "plan",
        "=x",
        "source=",
        "source= ",
        "rating=good",
        "rating>4",
        "rating>=nan",
        "since=yesterday",
        "since>=2026-01-01",
        "kind=friend",
        "type=bug",
        "type>=problem",
        "sentiment=sad",
        "sorce=x",
        "segment.=x",
        "plan!=pro",
        "",
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_with_what_is_possible(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_filters([text])
    assert "segment.NAME=VALUE" in caught.value.hint
    assert "can't be used" in caught.value.message


def test_bounds_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(UsageError, match="another value"):
        parse_filters(["rating>=3", "rating>=4"])
    with pytest.raises(UsageError, match="nothing can match"):
        parse_filters(["since=2026-04-01", "until=2026-03-01"])


def test_unknown_segments_are_refused_where_the_known_ones_are_given() -> None:
    assert parse_filters(["plan=pro"], {"plan", "size"}).segments == {"plan": ("pro",)}
    with pytest.raises(UsageError, match=r"no segment 'plam'; segments here: plan, size"):
        parse_filters(["segment.plam=pro"], {"size", "plan"})
