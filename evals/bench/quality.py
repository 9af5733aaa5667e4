"""Defects per story, by the same rules for people's stories, the extractive writer's and a model's.

The criteria are those of AQUSA (Lucassen et al. 2016) that code can see in a text: well-formed, atomic, minimal, uniform, unique.
A model's drafts are counted where VOXSPEC_MODEL names one: as they are delivered, and as they would be if no check refused its wordings.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.domain.draft import Criterion, Draft, StoryBlock
from assistant.domain.finding import Severity
from assistant.domain.request import DraftRequest
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.bench.measure import Result, Setting, Target, at_most
from evals.bench.workspaces import say
from evals.cases.case import EvalSet, as_file, load_set, shipped_sets
from evals.gate import write_and_check
from evals.graders import near_duplicate_stories, story_form, wish_atomic, wish_minimal, wish_uniform
from evals.reading.prose import stories
from evals.sample import sample_draft, sample_view
from evals.view import kind_spec
from ingest.options import IngestOptions
from ingest.pipeline import ingest

AQUSA_ON_PEOPLE = 0.30
"""Defects per story that AQUSA found in people's stories (published figure)."""
_CASES_OF_A_MODEL = 6
"""Cases of each set that a model is asked about: a small one takes minutes for a draft."""
_CRITERIA = {
    "atomic": wish_atomic.GRADER,
    "minimal": wish_minimal.GRADER,
    "uniform": wish_uniform.GRADER,
    "unique": near_duplicate_stories.GRADER,
}
_STORY = re.compile(
    r"\s*As an? (?P<role>[^,]+?),?\s+I(?:'d| would)? (?:want|need|like|can|am able|wish|must)\b\s*(?P<want>.*?)"
    r"(?:[,;]?\s*\bso(?: that|,)?\b\s*(?P<benefit>.*))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_SEEN = Criterion(
    title="done", given=("it is open",), when=("I do it",), then=("I see the result on the page",)
)
_FAILED = _SEEN.model_copy(update={"title": "failed", "then": ("I am told why",), "path": "failure"})


def measure_quality(setting: Setting) -> list[Result]:
    """Count the defects of each writer's stories; a story that a writer wrote in several drafts counts once."""
    rows = _rows(
        "people", [_counted(_people(path)) for path in sorted((setting.data / "stories").glob("*.txt"))], None
    )
    for name, writer in _writers().items():
        most = 3 if setting.quick else None if writer == "extractive" else _CASES_OF_A_MODEL
        say(f"quality: the shipped sets, written by {name}")
        held = list(_written(setting.cache / "quality" / name, writer, most))
        counted, clean = _rows(name, [_counted(draft) for draft in held], at_most(AQUSA_ON_PEOPLE))
        if writer == "extractive":
            rows += [counted, clean, _advice(name, held)]
        else:
            counted = counted.model_copy(update={"note": f"{counted.note}; {_asked(writer, held)}"})
            raw = [_counted(as_answered(draft)) for draft in held]
            rows += [
                counted,
                clean,
                _advice(name, held),
                *_rows(f"{name}, refused wordings put back", raw, None),
            ]
    return rows


def _asked(writer: str, held: list[Draft]) -> str:
    answers = sum(len(draft.provenance.calls) for draft in held)
    removed = [removal for draft in held for removal in draft.provenance.removed]
    refused = sum(bool(removal.text) for removal in removed)
    name = writer.partition(":")[2]
    return f"{name}, {len(held)} drafts, {answers} answers, {refused} wordings refused, {len(removed) - refused} answers of no use"


def as_answered(draft: Draft) -> Draft:
    """The draft with the want and benefit that a model gave each story, also where a check refused them."""
    refused = {removal.where: removal.text for removal in draft.provenance.removed if removal.text}

    def put_back(story: StoryBlock) -> StoryBlock:
        want, _, benefit = refused[story.id].partition(" / ")
        return story.model_copy(update={"want": want, "benefit": benefit})

    sections = tuple(
        section.model_copy(
            update={
                "blocks": tuple(
                    put_back(block) if isinstance(block, StoryBlock) and block.id in refused else block
                    for block in section.blocks
                )
            }
        )
        for section in draft.sections
    )
    return draft.model_copy(update={"sections": sections})


def _writers() -> dict[str, str]:
    model = os.environ.get("VOXSPEC_MODEL", "extractive")
    return {"extractive": "extractive"} | ({"a model": model} if model != "extractive" else {})


