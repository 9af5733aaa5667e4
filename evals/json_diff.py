"""Where two JSON values differ."""

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def differences(old: Json, new: Json, path: str = "") -> list[str]:
    """Paths of what differs, for example `claims.C3.text` or `sections[2].blocks`; sorted by name, lists by place."""
    if isinstance(old, dict) and isinstance(new, dict):
        found: list[str] = []
        for name in sorted({*old, *new}):
            below = f"{path}.{name}" if path else name
            if name not in old or name not in new:
                found.append(below)
            else:
                found += differences(old[name], new[name], below)
        return found
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [item for place, (one, other) in pairs for item in differences(one, other, f"{path}[{place}]")]
    return [] if old == new and isinstance(old, bool) == isinstance(new, bool) else [path]
