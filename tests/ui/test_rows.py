"""Tables: declared columns, a state as icon and word, and the cursor that stays on its row."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from desktop.ui.rows import Column, Rows, Table
from tests.ui.conftest import press


@dataclass
class File:
    number: str
    name: str
    kind: str = "good"


FILES = [File("0041-3", "Sri Wahyuni"), File("0040-5", "<b>Bambang</b>", "warning"), File("0039-1", "Nur Aini")]


@pytest.fixture
def table(qtbot):
    rows = Rows([
        Column("Nomor", lambda file: file.number, 120),
        Column("Pemohon", lambda file: file.name),
        Column("Status", lambda file: "Terdaftar", 140, mark=lambda file: (file.kind, "")),
    ], key=lambda file: file.number)
    tester = QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table = Table("files", "Berkas hari ini", rows)
    table.tester = tester
    table.show_rows(FILES)
    table.resize(600, 300)
    qtbot.addWidget(table)
    table.show()
    return table


def test_cells_read_as_declared(table):
    model = table.model()
    assert model.index(1, 1).data() == "<b>Bambang</b>"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Nomor"
    assert not model.index(1, 2).data(Qt.ItemDataRole.DecorationRole).isNull()
    assert model.index(1, 2).data() == "Terdaftar"
    assert table.accessibleName() == "Berkas hari ini"


def widths(table):
    QTest.qWait(5)
    return [table.columnWidth(place) for place in range(3)]


def test_who_is_meant_can_be_read_in_a_narrow_table(table):
    assert widths(table)[::2] == [120, 140], "as declared, where there is room"
    table.resize(380, 300)
    number, name, state = widths(table)
    assert number < 120 and state < 140 and name > 150
    assert number >= table.sizeHintForColumn(0) and state >= table.sizeHintForColumn(2), "nothing else is cut for it"
    table.setWordWrap(True)
    table.resize(370, 300)
    assert widths(table)[::2] == [120, 140], "where words wrap, what has an icon keeps its line"
    table.setWordWrap(False)
    table.resize(600, 300)
    assert widths(table)[::2] == [120, 140]


def test_what_the_mouse_made_wider_stays_wide_when_rows_come(table):
    head = table.horizontalHeader().viewport()
    edge = QPoint(table.columnWidth(0) - 1, 10)
    QTest.mousePress(head, Qt.MouseButton.LeftButton, pos=edge)
    QTest.mouseMove(head, edge + QPoint(40, 0))
    QTest.mouseRelease(head, Qt.MouseButton.LeftButton, pos=edge + QPoint(40, 0))
    assert widths(table)[0] == 160
    table.show_rows(FILES[:1])
    table.resize(640, 300)
    assert widths(table)[::2] == [160, 140]


def test_a_column_that_yields_comes_back_as_wide_as_it_was(qtbot):
    rows = Rows([
        Column("Nama", lambda file: file.name), Column("Singkatan", lambda file: "SW", 150, yields=True),
        Column("Status", lambda file: "Terdaftar di Loket 7", 160),
    ])  # fmt: skip
    table = Table("files", "Berkas", rows)
    table.show_rows(FILES)
    qtbot.addWidget(table)
    table.show()
    for width, is_hidden in ((700, False), (300, True), (700, False)):
        table.resize(width, 300)
        assert table.isColumnHidden(1) is is_hidden
        assert is_hidden or widths(table)[1:] == [150, 160]


def test_no_column_is_narrower_than_its_title(qtbot):
    rows = Rows([Column("Kedaluwarsa sejak", lambda file: "–", 60), Column("Nama", lambda file: file.name)])
    table = Table("files", "Berkas", rows)
    table.show_rows(FILES)
    qtbot.addWidget(table)
    table.show()
    assert table.columnWidth(0) >= table.horizontalHeader().sectionSizeHint(0) > 60


def test_enter_and_double_click_open_the_row(qtbot, table):
    table.select_key("0040-5")
    with qtbot.waitSignal(table.opened) as told:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert told.args == [FILES[1]]
    place = table.visualRect(table.model().index(2, 1)).center()
    with qtbot.waitSignal(table.opened) as told:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [FILES[2]]


def test_the_cursor_stays_on_its_row_when_rows_come(table):
    table.select_key("0040-5")
    table.show_rows([File("0042-1", "Baru"), *FILES])
    assert table.current().number == "0040-5"
    table.show_rows([FILES[0]])
    assert table.current() is None


def test_an_empty_table_opens_nothing(qtbot, table):
    table.show_rows([])
    with qtbot.assertNotEmitted(table.opened):
        QTest.keyClick(table, Qt.Key.Key_Return)
        press(table, Qt.Key.Key_Return, repeated=True)


def test_arrows_tell_where_the_cursor_is(qtbot, table):
    table.select_key("0041-3")
    with qtbot.waitSignal(table.picked) as told:
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert told.args == [FILES[1]]


@pytest.mark.parametrize(("scrolled", "new_is_seen"), [(0, True), (400, False)])
def test_news_moves_nothing_under_the_eyes(table, scrolled, new_is_seen):
    many = [File(f"{number:04}-1", "Sri") for number in range(100, 0, -1)]
    table.show_rows(many)
    table.selectRow(0)
    table.verticalScrollBar().setValue(scrolled)

    def on_top() -> str:
        return table.rows.rows[table.rowAt(1)].number

    before = on_top()
    table.show_rows([File("0101-1", "Baru"), *many])
    assert table.current().number == "0100-1"
    assert on_top() == ("0101-1" if new_is_seen else before)


def test_the_row_of_the_cursor_stays_in_sight(table):
    many = [File(f"{number:04}-1", "Sri") for number in range(100, 0, -1)]
    table.show_rows(many)
    table.selectRow(table.rowAt(table.viewport().height() - 1) - 1)
    table.show_rows([*(File(f"{number:04}-1", "Baru") for number in range(105, 100, -1)), *many])
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
