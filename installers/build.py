"""Makes the packaged program: `python3 main.py package`, `package deb`, `package windows`; all of it into dist/.

The parts: loket.spec and contents.py (what is in it), licences.py, debian.py (the .deb), windows.nsi (the installer).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import bootstrap
from installers import contents, debian, licences

PROJECT = bootstrap.PROJECT
DIST = PROJECT / "dist"
LOG = PROJECT / "build" / "package.log"
# Where the installer of NSIS puts itself, besides the PATH.
NSIS = Path(os.environ.get("PROGRAMFILES(X86)", ""), "NSIS", "makensis.exe")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="main.py package",
        description="Membuat Loket untuk PC tanpa Python, di folder dist/. / "
        "Makes Loket for PCs without Python, in the folder dist/.",
    )
    parser.add_argument(
        "kind",
        nargs="?",
        choices=["folder", "deb", "windows"],
        default="folder",
        help="folder: satu folder (bawaan); deb: untuk Debian dan Ubuntu; windows: pemasang untuk Windows / "
        "folder: one folder (default); deb: for Debian and Ubuntu; windows: an installer for Windows",
    )
    kind = parser.parse_args(arguments).kind
    refuse_what_cannot_be(kind)
    version = str(tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    try:
        made = build()
        if kind == "deb":
            made = debian.build(made, version, DIST)
        if kind == "windows":
            made = windows_installer(made, version)
    except LookupError as unknown:
        bootstrap.stop(
            f"Paket tidak dibuat: asal atau lisensi {unknown} tidak diketahui.",
            f"No package was made: where {unknown} comes from, or its licence, is not known.",
        )
    except OSError as problem:
        bootstrap.stop(
            f"Paket tidak dapat ditulis: {problem}. Sediakan sekitar 1 GB, lalu jalankan lagi.",
            f"The package could not be written: {problem}. Free about 1 GB, then start again.",
        )
    size = made.stat().st_size if made.is_file() else debian.kibibytes(made) * 1024
    bootstrap.say(f"Selesai: {made} ({size / 1e6:.0f} MB)", f"Done: {made} ({size / 1e6:.0f} MB)")
    return 0


def refuse_what_cannot_be(kind: str) -> None:
    """A package holds this system's own libraries: one for another system can only be made there."""
    if kind == "deb" and not shutil.which("dpkg-deb"):
        bootstrap.stop(
            "Paket .deb dibuat di Debian atau Ubuntu: di sini tidak ada dpkg-deb. Tanpa \"deb\" dibuat satu folder.",
            "A .deb is made on Debian or Ubuntu: there is no dpkg-deb here. Without \"deb\" one folder is made.",
        )  # fmt: skip
    if kind == "windows" and sys.platform != "win32":
        bootstrap.stop(
            "Pemasang Windows dibuat di Windows: py main.py package windows.",
            "The installer for Windows is made on Windows: py main.py package windows.",
        )


def build() -> Path:
    """The program as one folder, with the server for a centre on one PC, and all licences."""
    bootstrap.say("Membuat paket, sekitar 2 menit ...", "Making the package, about 2 minutes ...")
    LOG.parent.mkdir(exist_ok=True)
    places = ["--distpath", str(DIST), "--workpath", str(LOG.parent / "pyinstaller")]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", *places, str(PROJECT / "installers" / "loket.spec")]
    with LOG.open("w", encoding="utf-8") as log:
        code = bootstrap.run(command, log)
    folder = DIST / "loket"
    if code != 0:
        bootstrap.stop(
            f"Paket tidak dapat dibuat; rinciannya di {LOG}.", f"The package could not be made; details are in {LOG}."
        )
    for source, place in contents.server_folders():
        shutil.copytree(source, folder / "_internal" / place, symlinks=True)
    licences.write(folder / "licences")
    return folder


def windows_installer(folder: Path, version: str) -> Path:
    """The installer of that folder. Where NSIS is not installed the folder itself is all, and it is said."""
    makensis = shutil.which("makensis") or (str(NSIS) if NSIS.exists() else None)
    if makensis is None:
        bootstrap.say(
            "Tanpa NSIS pemasangnya tidak dibuat. Pasang NSIS, lalu jalankan lagi; foldernya sudah dapat dipakai.",
            "Without NSIS there is no installer. Install NSIS, then start again; the folder can be used as it is.",
        )
        return folder
    made = DIST / f"loket-{version}-windows.exe"
    script = PROJECT / "installers" / "windows.nsi"
    given = [f"-DVERSION={version}", f"-DFOLDER={folder}", f"-DMADE={made}"]
    subprocess.run([makensis, "-V2", *given, str(script)], check=True)
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
