"""A workbook as an administrator's spreadsheet program would change it: read by one library, written by another."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

Sheets = dict[str, list[list[Any]]]


def sheets_of(data: bytes) -> Sheets:
    """Every sheet's cells."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def saved(sheets: Sheets, *, also: Callable[[Any, dict[str, Any]], None] | None = None) -> bytes:
    """The cells as a new file; ``also(book, sheets)`` may do more to it before it is closed."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    made = {}
    for name, rows in sheets.items():
        sheet = made[name] = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if value != "":
                    sheet.write(row, column, value)
    if also is not None:
        also(book, made)
    book.close()
    return out.getvalue()


def sheet_like(sheets: Sheets, start: str) -> str:
    """The name of the sheet that begins so."""
    return next(name for name in sheets if name.split()[0] == start)


def cell(sheets: Sheets, sheet: str, code: str, title: str, key: str = "Kode syarat") -> tuple[list[Any], int]:
    """The row and the column of the cell under ``title`` where ``key`` says ``code``."""
    head = sheets[sheet][0]
    place = head.index(key)
    row = next(row for row in sheets[sheet] if row[place] == code)
    return row, head.index(title)


def put(sheets: Sheets, sheet: str, code: str, title: str, value: Any, key: str = "Kode syarat") -> None:
    """Write into a cell."""
    row, place = cell(sheets, sheet, code, title, key)
    row[place] = value
