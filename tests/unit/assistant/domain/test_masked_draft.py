"""Drafts as they are shown, whatever characters stand in them."""

from assistant.domain.personal.views import masked_draft
from tests.support.drafts import same_json, valid_draft


def test_personal_data_is_masked_beside_half_a_surrogate_pair() -> None:
    plain = valid_draft(checked=True)
    shown = masked_draft(
        plain.model_copy(update={"brief": "ask jane.doe@example.com \ud83d", "title": "a \udc00 b"})
    )
    assert "jane.doe" not in shown.brief
    assert shown.brief.endswith(" \ud83d")
    assert shown.title == "a \udc00 b"
    assert same_json(shown.model_copy(update={"brief": plain.brief, "title": plain.title}), plain)
