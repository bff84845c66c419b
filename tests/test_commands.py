"""The tour and the demo as somebody starts them: no display, nothing prepared, all left where it was asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import settings
from desktop.commands import demo
from desktop.operations import access, setup
from desktop.store import Store
from tests.conftest import Clock
from tests.papers.reading import scans, text_of

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = {
    "sign-in", "intake-empty", "intake-service", "intake-complete", "intake-saved", "intake-questions", "intake-fault",
    "intake-short", "intake-known", "intake-dark", "reprint-question", "today", "application", "summary", "settings",
    "hall-in-step", "hall-cut-off", "hall-healed", "receipt", "slip", "receipt-repeat", "receipt-copy",
}  # fmt: skip


@pytest.mark.slow
def test_the_tour_needs_no_display_and_leaves_pictures_and_papers(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    bare.pop("QT_QPA_PLATFORM", None)
    command = [sys.executable, "main.py", "tour", str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.stem for path in tmp_path.glob("*.png")} == PICTURES
    papers = sorted((tmp_path / "papers").glob("*.pdf"))
    assert len(papers) == 4
    for path in papers:
        number = "".join(path.name.split("-")[:4])
        assert number in scans(path.read_bytes(), 150)[0].values(), "the barcode names the file's number"
    said = [text_of(path.read_bytes()) for path in papers]
    assert sum("LEMBAR KEKURANGAN BERKAS" in text for text in said) == 1
    assert sum("CETAK ULANG ke-1" in text for text in said) == 1
    assert all("LATIHAN" in text for text in said)


def test_the_training_hall_is_filled_and_marked(tmp_path: Path) -> None:
    officer_id = demo.prepare(tmp_path, 3, clock=Clock())
    assert settings.load(tmp_path).training
    store = Store.open(tmp_path, clock=Clock())
    with store.reading() as session:
        assert [officer.id for officer in access.officers(session)] == [officer_id]
        assert len(setup.services(session, setup.desk_for(session, officer_id))) == 12
    store.close()
