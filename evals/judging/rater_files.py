"""Labels as a file, one JSON object a line: how a second rater's answers come in, and how one's own go out."""

from collections.abc import Iterable
from pathlib import Path

from assistant.domain.label import Label
from assistant.errors import NotFound
from evals.cases.opinions import OPINIONS, opinions
from evals.cases.set_lines import read_lines

_DESCRIBED = "assistant/domain/label.py"


def read_labels(path: Path, rater: str = "") -> list[Label]:
    """Labels of a file. A file gives opinions, it decides nothing: a finding called wrong loses its reason here, without which it
    overrules none, and what would approve a draft or take a decision back is refused.

    Args: rater: whose they are, in place of the names in the file. Raises: InputRejected, NotFound.
    """
    try:
        read = list(read_lines(path, Label, _DESCRIBED))
    except (FileNotFoundError, IsADirectoryError) as problem:
        raise NotFound(
            f"There is no file '{path}'.", hint="voxspec eval label --export FILE writes one."
        ) from problem
    told = {"rater": rater} if rater else {}
    return [one.model_copy(update=told) for one in opinions(read, path.name)]


def written(labels: Iterable[Label]) -> bytes:
    """Opinions as the file that `read_labels` reads; decisions about drafts stay where they are."""
    kept = (one for one in labels if one.question.startswith(OPINIONS))
    return "".join(f"{one.model_dump_json()}\n" for one in kept).encode("utf-8", "surrogatepass")
