"""The settings file: what is written is read back, what is newer is kept, what is broken is named."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import i18n, log, settings
from desktop.errors import UserError
from desktop.settings import Printer, Settings


@given(
    name=st.text(st.characters(exclude_categories=["Cs"])),
    folder=st.text(st.characters(exclude_categories=["Cs"])),
    size=st.integers(9, 16),
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, folder: str, size: int
) -> None:
    place = tmp_path_factory.mktemp("settings")
    told = Settings(text_size=size, counter_id="c", printer=Printer(kind="system", name=name, folder=folder))
    settings.save(place, told)
    assert settings.load(place) == told


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert settings.load(tmp_path) == Settings()


def test_a_newer_programs_setting_is_kept(tmp_path: Path) -> None:
    (tmp_path / settings.FILE_NAME).write_text('theme = "dark"\nhologram = true\n')
    settings.save(tmp_path, settings.load(tmp_path))
    assert "hologram = true" in (tmp_path / settings.FILE_NAME).read_text()


@pytest.mark.parametrize("text", ["theme = ", 'theme = "pink"', "text_size = 99", "\x00", "[printer]\nkind = 3"])
def test_a_broken_file_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / settings.FILE_NAME
    path.write_text(text)
    with pytest.raises(UserError, match="pengaturan"):
        settings.load(tmp_path)
    assert path.read_text() == text


def test_the_log_never_holds_a_nik_a_phone_or_a_key(tmp_path: Path) -> None:
    log.start(tmp_path)
    logger = logging.getLogger("loket.test")
    try:
        raise ValueError("NIK 3319 0712 0589 0003, HP 0812-3456-7890, key " + "ab" * 32)
    except ValueError:
        logger.exception("nomor %s", "261123-107-0041-3")
    for handler in list(logging.getLogger("loket").handlers):
        handler.close()
        logging.getLogger("loket").removeHandler(handler)
    written = (tmp_path / log.FILE_NAME).read_text()
    assert "ValueError" in written, "the control: the fault itself is there"
    for secret in ("3319", "0589", "3456", "abab", "0041"):
        assert secret not in written


def test_what_the_log_cannot_keep_is_not_written_elsewhere(tmp_path: Path, capfd, monkeypatch) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    log.start(folder)
    folder.rmdir()
    logger = logging.getLogger("loket")
    try:
        logger.warning("NIK %s", "3319071205890003")
        assert capfd.readouterr().err == ""
        monkeypatch.delattr(log._Handler, "handleError")
        logger.warning("NIK %s", "3319071205890003")
        assert "3319071205890003" in capfd.readouterr().err, "the control"
    finally:
        logger.handlers.pop().close()


def test_dates_times_and_amounts_in_both_languages() -> None:
    from datetime import date, time

    day = date(2026, 11, 23)
    assert (i18n.long_date(day), i18n.clock_time(time(9, 2)), i18n.rupiah(1_234_500)) == (
        "Senin, 23 November 2026",
        "09.02",
        "Rp1.234.500",
    )
    with i18n.speaking("en"):
        assert (i18n.long_date(day), i18n.clock_time(time(9, 2)), i18n.number(1234)) == (
            "Monday, 23 November 2026",
            "09:02",
            "1,234",
        )
    assert i18n.language() == "id"
