"""Kano as a sheet: counts as numbers, everything else as formulas over them."""

from assistant.domain.priority import KanoCategory, KanoResult, KanoTable, Share
from assistant.synthesis.priority.kano import ENOUGH, FONG_Z, Z95
from assistant.synthesis.priority.sheet import Cell, Formula, Sheet, letters, place
from assistant.synthesis.priority.wording import kano_sentence

_CODES = tuple(category.value for category in KanoCategory)
_HEADER = (
    "segment", "feature", "category", "clear", *_CODES, "pairs", "left_out", "better", "better_low", "better_high",
    "worse", "worse_low", "worse_high", "lead", "threshold", "what_would_flip_it",
)  # fmt: skip
_AT = {name: position for position, name in enumerate(_HEADER)}


def kano_sheet(table: KanoTable) -> Sheet:
    """One row per feature and segment."""
    return Sheet(
        title="Kano",
        header=_HEADER,
        rows=[_cells(row, number) for number, row in enumerate(table.rows)],
        formulas=("better", "worse"),
        wide=frozenset({"segment", "feature", "what_would_flip_it"}),
    )


def _cells(row: KanoResult, number: int) -> list[Cell]:
    at = {name: place(column, number) for name, column in _AT.items()}
    counts = f"{at['M']}:{at['Q']}"
    codes = f"{letters(_AT['M'])}$1:{letters(_AT['Q'])}$1"
    enough = f"{at['pairs']}>={ENOUGH}"
    first, second = f"LARGE({counts},1)", f"LARGE({counts},2)"
    both = f"({first}+{second})"
    known = row.category is not None
    found: dict[str, Cell] = {
        "segment": row.segment,
        "feature": row.feature,
        # The columns stand in the order that decides ties, and MATCH finds the first.
        "category": Formula(f'IF({enough},INDEX({codes},MATCH(MAX({counts}),{counts},0)),"")', row.category.value if row.category else ""),
        "clear": Formula(f'IF({enough},IF({at["lead"]}>={at["threshold"]},"yes","no"),"")', ("yes" if row.clear else "no") if known else ""),
        **{category.value: row.counts[category] for category in KanoCategory},
        "pairs": Formula(f"SUM({counts})", row.pairs),
        "left_out": row.left_out,
        "lead": Formula(f'IF({enough},{first}-{second},"")', row.lead if known else ""),
        "threshold": Formula(f'IF({enough},{FONG_Z}*SQRT({both}*(2*{at["pairs"]}-{both})/(2*{at["pairs"]})),"")', row.threshold if known else ""),
        "what_would_flip_it": kano_sentence(row),
    }  # fmt: skip
    of = f"({at['A']}+{at['O']}+{at['M']}+{at['I']})"
    for name, (one, other), share in (("better", "AO", row.better), ("worse", "OM", row.worse)):
        found |= _share(name, f"({at[one]}+{at[other]})", of, at[name], share)
    return [found.get(name) for name in _HEADER]


def _share(name: str, count: str, of: str, own: str, share: Share | None) -> dict[str, Cell]:
    z2 = f"{Z95!r}^2"
    middle = f"({own}+{z2}/(2*{of}))/(1+{z2}/{of})"
    half = f"{Z95!r}*SQRT({own}*(1-{own})/{of}+{z2}/(4*{of}^2))/(1+{z2}/{of})"
    ways = (
        (name, f"{count}/{of}", share.value if share else ""),
        (f"{name}_low", f"IF({count}=0,0,MAX(0,{middle}-{half}))", share.low if share else ""),
        (f"{name}_high", f"IF({count}={of},1,MIN(1,{middle}+{half}))", share.high if share else ""),
    )
    # Of no answer that counts there is no share.
    return {
        column: Formula(formula if share else f'IF({of}=0,"",{formula})', value)
        for column, formula, value in ways
    }
