"""What support is told: the exit code, the state of file, chains and centre, and nobody's name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desktop import sample
from desktop.commands import demo, doctor
from desktop.store import Store
from desktop.ui.background import AtOnce
from desktop.ui.centre import Centre
from tests.ui.hall import Windows


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = doctor.run(folder)
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_pc_alone_is_whole_and_nobody_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo.prepare(tmp_path, 2)
    code, said = told(tmp_path, capsys)
    assert code == 0, said
    assert "Berkas data utuh." in said and "PC ini berdiri sendiri." in said and "catatan utuh" in said
    names = {*sample.MEN, *sample.WOMEN, "Siti Rahmawati"}
    assert not [name for name in names if re.search(rf"\b{name}\b", said)]
    assert not re.search(r"\b\d{16}\b", said)


def test_an_altered_entry_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo.prepare(tmp_path, 0)
    store = Store.open(tmp_path)
    with store.arriving() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS journal_is_append_only")
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(
            "UPDATE journal SET payload = replace(payload, '}', ' }') WHERE rowid = (SELECT max(rowid) FROM journal)"
        )
    store.close()
    code, said = told(tmp_path, capsys)
    assert code == 1
    assert "1 catatan berubah sesudah disimpan" in said


def test_a_flipped_row_is_told_and_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo.prepare(tmp_path, 2)
    code, said = told(tmp_path, capsys)
    assert code == 0 and "Isi data cocok dengan jurnal." in said, "the control"
    store = Store.open(tmp_path)
    with store.arriving() as connection:
        connection.exec_driver_sql("UPDATE party SET nik = '1' WHERE id = (SELECT max(id) FROM party)")
    store.close()
    code, said = told(tmp_path, capsys)
    assert code == 1
    assert "1 baris data tidak cocok dengan jurnalnya dan sudah dipulihkan" in said and "E-15" in said
    code, said = told(tmp_path, capsys)
    assert code == 0 and "1 baris dipulihkan" in said


def test_nothing_there_and_an_open_program_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(tmp_path, capsys)
    assert (code, "belum ada data Loket" in said) == (1, True)
    demo.prepare(tmp_path / "pc", 0)
    store = Store.open(tmp_path / "pc")
    code, said = told(tmp_path / "pc", capsys)
    store.close()
    assert (code, "Tutup jendelanya" in said) == (1, True)


def test_what_the_centre_lacks_and_a_centre_that_does_not_answer(
    windows: Windows, capsys: pytest.CaptureFixture[str]
) -> None:
    eight = windows.open("Loket 8")
    windows.receive(eight)
    windows.wait(lambda: eight.centre.kind() == "in_step" and eight.centre.pending() == 0)
    windows.close()
    windows.programs.clear()
    folder = windows.hall.counters["Loket 8"]
    code, said = told(folder, capsys)
    assert code == 0, said
    assert "sekarang tidak ada di sana: 0." in said and "Loket 7: terakhir terhubung" in said
    windows.hall.wires["Loket 8"].cut()
    code, said = told(folder, capsys)
    assert (code, "E-20" in said) == (1, True)


def test_a_centre_is_only_begun_where_there_is_an_address(tmp_path: Path) -> None:
    demo.prepare(tmp_path, 0)
    store = Store.open(tmp_path)
    centre = Centre(store, AtOnce())
    centre.begin()
    assert (centre.standing, centre.kind(), centre.ask("26112390700013")) == (None, "", False)
    centre.close()
    store.close()
