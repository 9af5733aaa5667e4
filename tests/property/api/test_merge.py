"""Whatever a person and we did to a text: what only one side changed is taken, and nothing that a person wrote is lost."""

from hypothesis import given
from hypothesis import strategies as st

from api.tickets.merge import blocks, merge

BLOCKS = st.lists(
    st.sampled_from(["a", "b", "c", "d", "- e\n- f", "```\ng\n\nh\n```", "输出", "🙂"]), max_size=8
)


def text(parts: list[str]) -> str:
    return "\n\n".join(parts)


@given(BLOCKS)
def test_the_blocks_of_a_text_give_it_again(parts: list[str]) -> None:
    assert text(blocks(text(parts))) == text(parts)


@given(BLOCKS, BLOCKS)
def test_what_only_one_side_changed_is_taken(base: list[str], other: list[str]) -> None:
    assert merge(text(base), text(base), text(other)).text == text(other)
    assert merge(text(base), text(other), text(base)).text == text(other)
    assert merge(text(base), text(other), text(other)).text == text(other)


@given(BLOCKS, st.data())
def test_what_a_person_put_in_stays_and_so_does_what_we_changed_elsewhere(
    base: list[str], data: st.DataObject
) -> None:
    # Of two blocks that are the same nobody could say which one was changed.
    marked = [f"{block} {number}" for number, block in enumerate(base) if not block.startswith("```")]
    place = data.draw(st.integers(0, len(marked)))
    theirs = [*marked[:place], "by hand", *marked[place:]]
    others = [number for number in range(len(marked)) if number not in (place - 1, place)]
    changed = data.draw(st.sampled_from(others)) if others else None
    ours = ["by code" if number == changed else block for number, block in enumerate(marked)]
    merged = merge(text(marked), text(theirs), text(ours))
    assert merged.conflicts == ()
    found = blocks(merged.text)
    assert "by hand" in found
    assert ("by code" in found) == (changed is not None)
    assert [one for one in found if one != "by hand"] == ours


@given(BLOCKS, BLOCKS, BLOCKS)
def test_nothing_a_person_wrote_is_lost(base: list[str], theirs: list[str], ours: list[str]) -> None:
    written = [f"by hand {block}" for block in theirs if not block.startswith("```")]
    there = [*base[:2], *written, *base[3:]]
    merged = merge(text(base), text(there), text(ours))
    assert all(block in blocks(merged.text) for block in blocks(text(written)))
    if merged.conflicts:
        assert merged.text == text(there)


@given(BLOCKS, BLOCKS, BLOCKS)
def test_merging_the_outcome_again_changes_nothing(
    base: list[str], theirs: list[str], ours: list[str]
) -> None:
    once = merge(text(base), text(theirs), text(ours))
    assert merge(text(base), once.text, text(base)).text == once.text
