"""A requirement is changed in a spreadsheet: the next applicant is asked for it, the one before is not."""

from __future__ import annotations

from collections.abc import Callable

from desktop.ui.catalog import CatalogScreen
from desktop.ui.catalog_workbooks import FOLDER
from tests.operations.workbooks import saved, sheet_like, sheets_of
from tests.stories.conftest import Booth

SITI, SRI = "3319075203890003", "3319015203950003"
NEW = "Surat pengantar RT"


def lost_card(booth: Booth, nik: str, name: str) -> list[str]:
    """Somebody who lost the card sits down; the papers on the list."""
    booth.begins().asks_nik(nik).writes(name, "081234567890", "kali")
    booth.asks_for_whom("1").chooses_service("ktp hil").chooses_kind("1")
    return [paper for paper, _state in booth.reads()]


def test_a_requirement_changes_between_two_applicants(open_booth: Callable[..., Booth]) -> None:
    booth = open_booth("DKC")
    keys = booth.at.typist

    # Siti comes with too little and takes a slip home.
    assert NEW not in lost_card(booth, SITI, "Siti Aminah")
    booth.looks_at_papers("1")
    keys.press("F9")
    slip = booth.finishes()

    # The head of the office wants one more paper. The administrator takes the standards out ...
    booth.window.show_screen("catalog")
    keys.press("F8")
    (path,) = (booth.window.store.folder / FOLDER).glob("*.xlsx")
    sheets = sheets_of(path.read_bytes())
    rows = sheets[sheet_like(sheets, "DKC")]
    line = dict.fromkeys(rows[0], "") | {
        "Kode layanan": "DKC-02", "No.": 90.0, "Syarat": NEW, "Bentuk": "asli", "Lembar": 1.0,
        "Diminta bila": 'jenis "Hilang"', "Tempat mengurus": "Diminta dari ketua RT.", "Dasar hukum": "Perbup 7/2026",
    }  # fmt: skip
    rows.append([line[title] for title in rows[0]])
    path.write_bytes(saved(sheets))

    # ... and in again, with the decree. What would change is shown first.
    keys.press("Shift+F8")
    keys.type(path.name)
    keys.press("Enter")
    screen = booth.window.current()
    assert isinstance(screen, CatalogScreen)
    importing = screen.workbooks.page
    assert [row[2] for row in importing.preview.rows.rows] == [f"Syarat baru: {NEW}."]
    importing.decree.start()
    keys.type("SK 7/2026")
    keys.press("Enter")
    keys.type("20112026")
    keys.press("F9")
    assert "1 standar mendapat versi baru" in booth.at.message()

    # Sri, who comes next, is asked for it, and her paper names the decree.
    booth.window.show_screen("intake")
    assert NEW in lost_card(booth, SRI, "Sri Wahyuni")
    booth.looks_at_papers("*")
    booth.finishes()
    assert "SK 7/2026, versi 2" in booth.last_paper()

    # Siti comes back with her slip: her list is the one she was told.
    booth.next_day().begins().types_number_of_the_slip(slip)
    assert NEW not in [paper for paper, _state in booth.reads()]
    booth.looks_at_papers("*")
    booth.finishes()
    assert "SK 7/2026" not in booth.last_paper()
