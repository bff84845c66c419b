"""A screen reader finds its way: the real window, read over the accessibility bus of the system (AT-SPI)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def steps(ready_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the reader was told after each key press of screen_reader.STEPS; the last one of a kind counts."""
    folder = tmp_path_factory.mktemp("spoken") / "counter"
    # A database of its own: the window writes into it.
    subprocess.run(["cp", "-r", str(ready_folder), str(folder)], check=True)
    told = subprocess.run(
        ["dbus-run-session", "--", "xvfb-run", "-a", "-s", "-screen 0 1366x768x24",
         sys.executable, "-m", "tests.ui.screen_reader", str(folder)],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"},
    )  # fmt: skip
    lines = [json.loads(line) for line in told.stdout.splitlines() if line.startswith("{")]
    assert lines, told.stderr
    return {line["step"]: line for line in lines}


def nodes(step: dict[str, Any], role: str) -> list[str]:
    return [node["name"] for node in step["nodes"] if node["role"] == role]


def focus(step: dict[str, Any]) -> tuple[str, str]:
    """Role and name of what has the focus, as deep as it goes."""
    named = [node for node in step["nodes"] if node["focused"] and node["role"] != "filler"]
    return (named[-1]["role"], named[-1]["name"])


def test_the_fields_of_the_form_have_their_titles_as_names(steps: dict[str, dict[str, Any]]) -> None:
    texts = nodes(steps["type *"], "text")
    assert {"NIK", "Nama", "HP", "Desa/kel.", "Layanan"} <= set(texts)
    assert "" not in texts and "" not in nodes(steps["type *"], "push button")


def test_the_way_through_the_form_is_heard(steps: dict[str, dict[str, Any]]) -> None:
    assert focus(steps["press F2"]) == ("text", "Ketik NIK, nomor berkas, atau nama; atau pindai barcode")
    assert focus(steps["type 3319075203890003"]) == ("text", "Nama")
    assert focus(steps["type 081234567890"]) == ("text", "HP")


def test_what_a_field_says_of_its_value_is_its_description(steps: dict[str, dict[str, Any]]) -> None:
    about = {node["name"]: node["about"] for node in steps["type *"]["nodes"] if node["role"] == "text"}
    assert "Kudus · perempuan" in about["NIK"]


def test_the_state_of_a_line_of_the_checklist_is_heard(steps: dict[str, dict[str, Any]]) -> None:
    def lines(step: str) -> list[str]:
        return [name for name in nodes(steps[step], "list item") if ": " in name][:5]

    assert all(name.endswith(": Belum diperiksa") for name in lines("type 3"))
    assert all(name.endswith(": Ada") for name in lines("type *"))
    assert lines("type -2")[1].endswith(": Tidak ada")
    assert focus(steps["type -2"])[1] == lines("type -2")[1]


def test_what_f9_will_do_is_heard_beforehand(steps: dict[str, dict[str, Any]]) -> None:
    assert "F9 Cetak TANDA TERIMA" in nodes(steps["type *"], "push button")
    assert "F9 Cetak LEMBAR KEKURANGAN (1)" in nodes(steps["type -2"], "push button")


def test_a_message_is_announced_wherever_the_cursor_is(steps: dict[str, dict[str, Any]]) -> None:
    assert steps["say Berkas 0041-7 tersimpan."]["announced"] == ["Berkas 0041-7 tersimpan."]
    assert steps["type *"]["announced"] == [], "the control: nothing is announced without a message"


def test_nothing_is_read_with_its_markup(steps: dict[str, dict[str, Any]]) -> None:
    heard = [node[of] for step in steps.values() for node in step["nodes"] for of in ("name", "about")]
    assert not [words for words in heard if "<" in words]
