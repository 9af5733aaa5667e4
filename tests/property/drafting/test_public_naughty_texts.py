"""Public lists of texts that break software can't act in a rendered draft."""

import json
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from assistant.drafting.formats.render import render
from evals.documents.safety import find_foreign
from tests.support.naughty import draft_holding
from tests.support.reading import html_dangers, markdown_dangers

SHARED = Path(__file__).parents[4] / "shared" / "data" / "text"
SHARE = 6
"""Every sixth one is taken: all take ten seconds and say the same."""
PAGE_FIELDS = {'<w:fldSimple w:instr="PAGE">', '<w:fldSimple w:instr="NUMPAGES">'}


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
    with ZipFile(BytesIO(render(draft_holding(texts[::10]), "docx"))) as document:
        parts = {name: document.read(name).decode() for name in document.namelist() if ".xml" in name}
        for name, content in parts.items():
            # Fields, embedded objects, macros and links to elsewhere are what a Word file can act with.
            assert 'TargetMode="External"' not in content, name
            assert "<w:instrText" not in content, name
            # The footer's numbers of pages are the one kind of field that is ours.
            assert set(re.findall(r"<w:fldSimple\b[^>]*>", content)) <= PAGE_FIELDS, name
            assert "<w:object" not in content, name
        assert not [name for name in document.namelist() if "vba" in name.lower() or "embed" in name.lower()]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not on this machine")
def test_the_graders_see_nearly_all_payloads_of_the_public_list_in_prose() -> None:
    texts = (SHARED / "xss-payload-list.txt").read_text(encoding="utf-8").splitlines()[::SHARE]
    texts = [text for text in texts if text.strip()]
    missed = [text for text in texts if next(find_foreign(text, ""), None) is None]
    # Measured over all 6,613: the rest are bare words of a script, such as `alert`, without anything that runs them.
    assert len(missed) / len(texts) <= 0.005, missed
