"""The acceptance criteria of a draft as one Gherkin file: a rule per story, a scenario per criterion."""

from assistant.domain.draft import Draft, StoryBlock
from assistant.drafting.formats.tree import article, gherkin, plain
from assistant.drafting.formats.words import one_line


def feature(draft: Draft) -> str:
    """A `.feature` file. What isn't a step stands in comments, which no text can leave: they end with their line."""
    lines = [f"Feature: {_told(draft, draft.title)}", ""]
    lines.append(f"  # Voxspec draft {draft.id}, version {draft.version}")
    for story in (block for block in draft.blocks() if isinstance(block, StoryBlock)):
        if not story.criteria:
            continue
        want, benefit = _told(draft, story.want), _told(draft, story.benefit).rstrip(".")
        role = _told(draft, story.role)
        lines += ["", f"  Rule: {story.id} {_told(draft, story.title)}"]
        lines.append(f"    # As {article(role)} {role}, I want {want}, so that {benefit}.")
        for line in gherkin(draft, story.criteria).split("\n"):
            lines += [""] if line.startswith("Scenario:") else []
            lines.append(
                f"    {one_line(line).strip() if line.startswith('Scenario:') else '  ' + one_line(line).strip()}"
            )
    return "\n".join(lines) + "\n"


def _told(draft: Draft, text: str) -> str:
    return one_line(plain(draft, text)).strip()
