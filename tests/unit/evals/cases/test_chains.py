"""The shipped chains are complete, and files that aren't are refused with file, line and field."""

import shutil
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.errors import InputRejected, NotFound
from evals.cases.chains import ChainSet, load_chains, shipped_chains
from evals.reading.prose import PLACEHOLDER


@pytest.fixture(scope="module")
def shipped() -> ChainSet:
    return load_chains(shipped_chains()["evidence_chains"])


def test_half_of_the_shipped_chains_are_whole_and_every_fault_is_labelled_wrong(shipped: ChainSet) -> None:
    assert len(shipped.chains) >= 120
    assert len({chain.product for chain in shipped.chains}) >= 3
    assert Counter(bool(chain.fault) for chain in shipped.chains) == {True: 64, False: 64}
    said = {label.item: label for label in shipped.labels}
    assert len(said) == len(shipped.labels)
    for chain in shipped.chains:
        link = chain.fault.partition(":")[0]
        if link:
            assert said[f"evidence_chains/{chain.id}#{link}"].verdict == "wrong"
    wrong = [label for label in shipped.labels if label.verdict == "wrong"]
    assert len(wrong) == 64
    assert all(label.reason for label in shipped.labels)


def test_every_broken_link_differs_from_the_whole_one_of_its_group(shipped: ChainSet) -> None:
    whole = {chain.group: chain for chain in shipped.chains if chain.id.endswith("a")}
    for chain in shipped.chains:
        first = whole[chain.group]
        same = [chain.claim == first.claim, chain.story == first.story, chain.criteria == first.criteria]
        assert same.count(False) == (0 if chain is first else 1)
        assert chain.quotes == first.quotes
        assert not PLACEHOLDER.search(chain.claim)


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(shipped_chains()["evidence_chains"], folder / "copy"))


def rewritten(folder: Path, old: str, new: str) -> Path:
    path = folder / "chains.jsonl"
    before = sha256(path.read_bytes()).hexdigest()
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    spec = folder / "chains.yaml"
    spec.write_text(spec.read_text().replace(before, sha256(path.read_bytes()).hexdigest()))
    return folder


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"group"', '"groop"', "chains.jsonl, line 1: 'group'"),
        ('"pannier-01b"', '"pannier-01a"', "'pannier-01a' is given twice"),
        ('"pannier-01d"', '"pannier-99d"', "'evidence_chains/pannier-01d#story' is about nothing"),
    ],
)
def test_a_set_that_is_not_whole_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(InputRejected, match=told):
        load_chains(rewritten(copied(tmp_path), old, new))


def test_chains_that_were_changed_after_labelling_are_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    path = folder / "chains.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("Mill Hill", "Mall Hill"), encoding="utf-8")
    with pytest.raises(InputRejected, match="isn't what evidence_chains was labelled with"):
        load_chains(folder)
    with pytest.raises(NotFound, match="no set of chains"):
        load_chains(tmp_path)
