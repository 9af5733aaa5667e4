from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.record import Passage
from assistant.domain.text import index_terms
from assistant.search.sentences import LONGEST, best_sentence
from tests.support.search_corpus import a_record

PIECES = st.sampled_from(
    [
        "export",
        "fails",
        " ",
        "  ",
        "\r\n",
        ". ",
        ", ",
        "&amp;",
        "\u200b",
        "e\u0301",
        "é",
        "同期が遅い。",
        "\U0001f469\u200d\U0001f680",
        "שלום",
        "\x00",
        "- ",
    ]
)
TEXTS = st.one_of(st.text(min_size=1, max_size=80), st.lists(PIECES, min_size=1, max_size=120).map("".join))


@given(raw=TEXTS, data=st.data())
def test_a_quote_is_always_verbatim_and_inside_its_passage(raw: str, data: st.DataObject) -> None:
    raw = raw.encode("utf-8", "ignore").decode() or "x"
    start = data.draw(st.integers(0, len(raw) - 1))
    end = data.draw(st.integers(start + 1, len(raw)))
    record = a_record(raw, "key")
    passage = Passage(id="p", record_id=record.id, start=start, end=end, text_hash="h")
    quote = best_sentence(record, passage, frozenset(index_terms("the export fails to sync")))
    assert start <= quote.start < quote.end <= end
    assert quote.text == raw[quote.start : quote.end]


@given(count=st.integers(1, 400), joiner=st.sampled_from(["", " ", ", "]))
def test_quotes_of_clean_text_stay_short(count: int, joiner: str) -> None:
    record = a_record(joiner.join(["offline"] * count), "key")
    passage = Passage(id="p", record_id=record.id, start=0, end=len(record.raw), text_hash="h")
    assert len(best_sentence(record, passage, frozenset({"offlin"})).text) <= LONGEST
