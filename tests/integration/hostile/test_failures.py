"""A model server that fails: a typed error and nothing saved, or a draft without the model's words that says so."""

import shutil
from pathlib import Path

import pytest

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.request import DraftRequest
from assistant.errors import ModelError, ModelRateLimited, ModelTimeout, ModelUnavailable
from evals.gate import produce
from evals.replay import replay
from tests.integration.hostile.conftest import OpenBench
from tests.integration.hostile.proof import (
    as_text,
    assert_proven,
    honest,
    is_sentence,
    material_of,
    nothing_invented,
)
from tests.support.broken_servers import cut, refusing, unreadable
from tests.support.model_server import (
    Behaviour,
    Exchange,
    ModelRequest,
    ModelServer,
    answers,
    fails,
    hangs,
    hangs_midway,
    rate_limited,
    says,
    says_json,
)

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

REQUEST = DraftRequest(kind="insight_summary", brief="")


def worded(request: ModelRequest) -> str:
    """A wording that holds."""
    material = material_of(request)
    return as_text({"text": f"Here, {material['sentence']}"} if is_sentence(material) else honest(material))


def good() -> Behaviour:
    return answers(worded)


@pytest.fixture(scope="module")
def plain(corpus: Path, open_bench: OpenBench, tmp_path_factory: pytest.TempPathFactory) -> Draft:
    """The draft without a model."""
    home = Path(shutil.copytree(corpus, tmp_path_factory.mktemp("plain") / "home"))
    with open_bench(home) as bench:
        return produce(bench, REQUEST)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        pytest.param(rate_limited("90"), ModelRateLimited, id="429 that asks for a long wait"),
        pytest.param(rate_limited("0"), ModelRateLimited, id="429 again and again"),
        pytest.param(fails(500), ModelUnavailable, id="500"),
        pytest.param(fails(503), ModelUnavailable, id="503"),
        pytest.param(fails(504), ModelTimeout, id="504"),
        pytest.param(hangs(), ModelTimeout, id="hangs"),
        pytest.param(hangs_midway(), ModelTimeout, id="hangs midway"),
        pytest.param(fails(429, "no money", "insufficient_quota"), ModelError, id="the quota is used up"),
    ],
)
@pytest.mark.parametrize("good_replies", [0, 3])
def test_a_failing_server_ends_in_a_typed_error_and_nothing_is_saved_but_finished_calls(
    behaviour: Behaviour, error: type[ModelError], good_replies: int, home: Path, open_bench: OpenBench
) -> None:
    with ModelServer([*[good()] * good_replies, behaviour]) as server:
        with open_bench(home, server.base_url, timeout_s=1.0) as bench, pytest.raises(error) as caught:
            produce(bench, REQUEST)
        assert caught.value.message.endswith(".")
        assert caught.value.hint
        with open_bench(home, server.base_url) as bench:
            assert bench.catalog.drafts.newest("default", None, 5) == []
            before = [request.body for request in server.requests[:good_replies]]
            server.script, server.requests[:] = good(), []
            draft = produce(bench, REQUEST)
            assert_proven(bench, home, draft)
    assert draft.status is DraftStatus.ready
    assert any(claim.text.startswith("Here, ") for claim in draft.claims.values())
    assert not [request for request in server.requests if request.body in before]


def test_a_server_that_asks_to_wait_is_waited_for(home: Path, open_bench: OpenBench) -> None:
    script = [rate_limited("0.1"), fails(503), good()]
    with ModelServer(script) as server, open_bench(home, server.base_url, retries=2) as bench:
        draft = produce(bench, REQUEST)
        assert_proven(bench, home, draft)
    assert draft.status is DraftStatus.ready
    assert not [item for item in draft.provenance.removed if not item.text]


JUNK: dict[str, Behaviour] = {
    **cut('{"text": "The ex'),
    **unreadable(),
    **refusing(),
    "no JSON": says("The export works well for everybody, in 97 accounts."),
    "JSON that doesn't end": says('{"text": "The export'),
    "two objects": says('{"text": "a"} {"text": "b"}'),
    "a list": says_json([{"text": "x"}]),
    "another field": says_json({"text": "The export.", "sentences": [1], "link": "https://evil.test"}),
    "another type": says_json({"text": 97, "want": 97, "benefit": None, "sentences": "1"}),
    "null": says("null"),
    "nested too deep": says('{"text": ' * 20_000),
    "not a number": says('{"text": NaN}'),
    "nothing": says(""),
    "its length limit": says('{"text": "The export', finish="length"),
}


@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_a_reply_that_cannot_be_used_leaves_the_proven_words_and_is_reported(
    junk: str, home: Path, plain: Draft, open_bench: OpenBench
) -> None:
    with ModelServer(JUNK[junk]) as server, open_bench(home, server.base_url, retries=0) as bench:
        draft = produce(bench, REQUEST)
        assert_proven(bench, home, draft)
    assert draft.claims == plain.claims
    assert draft.sections == plain.sections
    assert draft.status is DraftStatus.ready
    assert {item.reason for item in draft.provenance.removed} - {""}
    nothing_invented(draft, plain)


@pytest.mark.parametrize(
    "junk",
    [
        "no JSON",
        "another field",
        "its length limit",
        "nothing",
        "refuses",
        "filtered",
        "cut off",
        "a web page",
    ],
)
def test_a_bad_reply_now_and_then_costs_a_question_more_and_a_replay_costs_none(
    junk: str, home: Path, open_bench: OpenBench
) -> None:
    asked: list[int] = []

    def now_and_then(exchange: Exchange) -> None:
        asked.append(1)
        (JUNK[junk] if len(asked) % 2 else good())(exchange)

    with ModelServer(now_and_then) as server, open_bench(home, server.base_url, retries=0) as bench:
        draft = produce(bench, REQUEST)
        before = len(asked)
        assert replay(bench, draft).same
        assert len(asked) == before, "a finished call was asked again"
        stored = {key for key in draft.provenance.calls if bench.catalog.calls.get("default", key)}
    assert any(claim.text.startswith("Here, ") for claim in draft.claims.values())
    assert stored == set(draft.provenance.calls)


def test_what_a_cached_model_said_gives_the_same_bytes_without_a_server(
    home: Path, open_bench: OpenBench
) -> None:
    with ModelServer(good()) as server:
        url = server.base_url
        with open_bench(home, url) as bench:
            first = produce(bench, REQUEST)
    with open_bench(home, url) as bench:
        assert produce(bench, REQUEST).model_dump_json() == first.model_dump_json()
