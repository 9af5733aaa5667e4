"""What the words of records tell, kept by the catalog; sentiments follow the scale of their source."""

from dataclasses import replace

from assistant.domain.facets import Facets, RecordType, Sentiment, Wording
from assistant.domain.record import Record
from assistant.stores.port import Catalog, RecordBatch
from tests.support.store_samples import EMBEDDER, WORKSPACE, batch, record

TOLD = Wording(RecordType.problem, Sentiment.negative)
GLAD = Wording(RecordType.praise, Sentiment.positive)


def _told(records: list[Record], *given: Wording, by: str = "1:x") -> RecordBatch:
    told = {one.id: wording for one, wording in zip(records, given, strict=False)}
    return replace(batch(records), wordings=told, worded_by=by)


def test_facets_come_back_with_the_record_and_in_the_columns(catalog: Catalog) -> None:
    one, other = record("1", "It crashes"), record("2", "Lovely")
    catalog.records.add(WORKSPACE, _told([one, other], TOLD, GLAD))
    assert catalog.facets.get(WORKSPACE, [one.id, "rec_gone"]) == {
        one.id: Facets(RecordType.problem, Sentiment.negative)
    }
    rows = catalog.records.corpus(WORKSPACE)
    by_id = dict(zip(rows.record_ids, zip(rows.type, rows.sentiment, strict=True), strict=True))
    assert by_id == {one.id: ("problem", "negative"), other.id: ("praise", "positive")}
    assert catalog.facets.worded_by(WORKSPACE) == ("1:x", EMBEDDER)


def test_facets_are_no_part_of_a_revision(catalog: Catalog) -> None:
    one = record("1", "It crashes")
    catalog.records.add(WORKSPACE, _told([one], TOLD))
    before = catalog.records.snapshot(WORKSPACE)
    assert catalog.records.add(WORKSPACE, _told([one], GLAD)) == 0
    catalog.facets.put(WORKSPACE, {one.id: GLAD})
    assert catalog.records.snapshot(WORKSPACE) == before
    assert catalog.facets.get(WORKSPACE, [one.id])[one.id].type is RecordType.praise


def test_a_rating_goes_before_the_tone_by_the_scale_of_its_source(catalog: Catalog) -> None:
    stars = [record(f"s{n}", f"star text {n}", rating=float(n), source="stars") for n in range(1, 6)]
    catalog.records.add(WORKSPACE, _told(stars, *[GLAD] * 5))
    found = [catalog.facets.get(WORKSPACE, [one.id])[one.id].sentiment for one in stars]
    assert [one.value for one in found if one] == ["negative", "negative", "neutral", "positive", "positive"]
    # The source turns out to give up to ten points: five of them are the middle, whichever came first.
    more = [record(f"p{n}", f"point text {n}", rating=float(n), source="stars") for n in (7, 8, 9, 10)]
    catalog.records.add(WORKSPACE, _told(more, *[GLAD] * 4))
    assert catalog.facets.get(WORKSPACE, [stars[4].id])[stars[4].id].sentiment is Sentiment.neutral
    rows = catalog.records.corpus(WORKSPACE)
    assert dict(zip(rows.record_ids, rows.sentiment, strict=True))[stars[4].id] == "neutral"


def test_what_nobody_looked_at_has_no_facets(catalog: Catalog) -> None:
    one = record("1", "It crashes")
    catalog.records.add(WORKSPACE, batch([one]))
    assert catalog.facets.get(WORKSPACE, [one.id])[one.id] == Facets(None, None)
    assert catalog.records.corpus(WORKSPACE).type == (None,)
    assert catalog.facets.worded_by(WORKSPACE)[0] == ""


def test_one_batch_by_another_hand_leaves_the_workspace_to_be_made_up_for(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _told([record("1", "a one")], TOLD))
    catalog.records.add(WORKSPACE, _told([record("2", "a two")], TOLD))
    assert catalog.facets.worded_by(WORKSPACE)[0] == "1:x"
    catalog.records.add(WORKSPACE, _told([record("3", "a three")], TOLD, by="2:y"))
    assert catalog.facets.worded_by(WORKSPACE)[0] == ""
    catalog.facets.finish(WORKSPACE, "2:y")
    assert catalog.facets.worded_by(WORKSPACE)[0] == "2:y"


def test_passages_are_read_back_record_by_record(catalog: Catalog) -> None:
    records = [record(str(n), f"passage with a \x00 and {n} 😀 in it") for n in range(5)]
    catalog.records.add(WORKSPACE, batch(records))
    wanted = sorted((one.id, one.raw) for one in records)
    first = catalog.facets.uttered(WORKSPACE, None, 3)
    rest = catalog.facets.uttered(WORKSPACE, first[-1][0], 3)
    assert [(record_id, said[0].text) for record_id, said in [*first, *rest]] == wanted
    assert catalog.facets.uttered(WORKSPACE, rest[-1][0], 3) == []


def test_erasing_a_record_erases_what_its_words_told(catalog: Catalog) -> None:
    one, other = record("1", "It crashes"), record("2", "Lovely")
    catalog.records.add(WORKSPACE, _told([one, other], TOLD, GLAD))
    catalog.pages.erase(WORKSPACE, [one.id])
    assert list(catalog.facets.get(WORKSPACE, [one.id, other.id])) == [other.id]


def test_an_older_revision_keeps_its_own_facets(catalog: Catalog) -> None:
    old, new = record("1", "It crashes"), record("1", "Lovely now")
    catalog.records.add(WORKSPACE, _told([old], TOLD))
    catalog.records.add(WORKSPACE, _told([new], GLAD))
    assert catalog.facets.get(WORKSPACE, [old.id], old.revision)[old.id].type is RecordType.problem
    assert catalog.facets.get(WORKSPACE, [old.id])[old.id].type is RecordType.praise
    catalog.records.add(WORKSPACE, _told([old], TOLD))
    assert catalog.facets.get(WORKSPACE, [old.id])[old.id].type is RecordType.problem
