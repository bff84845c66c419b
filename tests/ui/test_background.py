"""Work elsewhere, its answer here; news of saves come to the UI thread as one."""

import threading
import weakref

import pytest
from PySide6.QtCore import QObject, QTimer
from shiboken6 import delete

from desktop.ui.background import AtOnce, Worker
from desktop.ui.changes import Changes


@pytest.fixture
def worker(qapp):
    worker = Worker()
    yield worker
    worker.close()


def test_the_result_comes_back_on_the_ui_thread(worker, qtbot):
    owner, came = QObject(), []
    worker.run(owner, threading.get_ident, lambda result: came.append((result, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(came))
    there, here = came[0]
    assert there != here == threading.get_ident()


def test_a_failure_comes_back_too(worker, qtbot):
    owner, failed = QObject(), []
    worker.run(owner, lambda: 1 / 0, lambda _result: None, failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], ZeroDivisionError)


def test_a_failure_nobody_expected_is_raised(worker, qtbot):
    owner = QObject()
    with qtbot.captureExceptions() as caught:
        worker.run(owner, lambda: 1 / 0, lambda _result: None)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError


def test_nobody_waits_for_an_answer_any_more(worker, qtbot):
    gone, owner, came = QObject(), QObject(), []
    go = threading.Event()
    worker.run(gone, go.wait, came.append)
    delete(gone)
    go.set()
    worker.run(owner, lambda: "second", came.append)
    qtbot.waitUntil(lambda: bool(came))
    assert came == ["second"]


def test_work_is_done_in_turn_by_one_thread(worker, qtbot):
    owner, came = QObject(), []
    for place in range(20):
        worker.run(owner, lambda place=place: (place, threading.get_ident()), came.append)
    qtbot.waitUntil(lambda: len(came) == 20)
    assert [place for place, _thread in came] == list(range(20))
    assert len({thread for _place, thread in came}) == 1


def test_who_waited_is_let_go_of_where_it_was_made(worker, qtbot):
    gone: list[tuple[str, int]] = []

    def wait_for(name: str, work) -> list:
        # The answer is the last that knows of its owner: a timer destroyed in another thread crashes the program.
        owner, came = QObject(), []
        QTimer(owner).start(60_000)
        weakref.finalize(owner, lambda: gone.append((name, threading.get_ident())))
        worker.run(owner, lambda: work(owner), came.append, came.append)
        return came

    for name, work in (("result", lambda owner: 1), ("failure", lambda owner: owner.nothing)):
        came = wait_for(name, work)
        qtbot.waitUntil(lambda came=came: bool(came))
        came.clear()  # the failure's traceback knows the owner too
    other, done = QObject(), []
    worker.run(other, lambda: None, done.append)  # the thread turns to something else
    qtbot.waitUntil(lambda: bool(done))
    assert gone == [("result", threading.get_ident()), ("failure", threading.get_ident())]


def test_closing_finishes_what_was_given(qapp):
    worker, done = Worker(), []
    for place in range(5):
        worker.run(QObject(), lambda place=place: done.append(place), lambda _result: None)
    worker.close()
    assert done == list(range(5))


def test_at_once_is_at_once(qapp):
    owner, came = QObject(), []
    AtOnce().run(owner, lambda: 7, came.append)
    AtOnce().run(owner, lambda: 1 / 0, came.append, came.append)
    assert came[0] == 7
    assert isinstance(came[1], ZeroDivisionError)


def test_several_saves_are_one_piece_of_news(qtbot, store):
    changes, told = Changes(store), []
    changes.happened.connect(lambda tables: told.append(tables))
    store.announce(frozenset({"party"}))
    store.announce(frozenset({"application", "party"}))
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert told == [frozenset({"party", "application"})]


def test_news_from_another_thread_arrive_here(qtbot, store):
    changes, told = Changes(store), []
    changes.happened.connect(lambda tables: told.append((tables, threading.get_ident())))
    thread = threading.Thread(target=store.announce, args=(frozenset({"visit"}),))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(frozenset({"visit"}), threading.get_ident())]
