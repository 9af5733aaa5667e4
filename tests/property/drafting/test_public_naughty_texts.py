"""Public lists of texts that break software can't act in a rendered draft."""

import json
from pathlib import Path

import pytest

from assistant.drafting.render import render
from tests.support.naughty import draft_holding
from tests.support.reading import html_dangers, markdown_dangers

SHARED = Path(__file__).parents[4] / "shared" / "data" / "text"
SHARE = 6
"""Every sixth one is taken: all take ten seconds and say the same."""


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not on this machine")
@pytest.mark.parametrize("source", ["blns.json", "xss-payload-list.txt"])
def test_public_lists_of_naughty_texts_cannot_act(source: str) -> None:
    content = (SHARED / source).read_text(encoding="utf-8")
    texts = json.loads(content) if source.endswith("json") else content.splitlines()[::SHARE]
    texts = [text for text in texts if text.strip()]
    assert len(texts) > 400
    draft = draft_holding(texts)
    assert html_dangers(render(draft, "html")) == []
    assert markdown_dangers(render(draft, "md").decode()) == []
