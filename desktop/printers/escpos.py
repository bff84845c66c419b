"""ESC/POS, the language of thermal printers: a page as blocks of dots, and the bytes in which a printer answers."""

from __future__ import annotations

from desktop.errors import UserError
from desktop.i18n import _

RESET = b"\x1b@"  # also empties the buffer: what an earlier, broken job left there must not come out with this one
BLOCK_ROWS = 128  # cheap printers keep no more of a picture in memory
FEED_AND_CUT = b"\x1bd\x05\x1dV\x42\x00"  # the knife sits five lines above the head
WHAT_IS_WRONG = b"\x10\x04"  # DLE EOT n: answered at once, even while the printer waits for paper
WHEN_DONE = b"\x1dr\x01"  # GS r 1: answered only after everything before it was printed


def page_bytes(width: int, height: int, pixels: bytes) -> bytes:
    """A page of ``width`` dots (a multiple of 8), one byte a dot with 0 for black, as GS v 0 blocks and a cut."""
    if width % 8 or len(pixels) != width * height:
        raise ValueError(f"{width} x {height} dots in {len(pixels)} bytes")
    row_bytes = width // 8
    bits = _bits(pixels)
    # The white below the last black row is fed, not drawn.
    rows = len(bits.rstrip(b"\0")) // row_bytes + 1
    made = [RESET]
    for top in range(0, min(rows, height), BLOCK_ROWS):
        block = bits[top * row_bytes : min(top + BLOCK_ROWS, rows, height) * row_bytes]
        made.append(b"\x1dv0\0" + row_bytes.to_bytes(2, "little") + (len(block) // row_bytes).to_bytes(2, "little"))
        made.append(block)
    return b"".join([*made, FEED_AND_CUT])


def _bits(pixels: bytes) -> bytes:
    """Eight dots to a byte, the leftmost highest; whole rows of a big integer, as a loop over dots takes seconds."""
    ones = pixels.translate(bytes([49] + [48] * 255))  # "1" for black
    return int(ones or b"0", 2).to_bytes(len(pixels) // 8, "big")


def is_status(answer: int) -> bool:
    """Whether this byte can be the answer to DLE EOT: bits 1 and 4 set, 0 and 7 not."""
    return answer & 0x93 == 0x12


def trouble(answers: dict[int, int]) -> UserError | None:
    """What a printer's answers to DLE EOT 1 to 4 say is wrong, in words; None where it can print."""
    state, cause, error, paper = (answers.get(n, 0x12) for n in (1, 2, 3, 4))
    if cause & 0x04:
        return UserError(_("Tutup printer terbuka. Tutup sampai rapat."))
    if cause & 0x20 or paper & 0x60:
        return UserError(_("Kertas printer habis. Pasang gulungan baru."))
    if error & 0x08:
        return UserError(_("Pisau printer macet. Matikan printer, ambil kertas yang tersangkut, lalu nyalakan lagi."))
    if error & 0x20 or cause & 0x40:
        return UserError(_("Printer rusak atau macet. Matikan, tunggu sebentar, lalu nyalakan lagi."))
    if state & 0x08:
        return UserError(_("Printer sedang tidak siap. Periksa lampu dan tombolnya."))
    return None


def is_out_of_paper(done: int) -> bool:
    """Whether the answer to GS r 1 says that the paper ended."""
    return bool(done & 0x0C)