def people_draft(lines: Iterable[str], name: str = "people") -> Draft:
    """Stories as people write them, a line each, as a draft. A line that is no story keeps its words as the wish, without a role."""
    blocks = []
    for number, line in enumerate((line for line in lines if line.strip()), start=1):
        match = _STORY.fullmatch(line.strip().rstrip("."))
        role, want, benefit = (
            (match["role"], match["want"], match["benefit"]) if match else ("", line.strip(), "")
        )
        blocks.append(
            StoryBlock(
                id=f"US-{number}",
                title="read",
                role=role,
                want=want.strip(),
                benefit=(benefit or "").strip(),
                criteria=(_SEEN, _FAILED),
                assumptions=("want",),
            )
        )
    base = sample_draft()
    section = base.sections[1].model_copy(update={"blocks": tuple(blocks)})
    return base.model_copy(update={"id": f"dra_{name}", "sections": (section,)})


def _people(path: Path) -> Draft:
    return people_draft(path.read_text(encoding="utf-8").splitlines(), path.stem)


def defects(draft: Draft) -> list[tuple[str, str]]:
    """(criterion, story id) of each defect of a draft's stories, each criterion once for a story."""
    view = sample_view()
    held = stories(draft)
    found = {(name, f.target) for name, grader in _CRITERIA.items() for f in grader.grade(draft, view)}
    for finding in story_form.GRADER.grade(draft, view):
        if finding.severity is Severity.block:
            missing = re.match(r"The (?:role|want) is empty", finding.message)
            found.add(("well-formed" if missing else "uniform", finding.target))
    if 2 * sum(bool(story.benefit) for story in held) <= len(held):
        bare = {story.id for story in held if not story.benefit}
        found -= {("uniform", name) for name in bare}
    ids = {story.id for story in held}
    return sorted((name, target) for name, target in found if target in ids)


def _counted(draft: Draft) -> tuple[Counter[str], int, int]:
    found = defects(draft)
    held = stories(draft)
    return Counter(name for name, _ in found), len(held), len(held) - len({target for _, target in found})


def _rows(who: str, counted: list[tuple[Counter[str], int, int]], target: Target | None) -> list[Result]:
    kinds = sum((counts for counts, _, _ in counted), Counter[str]())
    total = sum(number for _, number, _ in counted)
    clean = sum(number for _, _, number in counted)
    told = ", ".join(f"{name} {kinds[name]}" for name in ("well-formed", *_CRITERIA))
    return [
        Result(
            bench="quality",
            what=f"defects per story, {who}",
            value=kinds.total() / total if total else None,
            target=target,
            note=f"{total} stories; {told}",
        ),
        Result(
            bench="quality",
            what=f"stories without a defect, {who}",
            value=100 * clean / total if total else None,
            unit="%",
        ),
    ]


def _advice(who: str, held: list[Draft]) -> Result:
    number = sum(len(stories(draft)) for draft in held)
    kinds = Counter(
        finding.grader
        for draft in held
        for finding in (draft.report.findings if draft.report else ())
        if finding.severity is Severity.advise
    )
    return Result(
        bench="quality",
        what=f"advice per story, {who}",
        value=kinds.total() / number if number else None,
        target=at_most(1.0),
        note=", ".join(f"{name} {count}" for name, count in kinds.most_common(6)),
    )


def _written(home: Path, writer: str, most: int | None) -> Iterator[Draft]:
    """One draft for each set of stories: the same ones asked for in other words are left out."""
    seen: set[tuple[str, str]] = set()
    for folder in shipped_sets().values():
        held = load_set(folder)
        if not any("story" in blocks for blocks in kind_spec(held.spec.kind).blocks.values()):
            continue
        settings = Settings.load(home=home, workspace=f"eval-{held.spec.records.sha256[:12]}", model=writer)
        with open_workbench(settings) as bench:
            _bring_in(bench, held)
            for case in held.cases[:most]:
                asked = DraftRequest(
                    kind=held.spec.kind, brief=case.ask, scope=case.scope, max_items=case.max_items
                )
                draft = write_and_check(bench, asked)
                fresh = {(story.role, story.want) for story in stories(draft)} - seen
                if fresh:
                    seen |= fresh
                    yield draft


def _bring_in(bench: Workbench, held: EvalSet) -> None:
    """The records of a set as files, as a person would import them."""
    with TemporaryDirectory() as folder:
        for source in sorted({(record.kind, record.source) for record in held.records}):
            rows = [record for record in held.records if (record.kind, record.source) == source]
            path = Path(folder) / f"{source[0].value}-{source[1]}.jsonl"
            path.write_text(as_file(rows), encoding="utf-8")
            names = ("text", "external_id", "said_at", "author", "account", "rating", "language")
            mapping = {name: name for name in names if any(getattr(row, name) is not None for row in rows)}
            mapping |= {f"segment.{name}": f"segment_{name}" for row in rows for name in row.segments}
            ingest(bench, [path], IngestOptions(kind=source[0], source=source[1], mapping=mapping))
