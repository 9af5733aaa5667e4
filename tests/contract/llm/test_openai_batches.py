"""Names through the Batch API: submitted once, found again after a kill, its failures asked one by one."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from assistant.domain.theme import NamedBy
from assistant.errors import Cancelled, NotFound, UsageError
from assistant.llm.batches import Filling
from assistant.llm.cache import CachedModel
from assistant.llm.openai_batch import OpenAIBatches
from assistant.llm.openai_chat import OpenAIChat
from assistant.llm.port import ModelCall
from assistant.synthesis.naming import Naming
from assistant.synthesis.pipeline import silent, synthesize
from assistant.workbench import Workbench
from tests.support.batch_server import BatchServer
from tests.support.model_server import ModelRequest, ModelServer, answers, says
from tests.unit.assistant.synthesis.test_naming import SAID, by_model
from tests.unit.assistant.synthesis.test_pipeline import filled

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def honest(request: ModelRequest) -> str:
    shown = json.loads(request.user.split("\n")[1])
    name = "export of large boards" if "export" in shown[0]["text"] else "dark mode"
    return json.dumps({"name": name, "summary": shown[0]["text"], "cites": [one["id"] for one in shown]})


def opened(home: Path, server: ModelServer) -> Workbench:
    bench = filled(home, SAID)
    model = OpenAIChat(name="test", base_url=server.base_url, retries=0)
    bench.__dict__["model"] = CachedModel(model, bench.catalog.calls, bench.workspace)
    bench.__dict__["batches"] = OpenAIBatches(name="test", base_url=server.base_url, retries=0)
    return bench


def test_a_batch_names_the_themes_without_a_single_call(tmp_path: Path) -> None:
    with BatchServer(says("never"), words=honest) as server, opened(tmp_path, server) as bench:
        naming = Naming(batch=True)
        themes = synthesize(bench, naming=naming)
        assert {theme.name for theme in by_model(themes)} == {"export of large boards", "dark mode"}
        assert (len(server.submitted), server.requests, naming.report.calls) == (1, [], 0)
        assert naming.report.in_batch == len(server.lines())
        assert naming.report.tokens_in == 10 * len(server.lines())
        assert not server.files, "nothing of the records is left on the server"
        assert synthesize(bench, naming=Naming(batch=True)) == themes
        assert len(server.submitted) == 1


def test_a_batch_and_single_calls_give_the_same_themes(tmp_path: Path) -> None:
    told = []
    for name, batch in (("one", True), ("other", False)):
        with BatchServer(answers(honest), words=honest) as server, opened(tmp_path / name, server) as bench:
            told.append(synthesize(bench, naming=Naming(batch=batch)).model_dump_json())
    assert told[0] == told[1]


def test_lines_that_fail_are_asked_one_by_one(tmp_path: Path) -> None:
    seen: list[str] = []

    def some(request: ModelRequest) -> str | None:
        seen.append(request.user)
        return honest(request) if len(seen) > 1 else None

    with BatchServer(answers(honest), words=some) as server, opened(tmp_path, server) as bench:
        naming = Naming(batch=True)
        synthesize(bench, naming=naming)
        assert [one.user for one in server.requests] == seen[:1]
        assert (naming.report.calls, naming.report.in_batch) == (1, len(seen) - 1)
        assert naming.report.unanswered == 0


@pytest.mark.parametrize("ends_as", ["failed", "expired", "cancelled"])
def test_a_batch_that_comes_to_nothing_leaves_single_calls(tmp_path: Path, ends_as: str) -> None:
    with (
        BatchServer(answers(honest), words=honest, ends_as=ends_as) as server,
        opened(tmp_path, server) as bench,
    ):
        assert by_model(synthesize(bench, naming=Naming(batch=True)))
        assert len(server.submitted) == 1


def stops(at: str) -> Callable[[int, int | None, str], None]:
    def progress(done: int, total: int | None, message: str) -> None:
        if message.startswith(at):
            raise Cancelled("stopped")

    return progress


def test_a_run_that_is_stopped_waits_for_the_same_batch_again(tmp_path: Path) -> None:
    with BatchServer(says("never"), words=honest, looks=3) as server, opened(tmp_path, server) as bench:
        with pytest.raises(Cancelled):
            synthesize(bench, naming=Naming(batch=True), progress=stops("waiting for the batch"))
        assert len(server.submitted) == 1
        assert by_model(synthesize(bench, naming=Naming(batch=True)))
        assert (len(server.submitted), server.requests) == (1, [])


class Losing:
    """A call store whose process is killed before it keeps anything."""

    def get(self, workspace: str, key: str) -> dict[str, object] | None:
        return None

    def put(self, workspace: str, key: str, reply: Mapping[str, object]) -> None:
        raise Cancelled("killed")


def test_a_batch_whose_id_was_never_stored_is_found_by_its_mark(tmp_path: Path) -> None:
    with BatchServer(says("never"), words=lambda _: "a reply") as server, opened(tmp_path, server) as bench:
        calls, held = [ModelCall(purpose="p", system="s", user="u")], bench.catalog.calls
        assert bench.batches is not None
        with pytest.raises(Cancelled):
            Filling(bench.batches, Losing(), "default").fill(calls, silent)
        Filling(bench.batches, held, "default").fill(calls, silent)
        assert held.get("default", calls[0].key("openai:test")) is not None
        assert len(server.submitted) == 1


def test_lies_in_a_batch_are_removed_as_elsewhere(tmp_path: Path) -> None:
    with (
        BatchServer(says("x"), words=lambda _: '{"name": "47 fires", "summary": "", "cites": [1]}') as server,
        opened(tmp_path, server) as bench,
    ):
        themes = synthesize(bench, naming=Naming(batch=True))
        assert {theme.named_by for theme in themes.themes} == {NamedBy.keywords}
        assert any(theme.removed for theme in themes.themes)


def test_a_server_without_batches_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    with BatchServer(says("x"), has_batches=False) as server, opened(tmp_path, server) as bench:
        with pytest.raises(UsageError, match="Batch API"):
            synthesize(bench, naming=Naming(batch=True))
        bench.__dict__["batches"] = None
        with pytest.raises(UsageError, match="takes no batches"):
            synthesize(bench, naming=Naming(batch=True))


def test_a_batch_that_the_server_forgot_is_an_error_of_its_own(tmp_path: Path) -> None:
    with BatchServer(says("x"), words=honest) as server:
        batches = OpenAIBatches(name="test", base_url=server.base_url, retries=0)
        with pytest.raises(NotFound):
            batches.state("batch_99")
        assert batches.find("nobody's") is None
        call = ModelCall(purpose="p", system="s", user="u")
        assert batches.find("mine") is None
        made = batches.submit({"k": call}, "mine")
        assert batches.find("mine") == made
        assert "stream" not in server.lines()[0].body
