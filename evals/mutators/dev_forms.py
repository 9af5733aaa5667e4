"""Dev pack, layer 0: stories, scenarios and requirements that aren't in their form."""

from random import Random

from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from evals.mutators.parts import after, free_id, kind, requirements_of, stories_of, with_block
from evals.mutators.port import Seeded

Place = tuple[int, int, StoryBlock]
Requirement = tuple[int, int, RequirementBlock]
_VAGUE = (
    "it works as expected",
    "the user is happy",
    "everything is fine",
    "the system behaves properly",
    "it is user-friendly",
)


def _with_criteria(draft: Draft) -> list[Place]:
    return [site for site in stories_of(draft) if site[2].criteria]


def _criterion(draft: Draft, site: Place, rng: Random, **changes: tuple[str, ...]) -> Draft:
    criteria = list(site[2].criteria)
    at = rng.randrange(len(criteria))
    criteria[at] = criteria[at].model_copy(update=changes)
    return with_block(draft, site[0], site[1], criteria=tuple(criteria))


def _turned(draft: Draft, site: Place, rng: Random) -> Draft:
    criteria = list(site[2].criteria)
    at = rng.randrange(len(criteria))
    held = criteria[at]
    criteria[at] = held.model_copy(update={"when": held.then, "then": held.when})
    return with_block(draft, site[0], site[1], criteria=tuple(criteria))


def _second_keyword(draft: Draft, site: Place, rng: Random) -> Draft:
    criteria = list(site[2].criteria)
    at = rng.randrange(len(criteria))
    held = criteria[at]
    criteria[at] = held.model_copy(update={"when": tuple(f"When {step}" for step in held.when)})
    return with_block(draft, site[0], site[1], criteria=tuple(criteria))


def _hidden_step(draft: Draft, site: Place, rng: Random) -> Draft:
    criteria = list(site[2].criteria)
    at = rng.randrange(len(criteria))
    held = criteria[at]
    tail = rng.choice(("\n  When it is pressed again", "\n\nScenario: another", "\n  | a | b |"))
    criteria[at] = held.model_copy(update={"then": (f"{held.then[0]}{tail}", *held.then[1:])})
    return with_block(draft, site[0], site[1], criteria=tuple(criteria))


def _happy_only(draft: Draft, site: Place, rng: Random) -> Draft:
    kept = tuple(one for one in site[2].criteria if one.path == "happy")
    return with_block(draft, site[0], site[1], criteria=kept)


def _both_paths(draft: Draft) -> list[Place]:
    return [
        site for site in stories_of(draft) if {one.path for one in site[2].criteria} == {"happy", "failure"}
    ]


def _dressed(draft: Draft, site: Place, rng: Random) -> Draft:
    """The failure path is there by name only: it repeats the happy one."""
    happy = next(one for one in site[2].criteria if one.path == "happy")
    posing = happy.model_copy(update={"title": "it fails", "path": "failure"})
    kept = tuple(one for one in site[2].criteria if one.path == "happy")
    return with_block(draft, site[0], site[1], criteria=(*kept, posing))


def _same_again(draft: Draft, site: Place, rng: Random) -> Draft:
    held = rng.choice(site[2].criteria)
    return with_block(draft, site[0], site[1], criteria=(*site[2].criteria, held))


def _framed(draft: Draft, site: Place, rng: Random) -> Draft:
    story = site[2]
    changes = (
        {"want": f"I want {story.want}"},
        {"benefit": f"so that {story.benefit}"},
        {"role": f"as a {story.role}"},
        {"want": f"{story.want} so that {story.benefit}"},
    )
    return with_block(draft, site[0], site[1], **rng.choice(changes))


def _bare_then(draft: Draft, site: Place, rng: Random) -> Draft:
    return _criterion(draft, site, rng, then=(rng.choice(_VAGUE),))


def _empty_step(draft: Draft, site: Place, rng: Random) -> Draft:
    return _criterion(draft, site, rng, **{rng.choice(("when", "then")): (" ",)})


def _echo(draft: Draft, site: Place, rng: Random) -> Draft:
    criteria = list(site[2].criteria)
    at = rng.randrange(len(criteria))
    criteria[at] = criteria[at].model_copy(update={"then": criteria[at].when})
    return with_block(draft, site[0], site[1], criteria=tuple(criteria))


def _other_roles(draft: Draft) -> list[Place]:
    held = stories_of(draft)
    known = [story.id for _, _, story in held if len(story.role.split()) > 1]
    return [site for site in held if set(known) - {site[2].id}]


def _shall(draft: Draft) -> list[Requirement]:
    return [site for site in requirements_of(draft) if " shall " in site[2].text]


def _let_off(draft: Draft, site: Requirement, rng: Random) -> Draft:
    way_out = rng.choice(("if possible", "where appropriate", "as far as practicable", "if time allows"))
    text = site[2].text.replace(" shall ", f" shall, {way_out}, ", 1)
    return with_block(draft, site[0], site[1], text=text)


def _vague_too(draft: Draft, site: Requirement, rng: Random) -> Draft:
    vague = rng.choice(
        ("in a user-friendly way", "quickly and easily", "as efficiently as needed", "in an intuitive manner")
    )
    return with_block(draft, site[0], site[1], text=f"{site[2].text.rstrip('.')} {vague}.")


def _again(draft: Draft, site: Requirement, rng: Random) -> Draft:
    prefix = f"{site[2].id.rsplit('-', 1)[0]}-"
    name = free_id((one.id for _, _, one in requirements_of(draft)), prefix)
    return after(draft, site[0], site[1], site[2].model_copy(update={"id": name}))


