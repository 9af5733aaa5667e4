"""A model's stories are counted as it answered them, too: a refused wording is put back in its story, and nowhere else."""

from assistant.domain.draft import Removal
from evals.bench.quality import as_answered
from evals.reading.prose import stories
from evals.sample import sample_draft


def test_a_refused_wording_is_put_back_in_its_story() -> None:
    draft = sample_draft()
    removed = (
        Removal(where="US-1", text="to fly / I am fast", reason="it isn't said"),
        Removal(where="C1", text="Everyone can't open it.", reason="it isn't said"),
    )
    provenance = draft.provenance.model_copy(update={"removed": removed})
    first, second = stories(as_answered(draft.model_copy(update={"provenance": provenance})))
    assert (first.want, first.benefit) == ("to fly", "I am fast")
    assert second == stories(draft)[1]
