"""The day in figures: every number opens its list, by keyboard and mouse, and the paper says the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from sqlalchemy import select

from desktop.models.application import Application
from desktop.operations import issuing
from desktop.operations.figures import Figure
from desktop.store import Store
from desktop.ui import style
from desktop.ui.entries import Entry
from desktop.ui.figure_cards import Card
from desktop.ui.main_window import MainWindow
from desktop.ui.summary import SummaryScreen
from desktop.ui.today import TodayScreen
from tests.conftest import Clock
from tests.operations.small_hall import BUDI, KK, KTP, RINI, SARI, AtTheDesk

pytestmark = pytest.mark.xcb
KEY = Qt.Key
ENTRIES = (
    Entry("Hari ini", "list-checks", TodayScreen, "F4"),
    Entry("Ringkasan harian", "chart-column", SummaryScreen),
)


@pytest.fixture
def window(desk: AtTheDesk, clock: Clock, make_window: Callable[..., MainWindow]) -> MainWindow:
    """A day with something in every figure: 5 received (2 complete, 2 returned, 1 void), and a short file of Friday."""
    clock.forward(days=-3)
    old = desk.receive(KTP, "Lama", missing=("PHOTO",))
    clock.forward(days=3)
    desk.receive(KTP, "Siti Aminah", minutes=3)
    first = desk.receive(KK, "Nur Aini")
    clock.forward(hours=1)
    desk.as_officer(BUDI).receive(KTP, "Bambang", missing=("PHOTO", "POLICE"))
    desk.as_officer(BUDI).receive(KTP, "Wahyu", faulty=("PHOTO",), minutes=9)
    desk.undo(desk.receive(KK, "Keliru"))
    clock.forward(hours=2)
    desk.receive(KTP, "Lama", file=old.application_id)
    desk.visit("consulted")
    with desk.store.saving(RINI) as session:
        issuing.reprint(session, desk.desk, first.application_id, "lost")
    made = make_window(desk.store, signed_in=False, entries=ENTRIES)
    made.sign_in(SARI)
    made.show_screen("summary")
    return made


@pytest.fixture
def screen(window: MainWindow) -> SummaryScreen:
    found = window.current()
    assert isinstance(found, SummaryScreen)
    return found


def press(window: QWidget, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)


def figures(screen: SummaryScreen) -> dict[str, str]:
    return {
        figure.value: " ".join(filter(None, (card.value.text(), card.part.whole)))
        for figure, card in screen.cards.items()
        if card.isVisible()
    }


def names(window: MainWindow) -> list[str]:
    today = window.current()
    assert isinstance(today, TodayScreen)
    return [row.applicant for row in today.files.table.rows.rows]


def text_of(screen: QWidget, name: str) -> str:
    label = screen.findChild(QLabel, name)
    return getattr(label, "whole", "") or (label or screen.findChild(style.Mark, name)).text()


def test_the_cards_and_the_line_above_them(screen: SummaryScreen) -> None:
    assert figures(screen) == {
        "received": "5", "complete": "2 40%", "returned": "2 40%", "void": "1 20% · 1 diurungkan",
        "later": "1", "visits": "1 1 konsultasi", "reprints": "1 1 hilang",
    }  # fmt: skip
    assert text_of(screen, "summary_check") == "jumlah cocok"
    assert text_of(screen, "summary_scope") == "keadaan pukul 11.12 · Angka loket ini saja."
    assert text_of(screen, "summary_remarks").startswith("Nomor urut 0001–0005: 5 terbit, 1 dibatalkan (0005-")
    assert text_of(screen, "summary_length") == "umumnya 4 menit; 9 dari 10 di bawah 10 menit"
    assert [(share.name, share.received) for share in screen.services.rows.rows] == [
        ("KTP-el hilang", 3),
        ("Kartu Keluarga baru", 2),
    ]
    assert [share.name for share in screen.officers.rows.rows] == ["Budi", "Rini"]
    most = screen.missing.rows.rows[0]
    assert (most.name, most.count) == ("Pas foto 3×4", 2)


def test_enter_on_a_figure_opens_the_very_list_it_counts(window: MainWindow, screen: SummaryScreen) -> None:
    for figure, card in screen.cards.items():
        if not card.isVisible():
            continue
        told = int(card.value.text())
        card.setFocus()
        press(window, KEY.Key_Return)
        assert len(names(window)) == told, figure
        assert text_of(window.current(), "today_what").endswith("Senin, 23 November 2026")
        press(window, KEY.Key_Escape)
        assert window.current() is screen
    QTest.mouseClick(screen.cards[Figure.LATER], Qt.MouseButton.LeftButton)
    assert names(window) == ["Lama"]


def test_arrows_walk_the_cards(window: MainWindow, screen: SummaryScreen) -> None:
    assert screen.cards[Figure.RECEIVED].hasFocus()
    press(window, KEY.Key_Right)
    press(window, KEY.Key_Right)
    assert screen.cards[Figure.RETURNED].hasFocus()
    press(window, KEY.Key_Left)
    assert screen.cards[Figure.COMPLETE].hasFocus()


@pytest.mark.parametrize(
    ("table", "row", "expected"),
    [
        ("services", 0, ["Wahyu", "Bambang", "Siti Aminah"]),
        ("officers", 0, ["Wahyu", "Bambang"]),
        ("missing", 0, ["Wahyu", "Bambang"]),
    ],
)
def test_a_line_of_a_table_opens_its_list(
    window: MainWindow, screen: SummaryScreen, table: str, row: int, expected: list[str]
) -> None:
    shown = getattr(screen, table)
    shown.selectRow(row)
    shown.setFocus()
    press(window, KEY.Key_Return)
    assert names(window) == expected


def test_an_hour_is_chosen_and_opened(window: MainWindow, screen: SummaryScreen) -> None:
    chart = screen.hours.chart
    assert chart.accessibleDescription() == (
        "08.00–09.00: 2 lengkap, 0 dikembalikan, 0 dibatalkan; 09.00–10.00: 0 lengkap, 2 dikembalikan, 1 dibatalkan"
    )
    chart.setFocus()
    press(window, KEY.Key_Right)
    press(window, KEY.Key_Return)
    assert names(window) == ["Keliru", "Wahyu", "Bambang"]
    press(window, KEY.Key_Escape)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart._slot(0).center().toPoint())
    assert names(window) == ["Nur Aini", "Siti Aminah"]


def test_the_chart_has_a_table_twin(window: MainWindow, screen: SummaryScreen) -> None:
    assert not screen.hours.table.isVisible()
    QTest.mouseClick(screen.hours.other, Qt.MouseButton.LeftButton)
    assert screen.hours.table.isVisible() and screen.hours.other.accessibleName() == "Grafik"
    assert [column.text(screen.hours.table.rows.rows[1]) for column in screen.hours.table.rows.columns] == [
        "09.00–10.00",
        "0",
        "2",
        "1",
    ]
    screen.hours.table.selectRow(1)
    screen.hours.table.setFocus()
    press(window, KEY.Key_Return)
    assert len(names(window)) == 3


def test_the_chart_paints_every_part(screen: SummaryScreen) -> None:
    chart = screen.hours.chart
    picture = chart.grab().toImage()
    seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert {"#3b82b8", "#d9892b", "#c0574d"} <= seen


def test_page_keys_change_the_day_from_anywhere(window: MainWindow, screen: SummaryScreen) -> None:
    assert not screen.act("PgDown").enabled
    for widget in (screen.cards[Figure.RECEIVED], screen.services, screen.hours.chart):
        widget.setFocus()
        press(window, KEY.Key_PageUp)
    assert text_of(screen, "day_shown") == "Jumat, 20 November 2026"
    assert figures(screen)["returned"] == "1 100% · 1 sudah dilengkapi"
    assert text_of(screen, "summary_scope") == "keadaan 23 November pukul 11.12 · Angka loket ini saja."
    QTest.mouseClick(screen.findChild(QPushButton, "day_after"), Qt.MouseButton.LeftButton)
    assert text_of(screen, "day_shown") == "Sabtu, 21 November 2026"
    press(window, KEY.Key_Escape)
    assert text_of(screen, "day_shown") == "Senin, 23 November 2026"


def test_a_closed_day_shows_dashes_and_an_open_one_noughts(
    window: MainWindow, screen: SummaryScreen, clock: Clock
) -> None:
    press(window, KEY.Key_PageUp)
    assert set(figures(screen).values()) == {"–"}
    assert text_of(screen, "summary_remarks").startswith("Loket tidak buka pada tanggal ini.")
    clock.forward(days=1)
    press(window, KEY.Key_Escape)
    assert set(figures(screen).values()) == {"0"}
    assert text_of(screen, "summary_remarks") == "Belum ada berkas hari ini."
    assert text_of(screen, "summary_length") == "–"


def test_news_change_the_figures(window: MainWindow, screen: SummaryScreen, desk: AtTheDesk) -> None:
    desk.receive(KTP, "Baru")
    QApplication.processEvents()
    assert figures(screen)["received"] == "6"


def test_an_officer_sees_their_own_day_and_prints_nothing(window: MainWindow) -> None:
    window.sign_in(BUDI)
    window.show_screen("summary")
    QApplication.processEvents()
    screen = window.current()
    assert isinstance(screen, SummaryScreen)
    assert figures(screen)["received"] == "2"
    assert text_of(screen, "summary_scope").endswith("Angka Anda sendiri di loket ini.")
    assert screen.act("F9") is None and not screen.officers.isVisible()
    press(window, KEY.Key_F9)
    assert not list(Path(screen.around.printing.folder).glob("ringkasan*"))


def test_f9_makes_the_paper_of_the_day_that_is_shown(window: MainWindow, screen: SummaryScreen) -> None:
    press(window, KEY.Key_F9)
    QApplication.processEvents()
    path = Path(screen.around.printing.folder) / "ringkasan-harian-2026-11-23.pdf"
    assert window.feedback.text() == f"Ringkasan disimpan: {path}"
    pdf = pypdfium2.PdfDocument(path)
    text = pdf[0].get_textpage().get_text_bounded()
    pdf.close()
    for words in ("RINGKASAN HARIAN", "Senin, 23 November 2026", "KTP-el hilang", "Pas foto 3×4", "Angka loket ini"):
        assert words in text


def test_a_sum_that_does_not_agree_is_seen(window: MainWindow, screen: SummaryScreen, store: Store) -> None:
    with store.arriving() as connection:
        gone = connection.execute(select(Application.id).limit(1).order_by(Application.id.desc())).scalar_one()
        connection.execute(Application.__table__.delete().where(Application.id == gone))
    screen.refresh()
    assert text_of(screen, "summary_check") == "jumlah TIDAK cocok"
    assert screen.check.kind == "bad" and "Beri tahu admin." in text_of(screen, "summary_remarks")


def test_it_fits_the_window_without_scrolling(window: MainWindow, screen: SummaryScreen) -> None:
    window.resize(1366, 768)
    QApplication.processEvents()
    area = screen.findChild(QWidget, "scrolled").parentWidget().parentWidget()
    assert area.verticalScrollBar().maximum() == 0


def test_everything_that_takes_the_focus_has_a_name(screen: SummaryScreen) -> None:
    for widget in screen.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
            assert widget.accessibleName(), widget.objectName()


def test_what_a_screen_reader_is_told_of_a_card(screen: SummaryScreen) -> None:
    assert screen.cards[Figure.COMPLETE].accessibleName() == "Langsung lengkap: 2 40%"
    assert all(isinstance(card, Card) for card in screen.cards.values())


def test_another_language_keeps_the_day(window: MainWindow, screen: SummaryScreen) -> None:
    press(window, KEY.Key_PageUp)
    window.wear(language="en", theme="dark")
    after = window.current()
    assert isinstance(after, SummaryScreen) and after is not screen
    assert text_of(after, "day_shown") == "Sunday, 22 November 2026"
