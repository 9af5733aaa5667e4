"""What a trust run says: a row per kind of defect and of harmless edit, the graders' own rows, and the verdict."""

from assistant.domain.base import Frozen
from assistant.synthesis.intervals import share_interval
from evals.mutators.packs import OWN as OWN_PACK
from evals.registry import OWN

LEAST_MEAN = 0.995
LEAST_WORST = 0.95
MOST_ON_EDITS = 0.0025
MOST_ON_CLEAN = 0.02
ELSEWHERE = frozenset({"canary_words"})
"""Put to the test by `evals.bench` with real injections: a mutator sees no records, and so not what they order."""
JUDGE = "judge"
"""The grader that kinds of layer 4 are for; without one among the graders, those kinds are shown and not counted."""


class Share(Frozen):
    """n of m with Wilson's interval of 95 %."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """In [0, 1]; 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0


def share(part: int, whole: int) -> Share:
    """Count a share."""
    low, high = share_interval(part, whole)
    return Share(part=part, whole=whole, low=round(float(low), 6), high=round(float(high), 6))


class Sight(Frozen):
    """One draft that went through with its defect, or one that was stopped without having any."""

    draft: str
    """The clean draft's id."""
    changes: tuple[str, ...]
    """What was changed, `path: before → after`."""
    findings: tuple[str, ...] = ()
    """What the graders newly said, `severity grader target: message`."""


class KindRow(Frozen):
    """One kind of defect."""

    pack: str
    name: str
    layer: int | None
    """None: the pack doesn't say."""
    about: str
    expected: tuple[str, ...]
    absent: tuple[str, ...]
    """Expected graders that there are none of here."""
    caught: Share
    """A new finding blocks, or comes from an expected grader."""
    right: int
    """Of those: an expected grader said so."""
    blocked: int
    """Of those: the draft was stopped."""
    idle: int = 0
    """Drafts that the mutator applied to and left as they were; they don't count."""
    missed: tuple[Sight, ...] = ()
    """The first drafts that went through, by id."""

    @property
    def for_judge(self) -> bool:
        """Whether only meaning is wrong."""
        return self.layer == 4 or self.expected == (JUDGE,)


class EditRow(Frozen):
    """One kind of harmless edit."""

    pack: str
    name: str
    about: str
    stopped: Share
    """A new finding blocks."""
    advised: int
    """Drafts with a new finding of any gravity."""
    idle: int = 0
    wrong: tuple[Sight, ...] = ()


class GraderRow(Frozen):
    """One grader's own record."""

    name: str
    layer: int
    blocks: bool
    """Whether its findings may stop a draft."""
    kinds: int
    """Kinds of defect that expect it, alone or beside others."""
    seen: int
    """Defects of the kinds that expect it alone, which it saw."""
    expected: int
    """Defects of the kinds that expect it alone, of the graders here."""
    on_edits: int
    """Harmless edits after which it said something new."""
    on_clean: int
    """Clean drafts on which it blocks."""


class Trust(Frozen):
    """One trust run."""

    packs: tuple[str, ...]
    writers: dict[str, int]
    """Writer → clean drafts."""
    sample: int
    """Most drafts per kind of defect; 0: all."""
    kinds: tuple[KindRow, ...]
    edits: tuple[EditRow, ...]
    graders: tuple[GraderRow, ...]
    clean: Share
    """Clean drafts with a blocking finding."""
    clean_wrong: tuple[Sight, ...]
    crashes: tuple[str, ...]
    """Packs, mutators and graders that broke off, one sentence each."""

    @property
    def is_judged(self) -> bool:
        """Whether a judge is among the graders."""
        return any(row.name == JUDGE for row in self.graders)

    @property
    def counted(self) -> tuple[KindRow, ...]:
        """The kinds that were tried: those of code, and with a judge those of meaning, too."""
        return tuple(row for row in self.kinds if row.caught.whole and (self.is_judged or not row.for_judge))

    @property
    def mean(self) -> float:
        """Macro mean of what was caught, over the kinds that count."""
        return _mean([row.caught.value for row in self.counted])

    @property
    def mean_right(self) -> float:
        """Macro mean of what an expected grader saw."""
        return _mean([row.right / row.caught.whole for row in self.counted])

    @property
    def worst(self) -> KindRow | None:
        """The kind that is caught least; of equals the first by name."""
        return min(self.counted, key=lambda row: (row.caught.value, row.pack, row.name), default=None)

    @property
    def edits_stopped(self) -> Share:
        """Harmless edits that were stopped, over all kinds."""
        return share(
            sum(row.stopped.part for row in self.edits), sum(row.stopped.whole for row in self.edits)
        )

    @property
    def failures(self) -> tuple[str, ...]:
        """Why the graders can't be trusted, one sentence each; empty where they can."""
        return (*self._of_the_shares(), *self.faults)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with single graders, packs and mutators, whatever the shares say."""
        return (
            *(f"{row.name} saw none of the {row.expected} defects it is there for." for row in self.graders if row.expected and not row.seen),
            *(f"{row.name} may stop a draft, and no kind of defect puts it to the test." for row in self._untested()),
            *(f"{row.name} says something new after {row.on_edits} harmless edits, as readily as after a defect." for row in self.graders if self._cries(row)),
            *self.crashes,
        )  # fmt: skip

    @property
    def passed(self) -> bool:
        """Whether the graders catch what they must and leave alone what they must."""
        return not self.failures

    def _of_the_shares(self) -> list[str]:
        worst, edits, clean = self.worst, self.edits_stopped, self.clean
        said = []
        if worst is None or not edits.whole or not clean.whole:
            said.append("Nothing was measured: no clean draft, no defect or no harmless edit.")
        if worst is not None and self.mean < LEAST_MEAN:
            said.append(f"On average {self.mean:.2%} of a kind is caught, not {LEAST_MEAN:.1%}.")
        if worst is not None and worst.caught.value < LEAST_WORST:
            below = [row for row in self.counted if row.caught.value < LEAST_WORST]
            said.append(
                f"{len(below)} kinds are caught less than {LEAST_WORST:.0%}; the worst, '{worst.name}', {worst.caught.value:.1%}."
            )
        if edits.value > MOST_ON_EDITS:
            said.append(
                f"{edits.value:.2%} of the harmless edits are stopped, more than {MOST_ON_EDITS:.2%}."
            )
        if clean.value > MOST_ON_CLEAN:
            said.append(f"{clean.value:.1%} of the clean drafts are stopped, more than {MOST_ON_CLEAN:.0%}.")
        return said

    def _untested(self) -> list[GraderRow]:
        """Our own pack has a defect for each of our own graders; a pack of others needn't."""
        if OWN_PACK not in self.packs:
            return []
        own = {grader.name for grader in OWN}
        return [
            row
            for row in self.graders
            if row.blocks and not row.kinds and row.name in own and row.name not in ELSEWHERE
        ]

    def _cries(self, row: GraderRow) -> bool:
        edits = sum(one.stopped.whole for one in self.edits)
        return bool(row.on_edits and row.expected and row.on_edits * row.expected >= row.seen * edits)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
