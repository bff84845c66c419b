"""The licences of all that a package brings along: a list made from the libraries themselves, and their texts."""

from __future__ import annotations

import platform
import re
import shutil
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TEXTS = PROJECT / "resources" / "licences"
TEXT = re.compile(r"licen[cs]e|copying|notice|authors", re.IGNORECASE)
# What a library does not say of itself in its metadata.
KNOWN = {
    "sqlcipher3": "Zlib; contains SQLCipher (BSD-3-Clause, SQLCipher.txt) and OpenSSL (Apache-2.0.txt)",
    "psycopg-binary": "LGPL-3.0-only; contains libpq (PostgreSQL), OpenSSL (Apache-2.0.txt), on Linux also "
    "MIT Kerberos (MIT), OpenLDAP (OLDAP-2.8) and Cyrus SASL (BSD-4-Clause)",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause, Apache-2.0; contains PDFium (Apache-2.0, BSD-3-Clause)",
    "reportlab": "BSD-3-Clause",
}
# A library without a text of its own -> the text it stands under.
TEXT_OF = {"PySide6_Essentials": "LGPL-3.txt", "shiboken6": "LGPL-3.txt", "pyserial": "pyserial.txt"}
ABOUT = """\
LISENSI

DAFTAR.txt menyebut setiap pustaka yang ikut dalam paket ini, versinya, dan lisensinya;
teks lisensi ada di folder-folder di sini. Lisensi Loket sendiri belum diputuskan oleh pemesannya.

Qt, PySide6, Shiboken, dan psycopg dipakai dengan LGPL-3 (LGPL-3.txt, GPL-3.txt). Anda boleh
menggantinya dengan versi Anda sendiri: semuanya berkas biasa di folder _internal, tidak
menyatu dengan program. Tutup Loket, ganti berkas di _internal/PySide6, _internal/shiboken6,
_internal/psycopg, atau _internal/psycopg_binary dengan yang bernama sama dan cocok versinya,
lalu buka Loket lagi. Tidak ada pemeriksaan yang menghalanginya. Anda juga boleh menelusuri
cara kerja program untuk menemukan galat pada pustaka yang Anda ganti.
Kode sumber versi yang persis ini: paket "pyside6", "shiboken6", dan "psycopg" di PyPI dengan
nomor versi pada DAFTAR.txt, dan download.qt.io untuk Qt. Siapa pun yang memberi Anda paket ini
wajib memberikannya juga bila Anda minta, sampai tiga tahun sesudahnya.

LICENCES

DAFTAR.txt names every library that comes with this package, its version and its licence; the
texts are in the folders here. The licence of Loket itself has not yet been decided by the customer.

Qt, PySide6, Shiboken and psycopg are used under the LGPL-3 (LGPL-3.txt, GPL-3.txt). You may
exchange them for versions of your own: all of them are ordinary files in the folder _internal, no
part of the program's own. Close Loket, replace the files in _internal/PySide6, _internal/shiboken6,
_internal/psycopg or _internal/psycopg_binary by files of the same names and a matching version, and
open Loket again. No check prevents it. You may also reverse engineer the program to find
mistakes in a library that you exchanged.
Source code of exactly these versions: the packages "pyside6", "shiboken6" and "psycopg" on PyPI with
the version numbers of DAFTAR.txt, and download.qt.io for Qt. Whoever gave you this package has to
give it to you as well if you ask within three years.
"""


def write(folder: Path) -> None:
    """All of it into ``folder``. LookupError names a library that says neither its licence nor its text."""
    shutil.copytree(TEXTS, folder)
    lines = [f"Python {platform.python_version()}: PSF-2.0 (Python.txt)"]
    for library in sorted(bundled(), key=lambda one: one.name.lower()):
        texts = texts_of(library)
        for number, text in enumerate(texts):
            # Two texts of one library may have one name in different folders.
            copy = folder / library.name / (text.name if number == 0 else f"{number}-{text.name}")
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(text, copy)
        lines.append(f"{library.name} {library.version}: {licence_of(library)}"
                     + ("" if texts else f" ({TEXT_OF[library.name]})"))  # fmt: skip
    lines.append("PyInstaller (the small program that starts this one): GPL-2.0 with an exception for what it packs")
    (folder / "DAFTAR.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (folder / "BACA-DULU.txt").write_text(ABOUT, encoding="utf-8")


def bundled() -> list[metadata.Distribution]:
    """The libraries of the program that this system has need of; not those that only build or test it."""
    locked = re.findall(r"^([\w.-]+)==", (PROJECT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = {_plain(name) for name in locked}
    return [one for one in metadata.distributions() if _plain(one.name) in wanted]


def licence_of(library: metadata.Distribution) -> str:
    """What the library says its licence is. LookupError where neither it nor ``KNOWN`` says so."""
    told = library.metadata.json
    kinds = [kind.rpartition(" :: ")[2] for kind in told.get("classifier", []) if kind.startswith("License ::")]
    for said in (KNOWN.get(library.name), told.get("license_expression"), told.get("license"), ", ".join(kinds)):
        if isinstance(said, str) and said and "\n" not in said:
            return said
    raise LookupError(library.name)


def texts_of(library: metadata.Distribution) -> list[Path]:
    """The licence texts it brings; none only where ``TEXT_OF`` names ours. LookupError otherwise."""
    inside = [path for path in library.files or [] if ".dist-info" in path.parts[0] and TEXT.search(str(path))]
    found = [Path(str(library.locate_file(path))) for path in inside]
    if not found and library.name not in TEXT_OF:
        raise LookupError(library.name)
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