FORMS: tuple[Seeded, ...] = (
    kind("story without criteria", 0, "gherkin", _with_criteria, lambda d, s, _: with_block(d, s[0], s[1], criteria=()),
         "Nobody can say when the story is done."),
    kind("Then before When", 0, "gherkin measurable_then", _with_criteria, _turned, "The outcome stands where the action should, and the action after it."),
    kind("keyword typed again", 0, "gherkin", _with_criteria, _second_keyword, "A step says 'When' twice."),
    kind("step hides another", 0, "gherkin", _with_criteria, _hidden_step, "A line break hides a second step, scenario or table."),
    kind("step empty", 0, "gherkin", _with_criteria, _empty_step, "A scenario has no action or no outcome."),
    kind("failure path dropped", 0, "gherkin", _both_paths, _happy_only, "Nothing says what happens when it can't be done."),
    kind("failure path is the happy one", 0, "gherkin measurable_then", _both_paths, _dressed, "The failure path repeats the happy path under another name."),
    kind("scenario twice", 0, "gherkin near_duplicate_requirements", _with_criteria, _same_again, "A story has the same scenario twice."),
    kind("outcome says nothing", 0, "gherkin measurable_then", _with_criteria, _bare_then, "'It works as expected' can't be tested."),
    kind("outcome repeats the action", 0, "gherkin measurable_then", _with_criteria, _echo, "A scenario whose outcome is its action always passes."),
    kind("story part empty", 0, "story_form", stories_of,
         lambda d, s, rng: with_block(d, s[0], s[1], **{rng.choice(("role", "want", "benefit")): rng.choice(("", " ", "-"))}),
         "A story without who, what or why."),
    kind("story frame twice", 0, "story_form", stories_of, _framed, "'I want I want to': the frame's words stand in the part."),
    kind("wish is a thing", 0, "story_form", stories_of,
         lambda d, s, rng: with_block(d, s[0], s[1], want=rng.choice(("a big green button", "better performance", "the new dashboard", "an API"))),
         "A wish that names a thing, not what somebody wants to do."),
    kind("role is anybody", 0, "story_form", _other_roles,
         lambda d, s, rng: with_block(d, s[0], s[1], role=rng.choice(("user", "customer", "end user", "person"))),
         "'As a user' where it is known who."),
    kind("requirement not binding", 0, "requirement_form", lambda d: [s for s in requirements_of(d) if " shall " in s[2].text],
         lambda d, s, rng: with_block(d, s[0], s[1], text=s[2].text.replace(" shall ", rng.choice((" should ", " may ", " will ", " could ")), 1)),
         "'Should' and 'may' bind nobody."),
    kind("bound without unit", 0, "requirement_form", lambda d: [s for s in requirements_of(d) if s[2].unit],
         lambda d, s, _: with_block(d, s[0], s[1], unit=""), "'Within 120', and nobody says of what."),
    kind("bound left out", 0, "requirement_form", lambda d: [s for s in requirements_of(d) if s[2].bound],
         lambda d, s, rng: with_block(d, s[0], s[1], bound="", unit="", bound_proposed=False, text=rng.choice((
             "The system shall be fast.", "The system shall respond in a timely manner.", "The system shall be highly available."))),
         "A quality that nobody can measure."),
    kind("sentence gives another bound", 0, "requirement_form", lambda d: [s for s in requirements_of(d) if s[2].bound and s[2].bound in s[2].text],
         lambda d, s, rng: with_block(d, s[0], s[1], bound=f"{rng.randint(2, 9)}{s[2].bound}"),
         "The sentence and the field give two bounds."),
    kind("requirement with a way out", 0, "escape_clauses", _shall, _let_off, "'If possible' lets whoever builds it off."),
    kind("requirement vague", 0, "vague_words", _shall, _vague_too, "'Easily' and 'quickly' mean what everyone likes."),
    kind("requirement passive", 0, "passive_requirements", lambda d: [s for s in _shall(d) if s[2].id.startswith("FR")],
         lambda d, s, rng: with_block(d, s[0], s[1], text=rng.choice(("All data shall be deleted.", "Every change shall be logged.", "The list shall be sorted."))),
         "Nobody knows who does it."),
    kind("requirement twice", 2, "near_duplicate_requirements", _shall, _again, "A requirement stands there twice under two ids."),
    kind("two wishes in one", 0, "wish_atomic", stories_of,
         lambda d, s, rng: with_block(d, s[0], s[1], want=f"{s[2].want} and to {rng.choice(('invite a guest by mail', 'print the list for the meeting', 'archive what is done'))}"),
         "Two stories under one id."),
    kind("wish with a remark", 0, "wish_minimal", stories_of,
         lambda d, s, rng: with_block(d, s[0], s[1], want=f"{s[2].want} {rng.choice(('(see the mock-up)', '(as discussed with sales)', '- note that this is urgent'))}"),
         "A remark that belongs elsewhere."),
    kind("points at something elsewhere", 0, "dangling_references", stories_of,
         lambda d, s, rng: with_block(d, s[0], s[1], want=f"{s[2].want} {rng.choice(('as described above', 'as in the other story', 'like in the previous release'))}"),
         "A wish that can't be read alone."),
    kind("requirement empty", 0, "requirement_form", requirements_of, lambda d, s, _: with_block(d, s[0], s[1], text=" "),
         "An id with nothing behind it."),
)  # fmt: skip
