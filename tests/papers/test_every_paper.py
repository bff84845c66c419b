"""What holds for all papers: the words, the letters, the symbols, the layout, and the same bytes every time.

The words are compared with tests/files/papers. To accept a change: delete the file, run once (the test writes it
anew and fails), and read the difference.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pypdfium2
import pytest

from desktop.i18n import speaking
from desktop.papers.daily_summary import make_summary
from desktop.papers.emergency_form import make_emergency_form
from desktop.papers.label import make_label
from desktop.papers.leaflet import make_leaflet
from desktop.papers.raster import colour_picture, pictures
from desktop.papers.receipt import make_receipt
from desktop.papers.recovery_sheet import make_recovery_sheet
from desktop.papers.slip import make_slip
from desktop.papers.test_page import make_test_page
from tests.papers import samples
from tests.papers.reading import bar_faults, embedded, faults, qr_faults, scans, text_of

REFERENCES = Path(__file__).parent.parent / "files" / "papers"
MAKERS: dict[str, Callable[[], bytes]] = {"daily_summary": partial(make_summary, samples.SUMMARY)}
for _size in ("a5", "a4", "80mm", "58mm"):
    MAKERS |= {
        f"receipt-{_size}": partial(make_receipt, samples.RECEIPT, _size),
        f"receipt-full-{_size}": partial(make_receipt, samples.FULL_RECEIPT, _size),
        f"slip-{_size}": partial(make_slip, samples.SLIP, _size),
        f"slip-full-{_size}": partial(make_slip, samples.FULL_SLIP, _size),
        f"test_page-{_size}": partial(make_test_page, samples.TEST_PAGE, _size),
        f"recovery_sheet-{_size}": partial(make_recovery_sheet, samples.RECOVERY, _size),
        f"leaflet-{_size}": partial(make_leaflet, samples.LEAFLET, _size),
        f"label-{_size}": partial(make_label, samples.LABEL, _size),
        f"emergency_form-{_size}": partial(make_emergency_form, samples.EMERGENCY, _size),
    }
# The recovery sheet has symbols of its own: test_recovery_sheet.py.
WITH_SYMBOLS = sorted(name for name in MAKERS if name.startswith(("receipt", "slip", "test_page", "label")))
# Modules of the QR symbols in the samples: by the number of digits in them.
SQUARES = {23: 21, 14: 21, 60: 25}


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_words_are_those_of_the_reference(name: str) -> None:
    reference, text = REFERENCES / f"{name}.txt", text_of(MAKERS[name]())
    if not reference.exists():
        reference.write_text(text, encoding="utf-8")
        pytest.fail(f"{reference.name} was written: read it, then run again")
    assert text == reference.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(MAKERS))
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_overlaps_or_leaves_the_page(name: str, language: str) -> None:
    with speaking(language):
        assert faults(MAKERS[name]()) == []


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_brings_its_own_letters_and_names_nobody(name: str) -> None:
    pdf = MAKERS[name]()
    fonts, are_there = embedded(pdf)
    assert are_there and {font.partition("+")[2].partition("-")[0] for font in fonts} == {"NotoSans"}
    about = pypdfium2.PdfDocument(pdf).get_metadata_dict()
    assert not re.search(r"Dwi|Siti|Sri|Ma.ruf|\d{4}-\d", " ".join(about.values()))
    assert about["Title"]


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_claims_no_authenticity(name: str) -> None:
    assert not re.search(r"\bsah\b|keaslian", text_of(MAKERS[name]()), re.IGNORECASE)


@pytest.mark.parametrize("name", WITH_SYMBOLS)
def test_both_symbols_are_read_from_thermal_dots_and_from_a_poor_scan(name: str) -> None:
    pdf = MAKERS[name]()
    number, square = _payloads(name)
    for read in (scans(pdf, 203, dots=True), scans(pdf, 150)):
        assert read[0] == {"Code 128": number, "QR Code": square}
        assert number in str(read[-1]) or not read[-1]  # a second copy, or a second page without symbols


@pytest.mark.parametrize("name", WITH_SYMBOLS)
def test_symbols_are_whole_dots_with_white_around(name: str) -> None:
    dpi, module = (203, 3) if name.endswith("mm") else (300, 4)
    page = next(pictures(MAKERS[name](), dpi)).black_and_white()
    assert bar_faults(page, module) == []
    if name.endswith("mm"):
        assert page.width == (640 if name.endswith("80mm") else 464)
        assert qr_faults(page, SQUARES[len(_payloads(name)[1])]) == []


def test_a_label_is_one_piece_to_cut_out() -> None:
    """Its barcode stands under its words; a receipt's, at the foot of the page, is the control."""
    lower = {}
    for name in ("label-a4", "receipt-a4"):
        page = colour_picture(MAKERS[name](), 40)
        lower[name] = set(page.pixels[len(page.pixels) // 2 :])
    assert lower["label-a4"] == {255} < lower["receipt-a4"]


def test_same_facts_same_bytes_in_every_process() -> None:
    script = (
        "import hashlib, tests.papers.test_every_paper as t\n"
        "for name, make in sorted(t.MAKERS.items()): print(name, hashlib.sha256(make()).hexdigest())"
    )
    here = [f"{name} {hashlib.sha256(make()).hexdigest()}" for name, make in sorted(MAKERS.items())]
    root = Path(__file__).parent.parent.parent
    there = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert there.stdout.split("\n")[:-1] == here


def test_pdf_engine_is_loaded_with_the_first_paper_only() -> None:
    script = (
        "import sys, desktop.papers.receipt, desktop.papers.slip, desktop.papers.daily_summary, desktop.papers.raster\n"
        "print([name for name in ('reportlab', 'barcode', 'segno', 'pypdfium2', 'PIL') if name in sys.modules])"
    )
    root = Path(__file__).parent.parent.parent
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert loaded.stdout == "[]\n"


def _payloads(name: str) -> tuple[str, str]:
    facts = {
        "receipt": samples.RECEIPT, "slip": samples.SLIP, "test_page": samples.TEST_PAGE, "label": samples.LABEL,
    }[name.split("-")[0]]  # fmt: skip
    return facts.barcode, facts.qr
