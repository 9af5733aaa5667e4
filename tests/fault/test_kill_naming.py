"""kill -9 of `voxspec themes run` with a model at random moments: the same themes, nothing embedded or asked again once it was done.

Texts are embedded by the test server too, so that it sees what is embedded twice. A call or a shard is done when it stands in the
catalog, as a connection of its own reads it right after the kill.
"""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from threading import Event, Lock

import pytest

from assistant.domain.ids import text_hash
from assistant.synthesis.asking import AT_ONCE
from tests.support.command_line import CommandLine
from tests.support.kill import Aim, Process, committed
from tests.support.model_server import Exchange, ModelRequest, ModelServer, answers

pytestmark = [
    pytest.mark.slow(reason="starts and kills a process at twenty moments"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

BEFORE, AMONG = 5, 15
"""Kills before the first call, and among the calls up to the end."""
REPLY_S = 0.03
SUBJECTS = ("export", "search", "calendar", "invoice", "reminder", "login")


@dataclass
class Replies:
    """A server that names what it is asked about, a little late, and remembers what it had how often."""

    asked: Counter[str] = field(default_factory=Counter)
    embedded: Counter[str] = field(default_factory=Counter)
    began: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def __call__(self, exchange: Exchange) -> None:
        body = exchange.request.body
        with self.lock:
            if "input" in body:
                self.embedded.update(text_hash(text) for text in body["input"])
            else:
                self.asked[name_of(exchange.request)] += 1
        if "input" not in body:
            self.began.set()
            exchange.hang(REPLY_S)
        answers(worded)(exchange)

    def forget(self) -> None:
        """Begin to count anew."""
        self.asked.clear()
        self.embedded.clear()
        self.began.clear()


def name_of(request: ModelRequest) -> str:
    """Hash of what was asked."""
    return sha256(request.user.encode()).hexdigest()


def worded(request: ModelRequest) -> str:
    """A name of the subject; after the JSON, which request it answers."""
    shown = json.loads(request.user.split("\n")[1])
    subject = next((one for one in SUBJECTS if one in shown[0]["text"]), "board")
    # A word that no shown statement has would be held to their meaning, for which they are embedded once more.
    answer = {
        "name": f"{subject} fails" if all("fails" in one["text"] for one in shown) else f"{subject} trouble",
        "summary": shown[0]["text"],
        "cites": [one["id"] for one in shown],
    }
    return f"{json.dumps(answer, ensure_ascii=False)}\n{name_of(request)}"


@dataclass(frozen=True)
class Running:
    """A workspace, the model, and what a run that nobody disturbs gives."""

    folder: Path
    replies: Replies
    seconds: float = 0.0
    before_s: float = 0.0
    whole: bytes = b""
    calls: frozenset[str] = frozenset()

    def process(self, home: Path) -> Process:
        return Process(CommandLine(self.folder, home), ("themes", "run", "--json"))


def write_said(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["author", "text"])
        for number in range(72):
            subject = SUBJECTS[number % 6]
            rows.writerow(
                [
                    f"p{number}",
                    f"There is trouble with the {subject} of team {number}. The {subject} fails in week {number} too.",
                ]
            )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("killed-themes")
    write_said(folder / "said.csv")
    replies = Replies()
    with ModelServer(replies) as server:
        (folder / "voxspec.toml").write_text(
            f'model = "openai:test"\nembedder = "openai:test"\nopenai_base_url = "{server.base_url}"\n',
            encoding="utf-8",
        )
        CommandLine(folder, folder / "filled").run("ingest", "said.csv", expect=0)
        calm = Running(folder, replies)
        for name in ("warm", "calm"):
            home = shutil.copytree(folder / "filled", folder / name)
            replies.forget()
            seconds, before_s = calm.process(home).run(until=replies.began)
        yield Running(folder, replies, seconds, before_s, shown(folder, home), frozenset(replies.asked))


def shown(folder: Path, home: Path) -> bytes:
    """Everything that people read of the themes."""
    return CommandLine(folder, home).run("themes", "list", "--json", expect=0).stdout


def test_the_model_names_a_good_part_of_the_themes(undisturbed: Running) -> None:
    themes = json.loads(undisturbed.whole)["themes"]
    assert sum(theme["named_by"] == "model" for theme in themes) >= 3
    assert len(undisturbed.calls) >= 8
    assert max(undisturbed.replies.asked.values()) == 1
    assert undisturbed.replies.embedded


def test_nothing_that_was_finished_is_done_again_wherever_a_run_is_killed(
    undisturbed: Running, record_property: Callable[[str, object], None]
) -> None:
    homes = (undisturbed.folder / f"home{number}" for number in count())
    replies = undisturbed.replies

    def begin() -> Process:
        replies.forget()
        return undisturbed.process(shutil.copytree(undisturbed.folder / "filled", next(homes)))

    early = Aim(undisturbed.before_s).kills(BEFORE, begin, seed=21)
    late = Aim(undisturbed.seconds - undisturbed.before_s, replies.began).kills(AMONG, begin, seed=22)
    finished: list[int] = []
    for process in chain(early, late):
        home = process.shell.home
        assert home is not None
        stored, embedded = stored_calls(home), stored_texts(home)
        before = Counter(replies.embedded)
        process.shell.run(*process.arguments, expect=0)
        assert shown(undisturbed.folder, home) == undisturbed.whole
        assert stored_calls(home) == undisturbed.calls == set(replies.asked)
        assert not {name for name, times in replies.asked.items() if times > 1} & stored
        assert sum(replies.asked.values()) <= len(undisturbed.calls) + AT_ONCE
        assert not (set(replies.embedded - before) - {text_hash("dimension")}) & embedded
        finished.append(len(stored))
    assert len(finished) == BEFORE + AMONG
    assert len(set(finished)) >= 4, f"kills must fall between calls: {finished}"
    record_property("kills of a run of themes", len(finished))


def stored_calls(home: Path) -> set[str]:
    """Names of the requests whose replies are in the call store."""
    return {
        json.loads(str(reply))["text"].rpartition("\n")[2]
        for (reply,) in committed(home, "SELECT reply FROM calls")
    }


def stored_texts(home: Path) -> set[str]:
    """Hashes of the statements that have a vector."""
    return {str(one) for (one,) in committed(home, "SELECT text_hash FROM statement_vectors")}
