"""From a spreadsheet's bytes to plain rows of text, with the sheet, row and column of everything that is wrong.

The file is somebody else's: saved by any program, mistyped, or made to harm. It is unpacked within limits, what the
limits let through is looked at cell by cell, and only that is handed to the reader.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from desktop.errors import UserError
from desktop.i18n import _, ngettext, number
from desktop.operations.cleaning import clean

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MAX_BYTES = 4 * 1024 * 1024
MAX_UNPACKED = 32 * 1024 * 1024
MAX_PARTS = 400
MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_TEXT = 2_000
# A file with more faults than this is another kind of file: the first ones tell enough.
MAX_PROBLEMS = 100

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# What a spreadsheet may take for a formula when the file is passed on as text.
_FORMULA_STARTS = ("=", "+", "@", "-")


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong: the sheet's name, the row as the spreadsheet numbers it (0: the whole sheet)."""

    sheet: str
    row: int
    column: str
    sentence: str

    @property
    def words(self) -> str:
        """ "Lembar DKC, baris 12, kolom Lembar: …"."""
        where = [_("Lembar {sheet}").format(sheet=self.sheet)] if self.sheet else []
        where += [_("baris {row}").format(row=self.row)] if self.row else []
        where += [_("kolom {column}").format(column=self.column)] if self.column else []
        return f"{', '.join(where)}: {self.sentence}" if where else self.sentence


class SpreadsheetError(UserError):
    """The file was refused and nothing has changed; ``faults`` are in the order they were found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults[:MAX_PROBLEMS]
        count = len(faults) - 1
        more = ngettext(" (dan {count} kesalahan lain)", " (dan {count} kesalahan lain)", count)
        super().__init__(
            _("Berkas ditolak; tidak ada yang berubah. {first}").format(first=faults[0].words)
            + (more.format(count=number(count)) if count else ""),
            field="file",
        )


@dataclass
class Row:
    """A row that is not empty: its number in the spreadsheet, and the text under each column's title."""

    number: int
    cells: dict[str, str]


@dataclass
class Sheet:
    """A sheet with titles in its first row."""

    name: str
    titles: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def read_sheets(source: Path | bytes) -> list[Sheet]:
    """Every sheet of an .xlsx file as rows of tidy text. SpreadsheetError with place and reason otherwise."""
    parts = _unpacked(_bytes(source))
    faults: list[Fault] = []
    for sheet, path in _sheet_paths(parts):
        faults += _faults_of_cells(sheet, parts[path])
    if faults:
        raise SpreadsheetError(faults)
    sheets = [_sheet(name, values, faults) for name, values in _values(parts)]
    if faults:
        raise SpreadsheetError(faults)
    return sheets


def _values(parts: dict[str, bytes]) -> list[tuple[str, list[list[Any]]]]:
    from python_calamine import CalamineError

    try:
        book = _open(_packed(parts))
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError):
        raise _not_a_spreadsheet() from None
    except BaseException as problem:
        # A panic of the Rust reader is no Exception and has no module to be imported from.
        if type(problem).__name__ == "PanicException":
            raise _not_a_spreadsheet() from None
        raise


def _open(file: io.BytesIO) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook  # with the first workbook, not at every start

    return CalamineWorkbook.from_filelike(file)


