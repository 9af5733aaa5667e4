"""Edits by name made into edits that say what stands where: by rules that only cut, or choose among proven wordings."""

import re
from collections.abc import Iterator, Sequence

from assistant.domain.draft import PLACEHOLDER, Claim, Draft, StoryBlock
from assistant.domain.edit import Edit, Replace, Reword, SplitStory, Style
from assistant.domain.text import sentences
from assistant.drafting.editing.proposals import Proposal, ask_for_wording, proposal, sources_of, text_at
from assistant.drafting.editing.typed import goes_beyond
from assistant.drafting.formats.tree import plain
from assistant.errors import UsageError
from assistant.workbench import Workbench
from evals.language.ways_out import without_escape
from evals.language.wording import wants, without_note

RULES = "rules"
_FEWEST_WORDS = 3
_TURNS = re.compile(
    r"\b(?:but|yet|however|although|though|against|except|only|unless|aber|jedoch|nur)\b", re.IGNORECASE
)
"""What is said behind these can't be cut off: the rest would say more than it did."""
_TAIL = re.compile(r"\s*(?:;|:(?=\s*\{Q\d+\}\.?\s*\Z)|\s[–—]\s)(?P<tail>.*)\Z", re.DOTALL)
_PLAIN = {
    "in order to": "to", "prior to": "before", "subsequent to": "after", "in the event that": "if", "with regard to": "about",
    "utilise": "use", "utilize": "use", "leverage": "use", "facilitate": "help", "functionality": "feature",
    "end user": "user", "end users": "users", "performant": "fast", "asynchronously": "in the background",
    "latency": "waiting time", "initiate": "start", "terminate": "end", "persist": "keep", "render": "show",
}  # fmt: skip
_JARGON = re.compile(
    rf"\b(?:{'|'.join(sorted(map(re.escape, _PLAIN), key=len, reverse=True))})\b", re.IGNORECASE
)


def resolved(draft: Draft, edits: Sequence[Edit]) -> Iterator[Edit]:
    """The edits with those by name worked out over the draft as it stands, by rules alone.

    Raises: UsageError: rules find nothing to do.
    """
    for edit in edits:
        if isinstance(edit, SplitStory) and not edit.wants:
            story = next((one for one in draft.blocks() if getattr(one, "id", "") == edit.target), None)
            split = wants(story.want, draft.language) if isinstance(story, StoryBlock) else None
            yield edit.model_copy(update={"wants": split.parts}) if split else edit
        elif isinstance(edit, Reword):
            name, old = text_at(draft, edit.target)
            yield Replace(target=name, text=by_rules(draft, edit), before=old)
        else:
            yield edit


def propose(bench: Workbench, draft: Draft, wanted: Reword) -> Proposal:
    """A wording to be shown: the model's where there is one and its wording holds, else that of the rules. Nothing is kept.

    Raises: UsageError: no such passage; ModelError.
    """
    refused = ""
    if bench.model is not None:
        told = ask_for_wording(bench.model, draft, wanted, show_personal=bench.settings.show_personal_data)
        if told.edit is not None:
            return told
        refused = told.refused
    return propose_by_rules(draft, wanted, refused)


def propose_by_rules(draft: Draft, wanted: Reword, refused: str = "") -> Proposal:
    """A wording of the rules alone. Args: refused: why a model's own couldn't stand. Raises: UsageError: no such passage."""
    name, old = text_at(draft, wanted.target)
    try:
        found = proposal(draft, name, RULES, by_rules(draft, wanted))
    except UsageError as problem:
        why = f"{refused} {problem.message}".strip()
        return Proposal(target=name, by=RULES, before=plain(draft, old), refused=why)
    return found.model_copy(update={"refused": refused})


def by_rules(draft: Draft, wanted: Reword) -> str:
    """A passage worded as asked, by rules. Raises: UsageError where they find nothing that says the same."""
    name, old = text_at(draft, wanted.target)
    sources = sources_of(draft, name)
    for text in _CANDIDATES[wanted.style](draft, name, old):
        # A plain word for a technical one is known to mean the same; a claim is held to its evidence all the same.
        free = wanted.style is Style.less_jargon and name not in draft.claims
        if text == old or len(text.split()) < _FEWEST_WORDS:
            continue
        if free or not goes_beyond(old, text, sources):
            return text
    raise UsageError(
        f"Rules find no wording of {name} that is {wanted.style.value.replace('_', ' ')} and says the same.",
        hint="Type over it; with a language model (VOXSPEC_MODEL) there is a proposal.",
    )


def _shorter(draft: Draft, name: str, old: str) -> Iterator[str]:
    """Cuts, the gentlest first: remarks, clauses that let anybody off, the quotation or clause behind, all but the first sentence."""
    for cut in (without_note(old), without_escape(old)):
        # A remark that holds a number or a quote is proof.
        if sorted(PLACEHOLDER.findall(cut)) == sorted(PLACEHOLDER.findall(old)):
            yield f"{cut}." if old.endswith(".") and not cut.endswith(".") else cut
    if (match := _TAIL.search(old)) and not _TURNS.search(match["tail"]):
        head = old[: match.start()]
        # Where nothing is counted before it, the quotation is what the sentence says.
        if "{F" in head or "{" not in match["tail"]:
            yield f"{head}."
    spans = sentences(old)
    if len(spans) > 1 and not _TURNS.search(old[spans[0][1] :]):
        yield old[spans[0][0] : spans[0][1]]


def _for_sales(draft: Draft, name: str, old: str) -> Iterator[str]:
    """A sentence with what a customer says of it: the shortest of the quotes that it rests on."""
    claim: Claim | None = draft.claims.get(name)
    if claim is None or any(one.startswith("Q") for one in PLACEHOLDER.findall(old)):
        return
    cited = sorted((len(draft.quotes[one].text), one) for one in claim.quote_ids if one in draft.quotes)
    for _, quote in cited[:1]:
        yield f"{old.rstrip(' .')}: {{{quote}}}"


def _less_jargon(draft: Draft, name: str, old: str) -> Iterator[str]:
    def plainly(match: re.Match[str]) -> str:
        word = _PLAIN[match.group().casefold()]
        return word[:1].upper() + word[1:] if match.group()[:1].isupper() else word

    if (text := _JARGON.sub(plainly, old)) != old:
        yield text


_CANDIDATES = {Style.shorter: _shorter, Style.for_sales: _for_sales, Style.less_jargon: _less_jargon}
