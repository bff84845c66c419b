"""The .deb: the folder under /usr/lib/loket, what starts it from a menu or a terminal, and what it needs of Debian."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

HOME = Path("usr", "lib", "loket")
# Read or started by name, so that no library says so; the queue of a printer lives in CUPS.
NEEDED = ["tzdata"]
RECOMMENDED = ["cups"]
SUMMARY = "penerimaan permohonan di loket Mal Pelayanan Publik"
SAID_MORE = """\
 Loket mencatat siapa yang datang dan untuk apa, memeriksa syarat, dan mencetak
 tanda terima atau lembar kekurangan; semuanya juga tanpa jaringan.
 .
 The front desk of an Indonesian hall of public services."""
MENU = f"""\
[Desktop Entry]
Type=Application
Name=Loket
Comment={SUMMARY[0].upper()}{SUMMARY[1:]}
Comment[en]=The front desk of a hall of public services
Exec=loket
Icon=loket
Categories=Office;
StartupWMClass=Loket
"""
ABOUT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Loket
Comment: Every library that comes along is named with its version and licence in
 /usr/lib/loket/licences/DAFTAR.txt; the texts lie beside it, among them LGPL-3 and GPL-3.
 How to exchange the libraries under the LGPL is said in BACA-DULU.txt there.

Files: *
Copyright: the makers of Loket
License: not-yet-decided
 The licence of Loket itself has not yet been decided by the customer.

Files: usr/lib/loket/_internal/PySide6/* usr/lib/loket/_internal/shiboken6/* usr/lib/loket/_internal/psycopg*
Copyright: The Qt Company Ltd and contributors; The Psycopg Team
License: LGPL-3
 The text is /usr/lib/loket/licences/LGPL-3.txt; on Debian also /usr/share/common-licenses/LGPL-3.
"""


def build(folder: Path, version: str, into: Path) -> Path:
    """The package of the program in ``folder``, written into ``into``."""
    depends = sorted({*NEEDED, *packages_for(folder)})
    root = into / "deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root / HOME, symlinks=True)
    files = {
        "usr/share/applications/loket.desktop": MENU,
        "usr/share/doc/loket/copyright": ABOUT,
        "DEBIAN/control": control(version, depends, kibibytes(root)),
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    icon = root / "usr/share/icons/hicolor/scalable/apps/loket.svg"
    icon.parent.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("loket.svg"), icon)
    (root / "usr/bin").mkdir()
    (root / "usr/bin/loket").symlink_to("../lib/loket/loket")
    for path in [root, *root.rglob("*")]:  # whatever this account's umask says, every user may read and start it
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    made = into / f"loket_{version}_{architecture()}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zzstd", "--build", root, made], check=True)
    shutil.rmtree(root)
    return made


def control(version: str, depends: list[str], size: int) -> str:
    """The file ``control``; ``size`` in KiB."""
    return "\n".join(
        [
            "Package: loket",
            f"Version: {version}",
            f"Architecture: {architecture()}",
            "Maintainer: Loket <loket@localhost>",
            "Section: misc",
            "Priority: optional",
            f"Installed-Size: {size}",
            f"Depends: {', '.join([f'libc6 (>= {platform.libc_ver()[1]})', *depends])}",
            f"Recommends: {', '.join(RECOMMENDED)}",
            f"Description: {SUMMARY}",
            SAID_MORE,
            "",
        ]
    )


def packages_for(folder: Path) -> set[str]:
    """Debian's packages of the libraries that the program loads and does not bring. LookupError names one unknown."""
    brought = {path.name for path in folder.rglob("*.so*")}
    found = set()
    for library in needed(folder) - brought:
        package = owner(_places().get(library, ""))
        if package is None:
            raise LookupError(library)
        found.add(package)
    return found - {"libc6"}


def needed(folder: Path) -> set[str]:
    """The libraries that the programs and libraries of a folder ask the loader for."""
    names: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and _is_binary(path):
            said = subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True).stdout
            names.update(re.findall(r"^ +NEEDED +(\S+)", said, re.MULTILINE))
    return names


@cache
def owner(path: str) -> str | None:
    """Debian's package that a file on this machine belongs to; None for any other file, and where there is no dpkg."""
    if not path or not shutil.which("dpkg"):
        return None
    real = os.path.realpath(path)
    # Its list may name the file as it lay before /lib became a part of /usr.
    for name in (real, real.removeprefix("/usr")):
        done = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    return None


def architecture() -> str:
    """ "amd64": Debian's name for this kind of processor."""
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def kibibytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) // 1024


@cache
def _places() -> dict[str, str]:
    """Where this machine's loader finds each library."""
    loader = shutil.which("ldconfig", path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin")
    said = subprocess.run([loader or "ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    return {name: place for name, place in re.findall(r"^\t(\S+) \(libc6.*\) => (\S+)$", said, re.MULTILINE)}


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