def _bytes(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or type(problem).__name__
            raise UserError(
                _("Berkas tidak dapat dibaca ({reason}). Tidak ada yang berubah.").format(reason=reason), field="file"
            ) from problem
    if len(data) > MAX_BYTES:
        raise SpreadsheetError([Fault("", 0, "", _("Berkas lebih besar dari 4 MiB."))])
    return data


def _not_a_spreadsheet() -> SpreadsheetError:
    return SpreadsheetError([Fault("", 0, "", _("Ini bukan berkas .xlsx yang utuh. Simpan ulang sebagai .xlsx."))])


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of the archive, each read only as far as the limit allows, whatever its head says of its size."""
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_PARTS:
                raise SpreadsheetError([Fault("", 0, "", _("Berkas terlalu banyak isinya."))])
            for entry in entries:
                if entry.flag_bits & 1:
                    raise SpreadsheetError([Fault("", 0, "", _("Berkas memakai kata sandi. Simpan tanpa sandi."))])
                with archive.open(entry) as part:
                    content = part.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise SpreadsheetError([Fault("", 0, "", _("Isi berkas terlalu besar setelah dibuka."))])
                parts[entry.filename] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError):
        raise _not_a_spreadsheet() from None
    if "xl/workbook.xml" not in parts:
        raise _not_a_spreadsheet()
    if any(b"<!DOCTYPE" in content or b"<!ENTITY" in content for content in parts.values()):
        raise _not_a_spreadsheet()
    return parts


def _packed(parts: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def _sheet_paths(parts: dict[str, bytes]) -> list[tuple[str, str]]:
    """The name of each sheet and the part that holds it; every sheet part, named or not."""
    names: dict[str, str] = {}
    try:
        rels = ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
        targets = {rel.get("Id", ""): rel.get("Target", "").removeprefix("/xl/") for rel in rels}
        for element in ElementTree.fromstring(parts["xl/workbook.xml"]).iter():
            if _local(element.tag) == "sheet":
                wanted = next((value for key, value in element.attrib.items() if _local(key) == "id"), "")
                names["xl/" + targets.get(wanted, "")] = element.get("name", "")
    except ElementTree.ParseError:
        raise _not_a_spreadsheet() from None
    if any(not _SHEET.fullmatch(path) or path not in parts for path in names):
        raise _not_a_spreadsheet()
    return [(names.get(path, path), path) for path in parts if _SHEET.fullmatch(path)]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _faults_of_cells(sheet: str, content: bytes) -> Iterator[Fault]:
    """Formulas, merged cells, and cells so far out that the sheet would fill the memory."""
    try:
        for _event, element in ElementTree.iterparse(io.BytesIO(content), ("end",)):
            tag = _local(element.tag)
            if tag == "mergeCell":
                first = element.get("ref", "").partition(":")[0]
                yield _at(sheet, first, _("sel digabung. Pisahkan dahulu (Unmerge cells)."))
            elif tag == "c":
                place = element.get("r", "")
                column, row = _place(place)
                if place and not (0 < row <= MAX_ROWS + 1 and 0 < column <= MAX_COLUMNS):
                    yield Fault(
                        sheet, row, "", _("di luar batas {rows} baris dan {columns} kolom.").format(
                            rows=number(MAX_ROWS), columns=MAX_COLUMNS)
                    )
                    return  # one is enough to refuse the sheet, and a million would not tell more
                if any(_local(child.tag) == "f" for child in element):
                    yield _at(sheet, place, _("berisi rumus. Tulis nilainya saja."))
                element.clear()
    except ElementTree.ParseError:
        raise _not_a_spreadsheet() from None


def _place(reference: str) -> tuple[int, int]:
    """(column, row) of "B12"; (0, 0) of what is no cell."""
    found = _CELL.fullmatch(reference)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column, int(found[2])


def _at(sheet: str, reference: str, sentence: str) -> Fault:
    found = _CELL.fullmatch(reference)
    return Fault(sheet, int(found[2]) if found else 0, found[1] if found else "", sentence)


def _sheet(name: str, values: list[list[Any]], faults: list[Fault]) -> Sheet:
    sheet = Sheet(name)
    for row_number, row in enumerate(values, 1):
        texts = [_text(name, row_number, sheet.titles, place, value, faults) for place, value in enumerate(row)]
        if row_number == 1:
            sheet.titles = texts
        elif any(texts):
            sheet.rows.append(
                Row(row_number, {title: text for title, text in zip(sheet.titles, texts, strict=False) if title})
            )
    return sheet


def _text(sheet: str, row: int, titles: list[str], place: int, value: Any, faults: list[Fault]) -> str:
    """A cell as tidy text: "2.0" reads "2", trailing spaces go; what cannot be a text here is a fault."""
    column = titles[place] if place < len(titles) and titles[place] else _letters(place)
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float | int):
        if float(value).is_integer() and abs(value) < 10**15:
            return str(int(value))
        faults.append(Fault(sheet, row, column, _("{value} bukan bilangan bulat.").format(value=value)))
        return ""
    if isinstance(value, datetime | date | time | timedelta):
        faults.append(Fault(sheet, row, column, _("berisi tanggal atau jam. Ubah sel itu menjadi teks.")))
        return ""
    text = clean(str(value))
    if len(text) > MAX_TEXT:
        faults.append(
            Fault(sheet, row, column, _("lebih panjang dari {count} huruf.").format(count=number(MAX_TEXT)))
        )
    elif text.startswith(_FORMULA_STARTS):
        faults.append(
            Fault(sheet, row, column, _('teks tidak boleh dimulai dengan "{mark}".').format(mark=text[0]))
        )
    return text


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
