"""One file sets a PC up without a click; what is wrong in it is named by its key, and nothing is set up then."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop import settings
from desktop.errors import UserError
from desktop.operations import access, rollout, setup
from desktop.operations.rollout import FILE_NAME, RolloutError, roll_out
from desktop.store import Store

WHOLE = """
language = "en"
idle_minutes = 5

[printer]
kind = "system"
name = "Thermal-80"
paper = "80mm"

[pengaturan_awal]
counter_name = "Loket 12"
agency_codes = ["DKC", "PTS"]
booth = "Gerai Dukcapil"
officer_name = "Siti Rahmawati"
pin = "482915"
letterhead = { hours = "Senin–Jumat 08.00–15.00" }
"""


def written(folder: Path, text: str, name: str = "loket-12.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_file_makes_a_working_counter(tmp_path: Path) -> None:
    folder = tmp_path / "pc"
    roll_out(folder, written(tmp_path, WHOLE))
    told = settings.load(folder)
    assert (told.language, told.idle_minutes, told.printer.name, told.printer.paper) == ("en", 5, "Thermal-80", "80mm")
    store = Store.open(folder)
    with store.saving(None) as session:
        officer = access.sign_in(session, told.last_officer_id, "482915").officer
        assert officer is not None and officer.role == "admin"
        desk = setup.desk_for(session, officer.id)
        place = setup.place(session, desk)
    store.close()
    assert (place.counter, place.officer, len(desk.agency_ids)) == ("Loket 12", "Siti Rahmawati", 2)
    assert desk.counter_id == told.counter_id


def test_it_counts_at_the_first_start_only(tmp_path: Path) -> None:
    folder, file = tmp_path / "pc", written(tmp_path, WHOLE)
    roll_out(folder, file)
    told = settings.load(folder)
    told.language = "id"
    settings.save(folder, told)
    roll_out(folder, file)
    assert settings.load(folder).language == "id"
    assert file.exists(), "what was named stays for the other PCs"


def test_a_file_that_lies_in_the_profile_is_used_and_removed_for_its_pin(tmp_path: Path) -> None:
    folder = tmp_path / "pc"
    file = written(folder, WHOLE, FILE_NAME)
    roll_out(folder, None)
    assert not file.exists()
    store = Store.open(folder)
    with store.reading() as session:
        assert setup.is_ready(session)
    store.close()


def test_without_the_wizards_answers_only_the_settings_are_taken(tmp_path: Path) -> None:
    folder = tmp_path / "pc"
    roll_out(folder, written(tmp_path, 'language = "en"\n'))
    assert settings.load(folder).language == "en"
    store = Store.open(folder)
    with store.reading() as session:
        assert not setup.is_ready(session)
    store.close()


def test_without_a_file_nothing_happens(tmp_path: Path) -> None:
    roll_out(tmp_path / "pc", None)
    assert not (tmp_path / "pc").exists()


@pytest.mark.parametrize(("text", "said"), [
    ('bahasa = "id"', "bahasa tidak dikenal. Yang dikenal: language, theme"),
    ('counter_id = "x"', "counter_id tidak dikenal"),
    ('[printer]\nwarna = 1', "printer.warna tidak dikenal. Yang dikenal: kind, name"),
    ('language = "jv"', "language: jv tidak dikenal. Pilihannya: id, en."),
    ("idle_minutes = 0", "idle_minutes: 0 di luar batas."),
    ('text_size = "besar"', "text_size: besar salah bentuk."),
    ('printer = 3', "printer: 3 salah bentuk."),
    ("language = ", "Bukan berkas TOML yang benar"),
    ("[pengaturan_awal]\nloket = 'x'", "pengaturan_awal.loket tidak dikenal. Yang dikenal: hall_name"),
    ("[pengaturan_awal]\npin = 482915", "pengaturan_awal.pin: 482915 salah bentuk."),
    ("[pengaturan_awal]\nagency_codes = 'DKC'", "pengaturan_awal.agency_codes: DKC salah bentuk."),
    ("[pengaturan_awal]\npin = '482915'", "pengaturan_awal.counter_name belum diisi."),
    ("pengaturan_awal = 1", "pengaturan_awal: 1 salah bentuk."),
])  # fmt: skip
def test_a_wrong_key_or_value_is_said_and_nothing_is_set_up(tmp_path: Path, text: str, said: str) -> None:
    folder = tmp_path / "pc"
    with pytest.raises(RolloutError) as caught:
        roll_out(folder, written(tmp_path, text))
    assert said in caught.value.message and caught.value.code == "E-14"
    assert not (folder / settings.FILE_NAME).exists()


def test_a_wrong_pin_or_agency_sets_nothing_up(tmp_path: Path) -> None:
    for wrong in (WHOLE.replace("482915", "111111"), WHOLE.replace('"PTS"', '"XYZ"')):
        folder = tmp_path / str(len(wrong))
        with pytest.raises(UserError):
            roll_out(folder, written(tmp_path, wrong))
        store = Store.open(folder)
        with store.reading() as session:
            assert not setup.is_ready(session)
        store.close()


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RolloutError, match="Tidak dapat dibaca"):
        roll_out(tmp_path / "pc", tmp_path / "tidak-ada.toml")


def test_every_setting_can_be_told(tmp_path: Path) -> None:
    """A setting added later is known to the file by itself: the settings of a PC, but for its own notes, are one."""
    settings.save(tmp_path, settings.Settings())
    kept = (tmp_path / settings.FILE_NAME).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in kept if line.partition(" ")[0] not in rollout.OWN)
    assert rollout.read(written(tmp_path, text)) == (settings.Settings(), None)
