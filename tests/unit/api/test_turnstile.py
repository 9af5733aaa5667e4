"""Places for drafts that compute: few at a time, given away while a model is asked, and back."""

import threading

import pytest

from api.turnstile import Turnstile
from assistant.errors import Cancelled
from tests.support.waiting import until


def _go_on(done: int, total: int | None, message: str) -> None:
    pass


def test_who_waits_for_a_model_leaves_its_place_to_the_next() -> None:
    stile = Turnstile(1)
    entered = threading.Event()

    def next_one() -> None:
        with stile.place(_go_on):
            entered.set()

    with stile.place(_go_on) as place:
        second = threading.Thread(target=next_one)
        second.start()
        place.heed("step.started", {"step": "survey"})
        assert not entered.is_set()
        place.heed("step.started", {"step": "word"})
        assert entered.wait(10)
        second.join(10)
        place.heed("step.completed", {"step": "word"})
        with pytest.raises(Cancelled):
            stile.place(_stopped).__enter__()


def test_a_draft_that_ends_while_its_model_is_asked_gives_back_no_more_than_it_held() -> None:
    stile = Turnstile(1)
    with stile.place(_go_on) as place:
        place.heed("step.started", {"step": "word"})
    with stile.place(_go_on), pytest.raises(Cancelled):
        stile.place(_stopped).__enter__()


def _stopped(done: int, total: int | None, message: str) -> None:
    raise Cancelled("Stopped.", hint="")


def test_a_draft_whose_model_has_not_begun_goes_before_one_whose_model_is_done() -> None:
    stile = Turnstile(1)
    order: list[str] = []
    asked, go_on = threading.Event(), threading.Event()

    def worded() -> None:
        with stile.place(_go_on) as place:
            place.heed("step.started", {"step": "word"})
            asked.set()
            go_on.wait(10)
            place.heed("step.completed", {"step": "word"})
            order.append("worded")

    def new() -> None:
        with stile.place(_go_on):
            order.append("new")

    threads = [threading.Thread(target=worded), threading.Thread(target=new)]
    threads[0].start()
    assert asked.wait(10)
    with stile.place(_go_on):
        go_on.set()
        until(lambda: stile.waiting == 1)
        threads[1].start()
        until(lambda: stile.waiting == 2)
    for thread in threads:
        thread.join(10)
    assert order == ["new", "worded"]
