"""What of an alignment is a problem, and what is only worth a look. One rule per kind."""

from collections.abc import Iterator, Sequence

from api.align.alignment import Alignment, ItemAligned, Misfit, Sign, Stand
from api.align.naming import Named, Says, Where
from api.align.spec import Spec
from assistant.domain.finding import Severity


def misfits(found: Alignment, spec: Spec, named: Sequence[Named], *, complete: bool) -> Iterator[Misfit]:
    """Problems first by kind, then by item. Args: complete: whether every item has to be done."""
    for one in found.items:
        yield from _item(one, spec, complete=complete)
    for outside in found.non_goals:
        severity = Severity.block if outside.is_clear else Severity.advise
        verb = "works on" if outside.is_clear else "may work on"
        yield _at(
            outside.signs[0], "non-goal", severity, outside.name,
            f"The branch {verb} what {outside.name} leaves out: {outside.text}",
            "Take it out of the branch, or take it off the non-goals.",
        )  # fmt: skip
    for name in found.unknown:
        said = next(one for one in named if one.name == name)
        yield Misfit(
            rule="unknown-id", severity=Severity.block, target=name,
            message=f"{name} isn't in version {found.version} of {found.draft_id}.",
            evidence=said.passage.shown, fix="Name a requirement of the draft, or align with the version that holds it.",
        )  # fmt: skip
    yield from _tickets(found, named)


def _item(one: ItemAligned, spec: Spec, *, complete: bool) -> Iterator[Misfit]:
    held = spec.item(one.item)
    wanted = held is None or held.is_wanted
    if one.stand is Stand.contradicted:
        sign = one.signs[0]
        said = f"says {sign.words[0]}, beyond {sign.words[1]}" if sign.by == "bound" else "takes it away"
        yield _at(
            sign, "contradicted", Severity.block, one.item, f"The branch goes against {one.item}: it {said}.",
            f"Keep {one.item}, or change it in the draft first.",
        )  # fmt: skip
    elif one.stand is Stand.unclear:
        both = {sign.says for sign in one.signs} >= {Says.does, Says.against}
        why = "It says both that it does and that it undoes" if both else "It may speak of"
        yield _at(
            one.signs[0], "unclear", Severity.advise, one.item, f"{why} {one.item}: {one.text}",
            f"Say it in the pull request: `Implements {one.item}`, or leave it.",
        )  # fmt: skip
    elif one.stand in (Stand.does, Stand.touches) and not wanted:
        yield _at(
            one.signs[0], "not-wanted", Severity.block, one.item, f"{one.item} won't be had, as the draft says it.",
            "Change its priority in the draft first.",
        )  # fmt: skip
    for reason in one.stale:
        yield _at(
            one.signs[0], "stale", Severity.block, one.item, f"{one.item} rests on evidence that changed. {reason}",
            f"voxspec stale {spec.id} --refresh",
        )  # fmt: skip
    if complete and wanted and one.stand is not Stand.does:
        yield Misfit(
            rule="incomplete", severity=Severity.block, target=one.item,
            message=f"The branch doesn't say that it does {one.item}: {one.text}",
            fix=f"Name it (`Implements {one.item}`), or leave --complete out.",
        )  # fmt: skip


def _tickets(found: Alignment, named: Sequence[Named]) -> Iterator[Misfit]:
    for ticket in found.tickets:
        if ticket.items or ticket.elsewhere:
            continue
        said = next(one for one in named if one.name.removeprefix("#") == ticket.key)
        told = f" ({ticket.title})" if ticket.title else ""
        if not ticket.is_known:
            message, severity = f"{ticket.key} isn't known here.", Severity.advise
            fix = "Bring it in: voxspec tracker sync NAME."
        elif not found.is_stored:
            continue
        else:
            message, severity = f"{ticket.key}{told} has no requirement.", Severity.block
            fix = "Publish the draft to its tracker, or make the ticket a part of one that has a requirement."
        code = said.passage.where in (Where.added, Where.path)
        yield Misfit(
            rule="ticket", severity=severity, target=ticket.key, message=message, evidence=said.passage.shown, fix=fix,
            path=said.passage.place if code else "", line=said.passage.line if code else 0,
        )  # fmt: skip


def _at(sign: Sign, rule: str, severity: Severity, target: str, message: str, fix: str) -> Misfit:
    in_file = sign.where in (Where.path.value, Where.added.value)
    where = f"{sign.where}{f' {sign.place}' if sign.place else ''}{f' line {sign.line}' if sign.line else ''}"
    return Misfit(
        rule=rule, severity=severity, target=target, message=message, evidence=f"{where}: {sign.text}", fix=fix,
        path=sign.place if in_file else "", line=sign.line if in_file else 0,
    )  # fmt: skip
