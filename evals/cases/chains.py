"""Sets of chains: sentences of feedback → a claim → a story → its criteria, with what people said about each link.

A set is a folder: `chains.yaml` (ChainsSpec), `chains.jsonl` (Chain a line), `labels.jsonl` (Label a line; its item is
`<set>/<chain>#claim`, `#story` or `#criteria`, its question the judge's).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field

from assistant.domain.base import Frozen
from assistant.domain.label import Label
from assistant.errors import InputRejected, NotFound
from evals.cases.set_lines import read_lines, read_spec
from evals.judging.judge import Asked, Question

_DESCRIBED = "evals/cases/chains.py"
_LINKS = {"claim": Question.follows, "story": Question.story, "criteria": Question.criteria}


class ChainStory(Frozen):
    """The three parts of a story."""

    role: str
    want: str
    benefit: str

    def __str__(self) -> str:
        return f"As a {self.role}, I want {self.want}, so that {self.benefit}."


class Chain(Frozen):
    """One way from what people wrote to what shall be tested."""

    id: str
    group: str
    """Chains of one group share their quotes: they aren't independent."""
    product: str
    language: str
    """Of the quotes."""
    quotes: dict[str, str] = Field(min_length=1)
    """Id → sentence."""
    claim: str
    story: ChainStory
    criteria: tuple[str, ...] = Field(min_length=1)
    fault: str = ""
    """Which link was broken and how, `claim: overreach`; empty: none. Raters and judges aren't shown it."""

    def asked(self, set_name: str) -> Iterator[Asked]:
        """The questions about its three links."""
        lines = {
            "claim": (self.claim, self.quotes),
            "story": (str(self.story), self.quotes),
            "criteria": (str(self.story), {f"K{n}": text for n, text in enumerate(self.criteria, start=1)}),
        }
        for link, (subject, shown) in lines.items():
            item = f"{set_name}/{self.id}#{link}"
            yield Asked(question=_LINKS[link], item=item, subject=subject, lines=shown)


class ChainsFile(Frozen):
    """Where the chains lie, and their hash: labels are about these very texts."""

    file: str = "chains.jsonl"
    sha256: str


class ChainsSpec(Frozen):
    """What `chains.yaml` holds."""

    schema_version: Literal[1]
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    purpose: str = ""
    chains: ChainsFile
    notes: str = ""
    """Who labelled, how, and what that is worth."""


@dataclass(frozen=True)
class ChainSet:
    """A set as it was read, complete and consistent."""

    spec: ChainsSpec
    chains: tuple[Chain, ...]
    labels: tuple[Label, ...]

    def asked(self) -> dict[str, Asked]:
        """All questions by item: each distinct text once, under the first chain that holds it."""
        found: dict[tuple[object, ...], Asked] = {}
        for chain in self.chains:
            for one in chain.asked(self.spec.name):
                found.setdefault((one.question, one.subject, tuple(one.lines.items())), one)
        return {one.item: one for one in found.values()}


def shipped_chains() -> dict[str, Path]:
    """The folders of the sets of chains that come with Voxspec, by name."""
    root = Path(str(files("evals"))) / "sets"
    return {path.parent.name: path.parent for path in sorted(root.glob("*/chains.yaml"))}


def load_chains(folder: Path) -> ChainSet:
    """Read a set of chains.

    Raises: NotFound (no `chains.yaml`), InputRejected (names file, line and field; other chains than were labelled; an id
    given twice; a label about nothing of the set).
    """
    held = folder / "chains.yaml"
    if not held.is_file():
        raise NotFound(
            f"There is no set of chains in {folder}.",
            hint=f"A set is a folder with a chains.yaml; shipped ones: {', '.join(shipped_chains())}.",
        )
    spec = read_spec(held, ChainsSpec, _DESCRIBED)
    path = folder / spec.chains.file
    if not path.is_file() or sha256(path.read_bytes()).hexdigest() != spec.chains.sha256:
        raise InputRejected(
            f"{spec.chains.file} isn't what {spec.name} was labelled with.",
            hint="Restore the file, or write its SHA-256 into chains.yaml and label it anew.",
        )
    labels = folder / "labels.jsonl"
    found = ChainSet(
        spec,
        tuple(read_lines(path, Chain, _DESCRIBED)),
        tuple(read_lines(labels, Label, _DESCRIBED)) if labels.is_file() else (),
    )
    _consistent(found)
    return found


def _consistent(held: ChainSet) -> None:
    known = [chain.id for chain in held.chains]
    if twice := sorted({name for name in known if known.count(name) > 1}):
        raise InputRejected(
            f"{held.spec.name}: the chain id '{twice[0]}' is given twice.", hint="Ids are unique."
        )
    asked = held.asked()
    for label in held.labels:
        one = asked.get(label.item)
        if one is None or label.question != f"judge:{one.question}":
            raise InputRejected(
                f"{held.spec.name}: the label '{label.question}' of '{label.item}' is about nothing of the set.",
                hint="Its item is '<set>/<chain>#claim', '#story' or '#criteria' of the first chain with that text.",
            )
