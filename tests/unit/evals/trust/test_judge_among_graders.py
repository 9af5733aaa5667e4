"""A judge among the graders that are put to the test: it answers for meaning, and what it leaves open is not seen."""

import json
from collections.abc import Callable
from pathlib import Path

from assistant.errors import ModelTimeout, UsageError, VoxspecError
from assistant.llm.port import ModelCall
from assistant.llm.scripted import ScriptedModel
from evals.judging.judge import Answer
from evals.mutators.dev_benign import BENIGN
from evals.mutators.dev_meaning import MEANING
from evals.mutators.packs import Pack
from evals.mutators.second_meaning import PACK as OTHER_MEANING
from evals.sample import sample_draft, sample_view
from evals.trust.drafts import Clean
from evals.trust.judge import Heard, judging
from evals.trust.measure import run_trust
from evals.trust.report import Trust
from tests.support.ingest_bench import open_bench

CLEANS = [
    Clean(f"sample/{n}", "extractive", sample_draft().model_copy(update={"id": f"dra_{n}"}), sample_view())
    for n in range(3)
]
PACKS = [Pack("own", (*MEANING, *BENIGN[:2])), Pack("other", OTHER_MEANING)]
CAUSES = ("last redesign", "shortage of staff", "another country", "spared")


def run(folder: Path, says: Callable[[ModelCall], str | VoxspecError] | None) -> tuple[Trust, Heard]:
    heard = Heard()
    with open_bench(folder) as bench:
        bench.judge = ScriptedModel(says) if says else None
        judge = judging(bench, heard) if says else None
        return run_trust(CLEANS, PACKS, applied=(), judge=judge), heard


def sees_causes(call: ModelCall) -> str:
    """Sees a cause that was made up, and nothing else."""
    subject = json.loads(call.user.split("\n")[1])[0]["text"]
    is_fault = call.purpose == "judge/follows" and any(words in subject for words in CAUSES)
    fine = "no" if call.purpose == "judge/contradiction" else "yes"
    return json.dumps({"lines": [1], "answer": "no" if is_fault else fine})


def always_no(call: ModelCall) -> str:
    return '{"lines": [1], "answer": "no"}'


def test_kinds_of_meaning_count_with_a_judge_only_and_what_it_misses_counts_against_it(
    tmp_path: Path,
) -> None:
    without, _ = run(tmp_path / "a", None)
    assert without.counted == ()
    found, heard = run(tmp_path / "b", sees_causes)
    rows = {row.name: row for row in found.counted}
    assert rows["cause made up"].right == rows["cause made up"].caught.whole == 3
    assert {row.pack for row in found.counted} == {"own", "other"}
    assert all(row.absent == () for row in found.counted), "one model answers every question of a judge"
    assert 0 < found.mean < 1
    assert not found.passed
    assert found.edits_stopped.part == found.clean.part == 0
    assert heard.answers[Answer.error] == heard.silent == 0


def test_a_judge_that_always_says_the_same_sees_nothing(tmp_path: Path) -> None:
    def unsure(call: ModelCall) -> str:
        return '{"lines": [1], "answer": "unsure"}'

    for number, says in enumerate((unsure, always_no)):
        found, _ = run(tmp_path / str(number), says)
        (row,) = found.graders
        assert (row.name, row.layer, row.blocks) == ("judge", 4, False)
        assert row.seen < row.expected
        assert not found.passed
    blind, _ = run(tmp_path / "blind", unsure)
    assert any(fault.startswith("judge saw none of the ") for fault in blind.faults)


def test_a_judge_that_is_not_heard_is_told_apart_from_one_that_sees_nothing(tmp_path: Path) -> None:
    _, silent = run(tmp_path / "a", lambda call: ModelTimeout("too slow", hint="wait"))
    assert silent.silent == silent.answers[Answer.error] > 0
    found, refused = run(tmp_path / "b", lambda call: UsageError("It refuses the key.", hint="Set it."))
    assert refused.refused is not None
    assert found.crashes == ()
