"""Windows of a hall: what is typed at one is seen at the others, and every state of the network is said in words."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import select, text

from desktop import settings
from desktop.commands.training_hall import TrainingHall
from desktop.models.application import Application
from desktop.models.catalog import Counter
from desktop.models.journal import Entry
from desktop.models.people import Party
from desktop.operations import access, hall, search, setup
from desktop.sample import PIN
from desktop.settings import Settings
from desktop.store import Store, utc_now
from desktop.sync import central, enrolment, worker
from desktop.sync.address import Address
from desktop.sync.enrolment import Enrolment
from desktop.ui import program
from desktop.ui.health import HealthScreen
from desktop.ui.join_front import JoinScreen
from desktop.ui.main_window import MainWindow
from tests.conftest import Clock
from tests.ui.conftest import focus
from tests.ui.hall import Windows, cell

PROJECT = Path(__file__).resolve().parent.parent.parent
Key = Qt.Key


def enrol(hall_: TrainingHall, name: str, folder: Path) -> tuple[Path, str]:
    """An administrator lets one more PC in: its file and its code."""
    store = Store.open(hall_.counters["Loket 7"])
    with store.reading() as session:
        desk = session.scalars(select(Counter).where(Counter.name == "Loket 8")).one()
    store.close()
    with psycopg.connect(hall_.server.dsn(hall_.database), autocommit=True) as connection:
        made = central.enrol(connection, label=name, agency_ids=desk.agency_ids, is_admin=False, counter_id=desk.id)
    where = Address("same machine", ("127.0.0.1",), hall_.wires["Loket 8"].port, made.db_role, made.secret,
                    database=hall_.database, node_id=made.node_id)
    path = folder / f"{name}.loket"
    return path, enrolment.write(path, Enrolment(where, "MPP Contoh", name), now=utc_now())


def day_list(window: MainWindow) -> list[str]:
    with window.store.reading() as session:
        desk = window.around.desk
        return [row.number for row in search.day_list(session, desk, desk.day(window.store.clock()))]


def test_what_is_saved_at_one_is_seen_at_the_other_and_a_cut_wire_costs_nothing(windows: Windows) -> None:
    seven, eight = windows.open("Loket 7"), windows.open("Loket 8")
    assert "Tersambung · data terbaru" in cell(eight)
    made = windows.receive(seven)
    windows.wait(lambda: made.number in day_list(eight))
    windows.hall.wires["Loket 8"].cut()
    windows.until(eight, "offline")
    away, alone = windows.receive(seven), windows.receive(eight)
    eight.centre.try_now()
    windows.wait(lambda: eight.centre.standing.pending > 0)
    said = cell(eight)
    assert "Jaringan putus sejak" in said and "pelayanan tetap jalan" in said and "catatan belum terkirim" in said
    assert away.number not in day_list(eight), "the control: the wire is really cut"
    windows.hall.wires["Loket 8"].heal()
    eight.centre.try_now()
    windows.wait(lambda: away.number in day_list(eight) and alone.number in day_list(seven))
    windows.until(eight, "in_step")
    assert "Tersambung" in cell(eight)
    # Every paper names its entry by the first characters of its hash, and all of them are at the centre.
    printed = {}
    for window in (seven, eight):
        with window.store.reading() as session:
            printed |= {eid: mark for eid, mark in session.execute(
                select(Entry.eid, Entry.hash).where(Entry.table_name == "paper_print"))}  # fmt: skip
    with psycopg.connect(windows.hall.server.dsn(windows.hall.database)) as connection:
        kept = dict(connection.execute("SELECT eid, hash FROM sync.journal").fetchall())
    assert len(printed) >= 3 and printed.items() <= kept.items()


def test_the_health_page_tells_of_every_counter_and_tries_again_by_a_key(windows: Windows) -> None:
    eight = windows.open("Loket 8")
    QTest.keyClick(focus() or eight, Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    page = eight.current()
    assert isinstance(page, HealthScreen)
    windows.wait(lambda: len(page.counters.rows.rows) == 2)
    here = next(pc for pc in page.counters.rows.rows if pc.is_here)
    assert (here.name, here.pending) == ("Loket 8", 0)
    facts = page._facts
    said = " ".join(facts.itemAt(place).widget().text() for place in range(facts.count()))
    for words in ("Loket 8", "127.0.0.1", "cadangan", setup.APP_VERSION, "sama dengan jam pusat"):
        assert words in said, words
    windows.hall.wires["Loket 8"].cut()
    windows.until(eight, "offline")
    windows.hall.wires["Loket 8"].heal()
    QTest.keyClick(focus() or eight, Key.Key_F9)
    windows.until(eight, "in_step")
    eight.show_screen("intake")
    line = eight.frame.status
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.cells["network"].geometry().center())
    assert eight.current() is page


def test_a_pc_that_was_shut_out_says_so_once_and_goes_on(windows: Windows) -> None:
    eight = windows.open("Loket 8")
    with psycopg.connect(windows.hall.server.dsn(windows.hall.database), autocommit=True) as connection:
        central.revoke(connection, "Loket 8")
    eight.centre.try_now()
    windows.until(eight, "refused")
    assert "Izin PC ini dicabut" in cell(eight) and "E-21" in cell(eight)
    assert "E-21" in eight.feedback.text()
    eight.feedback.clear()
    eight.hall_news._heard()
    assert eight.feedback.text() == "", "once is enough"
    assert windows.receive(eight).number in day_list(eight)


def test_a_pc_that_was_shut_out_comes_back_by_a_new_file_with_all_it_saved(windows: Windows, tmp_path: Path) -> None:
    eight = windows.open("Loket 8")
    QTest.keyClick(focus() or eight, Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    page = eight.current()
    assert not page._hall.isHidden() and page._join.isHidden(), "the control: nothing to join while all is well"
    with psycopg.connect(windows.hall.server.dsn(windows.hall.database), autocommit=True) as connection:
        central.revoke(connection, "Loket 8")
    eight.centre.try_now()
    windows.until(eight, "refused")
    made = windows.receive(eight)
    windows.wait(page._join.isVisible)
    facts = page._facts
    said = " ".join(facts.itemAt(place).widget().text() for place in range(facts.count()))
    assert "Minta admin mendaftarkan PC ini lagi, sebutkan kode E-21" in said
    path, code = enrol(windows.hall, "Loket 8", tmp_path)
    page.joining.file.set_typed(str(path))
    page.joining.code.set_value(code)
    QTest.keyClick(eight, Key.Key_F9)
    windows.until(eight, "in_step")
    windows.wait(lambda: eight.centre.pending() == 0)
    seven = windows.open("Loket 7")
    windows.wait(lambda: made.number in day_list(seven))
    assert "Tersambung" in cell(eight)


@pytest.mark.parametrize(("minutes", "words"), [(1, ""), (14, "Jam PC ini selisih 14 menit. Beri tahu admin.")])
def test_a_clock_that_is_wrong_is_said_in_red(windows: Windows, minutes: int, words: str) -> None:
    clock = Clock(utc_now() + timedelta(minutes=minutes))
    eight = windows.open("Loket 8", clock=clock)
    windows.wait(lambda: abs(eight.centre.standing.skew_ms) > 30_000)
    assert cell(eight, "clock").endswith(words)
    assert eight.frame.status.cells["clock"].kind == ("bad" if words else "muted")


def test_a_pc_that_has_a_centre_is_at_no_moment_said_to_stand_alone(windows: Windows) -> None:
    made = program.assemble(windows.hall.counters["Loket 8"])
    windows.programs.append(made)
    said = [cell(made.window)]
    made.window.centre.changed.connect(lambda: said.append(cell(made.window)))
    made.begin()
    windows.until(made.window, "in_step")
    assert said[0] == "Menyambung ke pusat data …" and said[-1].startswith("Tersambung")
    assert not any("berdiri sendiri" in words for words in said)


def test_a_pc_alone_never_loads_the_network(tmp_path: Path, training_hall: TrainingHall) -> None:
    script = (
        "import sys; from pathlib import Path; from desktop.ui import program;"
        "made = program.assemble(Path(sys.argv[1])); made.begin(); made.background.close();"
        "program.application().processEvents(); print('psycopg' in sys.modules); made.close()"
    )

    def loads(folder: Path) -> str:
        done = subprocess.run([sys.executable, "-c", script, str(folder)], cwd=PROJECT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert loads(tmp_path / "alone") == "False"
    assert loads(training_hall.counters["Loket 8"]) == "True", "the control"


def test_a_new_pc_comes_in_by_file_and_code_and_its_officer_signs_in(windows: Windows, tmp_path: Path) -> None:
    path, code = enrol(windows.hall, "Loket 8 B", tmp_path)
    window = windows.begin(tmp_path / "new")
    wizard = window.current()
    QTest.keyClick(focus(), Key.Key_Down)
    QTest.keyClicks(focus(), "3")
    QTest.keyClick(window, Key.Key_F9)
    page = window.current()
    assert wizard is not page and isinstance(page, JoinScreen)
    QTest.keyClicks(focus(), str(path))
    QTest.keyClick(focus(), Key.Key_Enter)
    QTest.keyClicks(focus(), "AAAAAAAAAA")
    QTest.keyClick(window, Key.Key_F9)
    windows.wait(lambda: not page.joining.is_busy)
    assert "Kode tidak cocok" in page.joining.code.sentence()
    assert page.joining.file.sentence() == "", "a place that was typed is as good as one of the list"
    page.joining.code.clear()
    # The network goes down just after the file was used: what came stays, and it goes on by itself.
    window.centre.changed.connect(lambda: None)
    page.joining.code.set_value(code)
    QTest.keyClick(window, Key.Key_F9)
    windows.wait(lambda: window.centre.address is not None)
    windows.hall.wires["Loket 8"].cut()
    windows.until(window, "offline")
    assert "diteruskan sendiri" in page.joining.progress.text()
    windows.hall.wires["Loket 8"].heal()
    window.centre.try_now()
    windows.wait(lambda: page.where.isVisible())
    assert page.where.text() == "PC ini sekarang Loket 8 di Mal Pelayanan Publik Kabupaten Contoh."
    page.officer.who.set_value(windows.hall.officers["Loket 8"])
    page.officer.pin.set_value(PIN)
    page.officer.again.set_value(PIN)
    QTest.keyClick(window, Key.Key_F9)
    QTest.keyClicks(focus(), PIN)
    assert window.current().name == "intake"
    with window.store.reading() as session:
        assert setup.villages(session)
        assert 101 <= hall.this_pc(session).codes[0] < 900


def test_a_join_that_was_cut_off_goes_on_at_the_next_start(windows: Windows, tmp_path: Path) -> None:
    path, code = enrol(windows.hall, "Loket 8 B", tmp_path)
    folder = tmp_path / "new"
    Store.open(folder).close()
    enrolment.take(folder, path, code, now=utc_now())  # and then the power went
    window = windows.begin(folder)
    page = window.current()
    assert isinstance(page, JoinScreen)
    windows.wait(lambda: page.where.isVisible())
    assert "Loket 8" in page.where.text()


def test_a_pc_that_stood_alone_keeps_its_files_and_pins(windows: Windows, tmp_path: Path) -> None:
    path, code = enrol(windows.hall, "Loket 8 B", tmp_path)
    folder = tmp_path / "alone"
    store = Store.open(folder)
    with store.saving(None) as session:
        _counter, officer = setup.first_run(session, setup.FirstRun(officer_name="Wati", pin=PIN),
                                            setup.shipped_catalogue())
    store.close()
    settings.save(folder, Settings(training=True))
    window = windows.begin(folder)
    window.sign_in(officer)
    made = windows.receive(window)
    window.show_screen("health")
    page = window.current()
    page.joining.file.set_typed(str(path))
    page.joining.code.set_value(code)
    QTest.keyClick(window, Key.Key_F9)
    windows.wait(lambda: "Loket 8" in window.frame.head.place.whole)
    assert "Berkas dan PIN tetap ada" in window.feedback.text()
    assert made.number in day_list(window)
    with window.store.saving(None) as session:
        assert access.sign_in(session, officer, PIN).officer is not None
    seven = windows.open("Loket 7")
    windows.wait(lambda: made.number in day_list(seven))
    after = windows.receive(window)
    assert made.number[6:9] != after.number[6:9], "numbers come from the code the centre gave"


def test_two_edits_that_met_are_an_amber_line_and_one_digit_settles_it(windows: Windows) -> None:
    seven, eight = windows.open("Loket 7"), windows.open("Loket 8")
    made = windows.receive(seven)
    windows.wait(lambda: made.number in day_list(eight))
    windows.hall.wires["Loket 8"].cut()
    windows.until(eight, "offline")
    for window, phone in ((eight, "+628120000008"), (seven, "+628120000007")):
        with window.store.saving(window.around.desk.officer_id) as session:
            party = session.scalars(select(Party).where(
                Party.application_id == made.application_id, Party.role == "applicant")).one()
            party.phone = phone
    windows.hall.wires["Loket 8"].heal()
    eight.centre.try_now()
    eight.show_screen("today", made.application_id)
    screen = eight.current()
    windows.wait(lambda: bool(screen.conflicts.met))
    said = screen.conflicts._lines[0].text()
    assert said.startswith("Nomor HP diubah di Loket 8 dan Loket 7. Yang dipakai: Loket 7, pukul"), said
    eight.show_screen("health")
    assert [met.fields for met in eight.current().conflicts.rows.rows] == [("phone",)]
    QTest.keyClick(eight, Key.Key_F6)
    assert "0812-••••-008" in answers(eight)
    QTest.keyClick(focus(), Key.Key_Escape)
    eight.show_screen("today", made.application_id)
    QTest.keyClick(eight, Key.Key_F6)
    assert "0812-••••-007" in answers(eight) and "0812-••••-008" in answers(eight)
    QTest.keyClicks(focus(), "2")
    windows.wait(lambda: not screen.conflicts.met)

    def phone_at(window: MainWindow) -> str | None:
        with window.store.reading() as session:
            return session.scalars(select(Party.phone).where(Party.application_id == made.application_id,
                                                             Party.role == "applicant")).one()

    windows.wait(lambda: phone_at(seven) == "+628120000008")


def answers(window: MainWindow) -> str:
    return " ".join(button.accessibleName() for button in window.feedback.findChildren(QPushButton))


def test_a_number_that_is_not_here_is_fetched_and_shown_without_persons(
    windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    seven = windows.open("Loket 7")
    made = windows.receive(seven)
    windows.until(seven, "in_step")
    windows.wait(lambda: seven.centre.standing.pending == 0)
    monkeypatch.setattr(worker, "pull", lambda _store, _link: 0)  # as in the moment before it is read
    eight = windows.open("Loket 8")
    with eight.store.reading() as session:
        assert not session.scalars(select(Application).where(Application.number == made.number)).all(), "the control"
    eight.scans.take(made.number)
    windows.wait(lambda: eight.scans.shown is not None and eight.scans.shown.card is not None)
    assert eight.scans.shown.card.state == "REGISTERED"
    with eight.store.reading() as session:
        assert session.execute(text("SELECT count(*) FROM party WHERE application_id = :id"),
                               {"id": made.application_id}).scalar_one() == 0
