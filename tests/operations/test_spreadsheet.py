"""Files made to harm or saved by any program: unpacked within limits, looked at, and refused with their place."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.errors import UserError
from desktop.operations import spreadsheet
from desktop.operations.spreadsheet import MAX_BYTES, Row, SpreadsheetError, read_sheets


def book(fill: Any = None) -> bytes:
    """A file with one sheet "A", titles in its first row, and what ``fill(book, sheet)`` adds."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet("A")
    for place, title in enumerate(("Kode", "Lembar")):
        sheet.write_string(0, place, title)
    if fill is not None:
        fill(made, sheet)
    made.close()
    return out.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The same file with parts (by their names, "/" written as "__") replaced or added."""
    out = io.BytesIO()
    new = {name.replace("__", "/"): content for name, content in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in old.namelist():
            if name not in new:
                made.writestr(name, old.read(name))
        for name, content in new.items():
            made.writestr(name, content)
    return out.getvalue()


def refused(data: bytes | Path) -> str:
    with pytest.raises(SpreadsheetError) as caught:
        read_sheets(data)
    return " ".join(fault.words for fault in caught.value.faults)


def test_cells_are_read_as_tidy_text() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_string(1, 0, "  KTP \t FC\u200b ")
        sheet.write_number(1, 1, 2.0)
        sheet.write_boolean(3, 1, True)

    (sheet,) = read_sheets(book(fill))
    assert sheet.titles == ["Kode", "Lembar"]
    assert sheet.rows == [Row(2, {"Kode": "KTP FC", "Lembar": "2"}), Row(4, {"Kode": "", "Lembar": "ya"})]


def _date(made: Any, sheet: Any) -> None:
    sheet.write_datetime(1, 1, date(2026, 11, 23), made.add_format({"num_format": "yyyy-mm-dd"}))


def _outside(column: int, row: int) -> Any:
    return lambda _book, sheet: sheet.write_string(row, column, "x")


@pytest.mark.parametrize(("fill", "said"), [
    (lambda _b, s: s.write_formula(1, 1, "=1+1", None, 2), "Lembar A, baris 2, kolom B: berisi rumus."),
    (lambda _b, s: s.write_string(1, 1, "@SUM(A1)"), 'kolom Lembar: teks tidak boleh dimulai dengan "@".'),
    (lambda _b, s: s.write_string(1, 1, " \u200b=1"), 'kolom Lembar: teks tidak boleh dimulai dengan "=".'),
    (lambda _b, s: s.write_string(1, 1, "-2+3"), 'kolom Lembar: teks tidak boleh dimulai dengan "-".'),
    (lambda _b, s: s.merge_range(1, 0, 2, 1, "x"), "Lembar A, baris 2, kolom A: sel digabung."),
    (lambda _b, s: s.write_number(1, 1, 0.5), "Lembar A, baris 2, kolom Lembar: 0.5 bukan bilangan bulat."),
    (lambda _b, s: s.write_string(1, 1, "x" * 2001), "kolom Lembar: lebih panjang dari 2.000 huruf."),
    (_date, "kolom Lembar: berisi tanggal atau jam."),
    (_outside(16_383, 1), "Lembar A, baris 2: di luar batas 5.000 baris dan 60 kolom."),
    (_outside(0, 1_048_575), "Lembar A, baris 1048576: di luar batas 5.000 baris dan 60 kolom."),
])  # fmt: skip
def test_what_is_wrong_is_told_with_sheet_row_and_column(fill: Any, said: str) -> None:
    assert said in refused(book(fill))


def test_a_file_that_unpacks_to_too_much_is_stopped_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = repacked(book(), xl__media__big=b"\0" * (spreadsheet.MAX_UNPACKED + 1))
    assert len(bomb) < 100_000
    assert "terlalu besar setelah dibuka" in refused(bomb)
    monkeypatch.setattr(spreadsheet, "MAX_UNPACKED", spreadsheet.MAX_UNPACKED * 2)
    assert read_sheets(bomb)[0].name == "A", "the control: it is the limit that refuses it"


def test_a_size_that_lies_in_the_archives_head_is_not_believed() -> None:
    content = b"<worksheet/>" + b" " * 1_000_000
    data = bytearray(repacked(book(), **{"xl__worksheets__sheet1.xml": content}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.find(mark)
        while place >= 0:
            if struct.unpack_from("<I", data, place + at)[0] == len(content):
                struct.pack_into("<I", data, place + at, 12)
            place = data.find(mark, place + 4)
    assert "bukan berkas .xlsx yang utuh" in refused(bytes(data))


def test_a_file_of_fifty_megabytes_is_not_even_read(tmp_path: Path) -> None:
    big = tmp_path / "besar.xlsx"
    with big.open("wb") as out:
        out.truncate(50 * 1024 * 1024)
    assert "lebih besar dari 4 MiB" in refused(big)
    assert "lebih besar dari 4 MiB" in refused(b"PK" + b"\0" * MAX_BYTES)


@pytest.mark.parametrize("data", [
    b"", b"PK\x03\x04", b"Kode;Lembar\nA;1\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    repacked(book(), **{"xl__workbook.xml": b"<workbook"}),
    repacked(book(), **{"xl__worksheets__sheet1.xml": b"<worksheet><sheetData>"}),
    repacked(book(), **{"xl__workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'}),
    repacked(book(), **{"xl___rels__workbook.xml.rels": b"<Relationships/>"}),
])  # fmt: skip
def test_what_is_no_whole_spreadsheet_is_called_so(data: bytes) -> None:
    assert "bukan berkas .xlsx yang utuh" in refused(data)


def test_a_thousand_parts_are_too_many() -> None:
    assert "terlalu banyak isinya" in refused(repacked(book(), **{f"x{n}": b"" for n in range(1000)}))


def test_a_formula_that_hides_in_a_sheet_without_a_name_is_found() -> None:
    hidden = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
              b'<c r="A1"><f>1</f></c></row></sheetData></worksheet>')  # fmt: skip
    assert "berisi rumus" in refused(repacked(book(), **{"xl__worksheets__sheet9.xml": hidden}))


@pytest.mark.parametrize("path", ["tidak/ada.xlsx", ".", "a\0b.xlsx"])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, path: str) -> None:
    with pytest.raises(UserError, match="tidak dapat dibaca"):
        read_sheets(tmp_path / path)


WHOLE = book(lambda _book, sheet: sheet.write_string(1, 0, "A"))


def test_a_reader_that_panics_is_a_file_that_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # what a Rust library raises; no module gives it away
        pass

    def panics(_file: object) -> None:
        raise PanicException

    monkeypatch.setattr(spreadsheet, "_open", panics)
    assert "bukan berkas .xlsx yang utuh" in refused(WHOLE)


@pytest.mark.timeout(1800)
def test_a_damaged_file_is_read_or_refused_and_never_more(rounds: Callable[[int, int], int]) -> None:
    @settings(deadline=None, max_examples=rounds(150, 1000))
    @given(st.data())
    def once(data: st.DataObject) -> None:
        content = bytearray(WHOLE)
        for _change in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        del content[data.draw(st.integers(1, len(content))) :]
        try:
            read_sheets(bytes(content))
        except SpreadsheetError as problem:
            assert problem.message

    once()
