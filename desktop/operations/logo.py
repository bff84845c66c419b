"""The picture at the head of every paper: made small and of one kind, so that it can travel to every counter."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from desktop.errors import UserError
from desktop.i18n import _

SIDE = 320  # dots: more than 15 mm of paper can show at 300 dpi
MOST_BYTES = 5 * 1024 * 1024
MOST_DOTS = 40_000_000  # a file of a few bytes can claim a picture that fills the memory


def read_logo(path: Path) -> str:
    """A PNG or JPEG file as the letterhead keeps it. UserError on the field "logo" where it is none, or too large."""
    from PIL import Image  # with the first logo, not at every start

    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError(_("Gambar ini terlalu besar. Pakai berkas PNG atau JPEG di bawah 5 MB."), field="logo")
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_DOTS:
                raise UserError(_("Gambar ini terlalu besar. Pakai berkas PNG atau JPEG di bawah 5 MB."), field="logo")
            small = picture.convert("RGBA")
        small.thumbnail((SIDE, SIDE))
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:  # all that Pillow raises
        words = _("Gambar tidak dapat dibaca. Tulis letak berkas PNG atau JPEG, misalnya D:\\logo.png.")
        raise UserError(words, field="logo") from problem
    return base64.b64encode(out.getvalue()).decode("ascii")


def logo_of(kept: str) -> bytes | None:
    """The picture as a paper draws it; None where there is none, or none that can be read."""
    try:
        return base64.b64decode(kept, validate=True) or None
    except ValueError:
        return None
