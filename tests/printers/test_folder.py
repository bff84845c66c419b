"""PDF papers in a folder: whole or not at all, and swept after their days, they alone."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from desktop.errors import UserError
from desktop.printers import folder

PAPER = "261123-107-0041-3-tanda-terima-1.pdf"


def aged(path: Path, days: float) -> Path:
    path.write_bytes(b"%PDF-")
    moment = time.time() - days * folder.DAY
    os.utime(path, (moment, moment))
    return path


def test_a_paper_is_in_the_folder_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    folder.keep(b"first", tmp_path, "a.pdf")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UserError):
        folder.keep(b"second", tmp_path, "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == b"first"


def test_only_papers_of_people_that_are_old_enough_are_swept(tmp_path: Path) -> None:
    old = [
        aged(tmp_path / name, 7.1)
        for name in (PAPER, "261123-107-0042-1-kekurangan-2-cetak-ulang-1.pdf", PAPER.replace(".pdf", ".tmp"))
    ]
    stays = [
        aged(tmp_path / "261123-107-0043-9-tanda-terima-1.pdf", 6.9),
        aged(tmp_path / "ringkasan-harian-2026-11-23.pdf", 700),
        aged(tmp_path / "foto keluarga.pdf", 700),
        aged(tmp_path / f"salinan {PAPER}", 700),
    ]
    (tmp_path / "261101-107-0001-2-tanda-terima-1.pdf").mkdir()
    assert folder.sweep(tmp_path, 7) == len(old)
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in stays)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = aged(tmp_path / "akta asli.pdf", 700)
    (tmp_path / PAPER).symlink_to(target)
    assert folder.sweep(tmp_path, 1) == 0
    assert target.exists()


def test_a_folder_that_is_not_there_has_nothing_to_sweep(tmp_path: Path) -> None:
    assert folder.sweep(tmp_path / "none", 7) == 0
