"""Prompts that a person picks in their client: the files under `prompts/mcp/`."""

from mcp_types import Prompt, PromptArgument

from assistant.errors import NotFound, UsageError
from prompts.loader import Prompt as PromptFile
from prompts.loader import of_folder

_FOLDER = "mcp"
_LONGEST = 20_000
_ARGUMENTS = {
    "about": ("What it is about, in one sentence.", True),
    "requirement": (
        "The requirement or statement that is doubted, in words; or its id, such as FR-2, with draft_id.",
        True,
    ),
    "draft_id": ("The draft that it stands in, if there is one.", False),
    "filters": (
        "Which feedback counts, such as segment.plan=enterprise; several with commas. Empty: all.",
        False,
    ),
}
"""Input → what a client shows of it, and whether it is needed."""


def listed() -> list[Prompt]:
    """The prompts as clients list them."""
    return [
        Prompt(
            name=name,
            title=one.title,
            description=one.purpose,
            arguments=[
                PromptArgument(name=given, description=_ARGUMENTS[given][0], required=_ARGUMENTS[given][1])
                for given in one.inputs
            ],
        )
        for name, one in _files().items()
    ]


def filled(name: str, given: dict[str, str]) -> str:
    """A prompt's text. Raises: NotFound; UsageError for an argument that is missing, unknown or too long."""
    files = _files()
    if name not in files:
        raise NotFound(f"There is no prompt '{name[:60]}'.", hint=f"There are: {', '.join(files)}.")
    inputs = files[name].inputs
    hint = f"{name} takes: {', '.join(inputs)}."
    if unknown := sorted(set(given) - set(inputs)):
        raise UsageError(f"{name} has no argument '{unknown[0][:60]}'.", hint=hint)
    for one in inputs:
        if _ARGUMENTS[one][1] and not given.get(one, "").strip():
            raise UsageError(f"{name} needs the argument '{one}'.", hint=hint)
        if len(given.get(one, "")) > _LONGEST:
            raise UsageError(
                f"The argument '{one}' is longer than {_LONGEST:,} characters.", hint="One sentence is best."
            )
    return files[name].render(**{one: given.get(one, "").strip() for one in inputs}).strip()


def _files() -> dict[str, PromptFile]:
    # Without a title it is no prompt of a person's: the instructions for every model that connects.
    return {one.id.removeprefix(f"{_FOLDER}/"): one for one in of_folder(_FOLDER) if one.title}
