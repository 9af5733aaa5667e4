"""A model that lies in every sentence and story: each lie is taken out and reported, and the proven wording stays."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.request import DraftRequest
from evals.gate import produce
from tests.integration.hostile.conftest import OpenBench
from tests.integration.hostile.lies import LIES
from tests.integration.hostile.proof import (
    Lie,
    as_text,
    assert_proven,
    honest,
    material_of,
    nothing_invented,
)
from tests.support.model_server import ModelRequest, ModelServer, answers

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

REQUESTS = [
    DraftRequest(kind="insight_summary", brief=""),
    DraftRequest(kind="user_stories", brief=""),
    DraftRequest(kind="prd", brief=""),
    DraftRequest(kind="prd", brief="export large boards"),
]


@dataclass
class Liar:
    """Tells the lies of a family in turn, each to whatever it fits."""

    lies: list[Lie]
    told: dict[int, int] = field(default_factory=dict)
    """How often each lie was told."""
    texts: list[str] = field(default_factory=list)

    def __call__(self, request: ModelRequest) -> str:
        material = material_of(request)
        order = sorted(range(len(self.lies)), key=lambda number: (self.told.get(number, 0), number))
        for number in order:
            answer = self.lies[number](material)
            if answer:
                self.told[number] = self.told.get(number, 0) + 1
                self.texts.append(as_text(answer))
                return self.texts[-1]
        return as_text(honest(material))


@pytest.fixture(scope="module")
def plain(corpus: Path, open_bench: OpenBench, tmp_path_factory: pytest.TempPathFactory) -> list[Draft]:
    """The same drafts without a model."""
    home = Path(shutil.copytree(corpus, tmp_path_factory.mktemp("plain") / "home"))
    with open_bench(home) as bench:
        return [produce(bench, request) for request in REQUESTS]


@pytest.mark.parametrize("family", LIES, ids=str)
def test_a_lie_is_taken_out_and_reported(
    family: str, home: Path, plain: list[Draft], open_bench: OpenBench
) -> None:
    liar = Liar(LIES[family])
    with ModelServer(answers(liar)) as server, open_bench(home, server.base_url) as bench:
        for request, proven in zip(REQUESTS, plain, strict=True):
            draft = produce(bench, request)
            assert surviving(draft, proven) == {}
            assert draft.sections == proven.sections
            assert_proven(bench, home, draft)
            nothing_invented(draft, proven)
            assert draft.status is DraftStatus.ready
            assert draft.provenance.writer == "openai:hostile"
            assert len(draft.provenance.removed) > 0
    assert len(liar.told) >= 0.8 * len(liar.lies), "lies of the family were never told"


def surviving(draft: Draft, proven: Draft) -> dict[str, str]:
    """Claims that aren't worded as they were proven."""
    return {name: claim.text for name, claim in draft.claims.items() if claim != proven.claims.get(name)}
