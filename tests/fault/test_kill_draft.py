"""kill -9 of `voxspec draft` with a model at random moments: no finished call is asked again, and the draft has the same bytes.

A call is finished when its reply stands in the call store, as a connection of its own reads it right after the kill. Such a
call is never asked again. The one call that was under way (calls follow one another), be its reply sent or not, is asked
once more.
"""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from threading import Event

import pytest

from assistant.domain.base import canonical_json
from tests.support.command_line import CommandLine
from tests.support.kill import Aim, Process, committed
from tests.support.model_server import Exchange, ModelRequest, ModelServer, answers
from tests.support.voices import write_voices

pytestmark = [
    pytest.mark.slow(reason="starts and kills a process at two dozen moments"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

BEFORE, AMONG = 4, 17
"""Kills before the first call, and among the calls up to the end."""
REPLY_S = 0.05


@dataclass
class Replies:
    """A server that words what it is asked, a little late, and remembers which request it had how often."""

    asked: Counter[str] = field(default_factory=Counter)
    began: Event = field(default_factory=Event)

    def __call__(self, exchange: Exchange) -> None:
        self.asked[name_of(exchange.request)] += 1
        self.began.set()
        exchange.hang(REPLY_S)
        answers(worded)(exchange)


def name_of(request: ModelRequest) -> str:
    """Hash of everything that was asked."""
    return sha256(canonical_json(dict(request.body)).encode()).hexdigest()


def worded(request: ModelRequest) -> str:
    """The sentence as it was, or the story's first wish; after the JSON, which request it answers."""
    material = json.loads(request.user.split("\n")[1])
    if "sentence" in material:
        answer: dict[str, object] = {"text": "Here, " + material["sentence"]}
    else:
        answer = {"want": "to export the board", "benefit": "I have my report", "sentences": [1]}
    return f"{json.dumps(answer, ensure_ascii=False)}\n{name_of(request)}"


@dataclass(frozen=True)
class Drafting:
    """A workspace, the model, and what a draft that nobody disturbs is."""

    folder: Path
    replies: Replies
    seconds: float
    before_s: float
    """Of these, until the first call."""
    whole: bytes
    calls: frozenset[str]

    def process(self, home: Path) -> Process:
        return Process(CommandLine(self.folder, home), arguments(home))


def arguments(home: Path) -> tuple[str, ...]:
    return ("draft", "insight_summary", "", "--out", f"{home.name}.json")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drafting]:
    folder = tmp_path_factory.mktemp("killed-draft")
    write_voices(folder / "notes.csv")
    CommandLine(folder, folder / "filled").run("ingest", "notes.csv", expect=0)
    replies = Replies()
    with ModelServer(replies) as server:
        (folder / "voxspec.toml").write_text(
            f'model = "openai:test"\nopenai_base_url = "{server.base_url}"\n', encoding="utf-8"
        )
        calm = Drafting(folder, replies, 0.0, 0.0, b"", frozenset())
        for name in ("warm", "calm"):
            home = shutil.copytree(folder / "filled", folder / name)
            replies.asked.clear()
            replies.began.clear()
            seconds, before_s = calm.process(home).run(until=replies.began)
        yield Drafting(
            folder,
            replies,
            seconds,
            before_s,
            (folder / "calm.json").read_bytes(),
            frozenset(replies.asked),
        )


def test_the_model_words_a_good_part_of_the_draft(undisturbed: Drafting) -> None:
    draft = json.loads(undisturbed.whole)
    assert draft["report"]["verdict"] == "ready"
    assert sum(claim["text"].startswith("Here, ") for claim in draft["claims"].values()) >= 5
    assert len(undisturbed.calls) >= 12
    assert max(undisturbed.replies.asked.values()) == 1


def test_no_finished_call_is_asked_again_wherever_a_draft_is_killed(
    undisturbed: Drafting, record_property: Callable[[str, object], None]
) -> None:
    homes = (undisturbed.folder / f"home{number}" for number in count())
    replies = undisturbed.replies

    def begin() -> Process:
        replies.asked.clear()
        replies.began.clear()
        return undisturbed.process(shutil.copytree(undisturbed.folder / "filled", next(homes)))

    early = Aim(undisturbed.before_s).kills(BEFORE, begin, seed=11)
    late = Aim(undisturbed.seconds - undisturbed.before_s, replies.began).kills(AMONG, begin, seed=12)
    records = committed(undisturbed.folder / "filled", "SELECT id, revision FROM records")
    assert records
    finished: list[int] = []
    for process in chain(early, late):
        home = process.shell.home
        assert home is not None
        stored = stored_calls(home)
        out = undisturbed.folder / f"{home.name}.json"
        assert not out.exists() or out.read_bytes() == undisturbed.whole, "half a file was left"
        assert committed(home, "SELECT id, revision FROM records") == records
        process.shell.run(*process.arguments, expect=0)
        assert out.read_bytes() == undisturbed.whole
        assert stored_calls(home) == undisturbed.calls == set(replies.asked)
        again = {name for name, times in replies.asked.items() if times > 1}
        assert not again & stored, "a finished call was asked again"
        assert sum(replies.asked.values()) <= len(undisturbed.calls) + 1
        finished.append(len(stored))
    assert len(finished) == BEFORE + AMONG
    assert len(set(finished)) >= 8, f"kills must fall between calls: {finished}"
    record_property("kills of a draft", len(finished))


def stored_calls(home: Path) -> set[str]:
    """Names of the requests whose replies are in the call store."""
    rows = committed(home, "SELECT reply FROM calls")
    return {json.loads(str(reply))["text"].rpartition("\n")[2] for (reply,) in rows}
