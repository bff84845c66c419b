"""The logo of the letterhead: whatever file is named, it becomes a small PNG or a sentence."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from desktop.errors import UserError
from desktop.operations.logo import SIDE, logo_of, read_logo


@pytest.mark.parametrize(("name", "mode", "size"), [
    ("wide.jpg", "RGB", (3000, 900)), ("seal.png", "RGBA", (40, 40)), ("old.png", "P", (700, 700)),
    ("grey.jpg", "L", (500, 500)),
])  # fmt: skip
def test_any_picture_becomes_a_small_png_of_its_own_shape(
    tmp_path: Path, name: str, mode: str, size: tuple[int, int]
) -> None:
    Image.new(mode, size).save(tmp_path / name)
    kept = read_logo(tmp_path / name)
    assert len(kept) < 100_000
    with Image.open(io.BytesIO(logo_of(kept) or b"")) as made:
        assert made.format == "PNG" and max(made.size) <= SIDE
        assert made.width / made.height == pytest.approx(size[0] / size[1], rel=0.02)


def test_what_is_no_picture_or_too_large_is_refused_at_its_field(tmp_path: Path) -> None:
    (tmp_path / "words.png").write_text("no picture")
    (tmp_path / "heavy.png").write_bytes(b"\x89PNG" + bytes(6 * 1024 * 1024))
    Image.new("1", (7000, 7000)).save(tmp_path / "bomb.png")  # 49 million dots in a few kilobytes
    Image.new("RGB", (9, 9)).save(tmp_path / "strange.gif")
    for name in ("words.png", "heavy.png", "bomb.png", "strange.gif", "not-there.png", ""):
        with pytest.raises(UserError) as refused:
            read_logo(tmp_path / name)
        assert refused.value.field == "logo"


def test_what_cannot_be_read_stops_no_paper() -> None:
    assert logo_of("") is None and logo_of("not base64!") is None
