"""Makes what Loket runs in: the virtual environment, its packages by hash, the Linux libraries that Qt needs.

Uses the standard library only. Once all is in place, a start costs one look at a stamp: no pip, no search.
Sentences are Indonesian, then English: the language setting is read by packages that are not here yet.
"""

import contextlib
import ctypes
import errno
import glob
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NoReturn

PROJECT = Path(os.path.realpath(__file__)).parent
# Within a package (installers/) all is in place, and nothing is ever installed.
PACKAGED = bool(getattr(sys, "frozen", False))
# Packages are made in an environment of their own: what is in it goes into them, and nobody else needs its tools.
PACKAGING = sys.argv[1:2] == ["package"]
VENV = PROJECT / (".venv-package" if PACKAGING else ".venv")
VENV_PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
SETUP_TURN = PROJECT / "setup.busy"
SETUP_LOG = PROJECT / "setup.log"

# The file each lock names, least first; an environment made for one serves all before it.
LOCKS = ["requirements.lock", "requirements-package.lock" if PACKAGING else "requirements-dev.lock"]

# Shared library that Qt loads -> its Debian package (see current_names for systems that renamed some).
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libcups.so.2": "libcups2",
}
# Program that the tests start -> its Debian package.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "cupsd": "cups",
    "lpadmin": "cups-client",
    "postgres": "postgresql",
    "dbus-run-session": "dbus-daemon",
    "at-spi-bus-launcher": "at-spi2-core",
    "strace": "strace",
}
# Program that making a package starts -> its Debian package.
PACKAGE_PROGRAMS = {"objdump": "binutils"}
# File of what only root can start, and so no search of a PATH finds -> its Debian package.
TEST_FILES = {
    "/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd": "printer-driver-cups-pdf",
}

# What a failed step wrote -> what it means for the person who waits. The first that fits is said.
DISK_FULL = (
    "Penyimpanan komputer ini penuh. Sediakan sekitar 1 GB, lalu jalankan lagi.",
    "This computer's disk is full. Free about 1 GB, then start again.",
)
TROUBLES = {
    r"No space left|disk full|not enough space": DISK_FULL,
    r"DO NOT MATCH THE HASHES": (
        "Paket yang diunduh tidak sama dengan yang tercatat, jadi tidak dipasang. Jalankan lagi; "
        "bila terulang, hubungi pengelola jaringan.",
        "A downloaded package is not the recorded one, so it was not installed. Start again; "
        "if it happens again, ask whoever runs the network.",
    ),
    r"CERTIFICATE_VERIFY_FAILED": (
        "Sambungan aman ke sumber paket ditolak. Periksa tanggal dan jam komputer ini; bila sudah benar, "
        "hubungi pengelola jaringan.",
        "The secure connection to the packages was refused. Check this computer's date and time; if they are right, "
        "ask whoever runs the network.",
    ),
    r"NewConnectionError|Timeout|ProxyError|name resolution|getaddrinfo|Connection (refused|reset|aborted)"
    r"|Network is unreachable": (
        "Internet tidak terjangkau, padahal perlu untuk menyiapkan program. Sambungkan, lalu jalankan lagi.",
        "The internet cannot be reached, and setting up the program needs it. Connect, then start again.",
    ),
    r"WinError (5|32)\b": (
        "Berkas program sedang dipakai. Tutup semua jendela Loket, lalu jalankan lagi.",
        "The program's files are in use. Close every Loket window, then start again.",
    ),
    r"No matching distribution": (
        "Paket untuk Python ini tidak ada di sistem ini. Pakai Python 3.11 sampai 3.14 versi 64-bit.",
        "There are no packages for this Python on this system. Use a 64-bit Python 3.11 to 3.14.",
    ),
}

# Arguments that open no window, so need no display.
WINDOWLESS = {"bench", "doctor", "tour", "centre", "join", "-h", "--help"}


def enter_environment(lock_name: str) -> None:
    """Return only inside .venv with all that `lock_name` asks for; else make it and start again there."""
    if PACKAGED:
        return
    if os.path.realpath(sys.prefix) == str(VENV) and is_ready(lock_name):
        os.environ.pop("LOKET_HANDED_OVER", None)
        return
    if os.environ.get("LOKET_HANDED_OVER") == str(VENV):  # else a strange machine would start us for ever
        stop(
            f"Folder {VENV} rusak. Hapus folder itu, lalu jalankan lagi.",
            f"The folder {VENV} is broken. Delete it, then start again.",
        )
    if not is_ready(lock_name):
        make_ready(lock_name)
    start_again(LOKET_HANDED_OVER=str(VENV))


def repair(error: ImportError) -> None:
    """Put back a package or library that a start missed, and start again, once; our own mistakes pass by."""
    if PACKAGED or (error.name or "").partition(".")[0] == "desktop" or "LOKET_REPAIRED" in os.environ:
        return
    if not missing_packages("requirements.lock"):
        drop_stamps()
    make_ready("requirements.lock")
    start_again(LOKET_REPAIRED="1")


def require_display(arguments: list[str]) -> None:
    """Stop with exit code 2 where no window can open: Qt itself would abort."""
    chosen = os.environ.get("QT_QPA_PLATFORM") or "wayland;xcb"
    if WINDOWLESS.intersection(arguments) or not sys.platform.startswith("linux"):
        return
    if "wayland" not in chosen and "xcb" not in chosen:  # offscreen and its like, asked for on purpose
        return
    if ("wayland" in chosen and wayland_answers()) or ("xcb" in chosen and x_server_answers()):
        return
    stop(
        "Loket tidak menemukan layar. Jalankan dari desktop komputer ini, bukan lewat SSH atau konsol teks.",
        "Loket found no display. Start it from this computer's desktop, not over SSH or on a text console.",
        code=2,
    )


def wayland_answers() -> bool:
    """Whether the compositor takes a connection: a stale name in the environment is as bad as none."""
    if "WAYLAND_DISPLAY" not in os.environ or not loads("libwayland-client.so.0"):
        return False
    wayland = ctypes.CDLL("libwayland-client.so.0")
    wayland.wl_display_connect.restype = ctypes.c_void_p
    connection = wayland.wl_display_connect(None)
    if connection:
        wayland.wl_display_disconnect(ctypes.c_void_p(connection))
    return bool(connection)


def x_server_answers() -> bool:
    """Whether the X server takes a connection from this user."""
    if "DISPLAY" not in os.environ or not loads("libxcb.so.1"):
        return False
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = not xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return answers


# The stamp: what the environment was made from, where, and with which Python.


def stamp_of(lock_name: str) -> str:
    digest = hashlib.sha256((PROJECT / lock_name).read_bytes()).hexdigest()
    return f"{digest}\n{VENV}\n"


def read_stamp(lock_name: str) -> str:
    """The stamp, if the environment stands where it was made and its Python still exists; else nothing."""
    try:
        stamp = (VENV / f"{lock_name}.stamp").read_text("utf-8")
        _, place, python = stamp.splitlines()
    except (OSError, ValueError):
        return ""
    files = [Path(python), VENV_PYTHON, VENV / "pyvenv.cfg"]
    return stamp if place == str(VENV) and all(file.exists() for file in files) else ""


def is_ready(lock_name: str) -> bool:
    return read_stamp(lock_name).startswith(stamp_of(lock_name))


def write_stamps(lock_name: str) -> None:
    for name in LOCKS[: LOCKS.index(lock_name) + 1]:
        stamp = VENV / f"{name}.stamp"
        unfinished = stamp.with_suffix(".new")
        unfinished.write_text(stamp_of(name) + base_python() + "\n", "utf-8")
        os.replace(unfinished, stamp)


def drop_stamps() -> None:
    for name in LOCKS:
        (VENV / f"{name}.stamp").unlink(missing_ok=True)


def base_python() -> str:
    """The Python outside .venv. Its real name carries the version, so that an upgrade is noticed."""
    python: str = getattr(sys, "_base_executable", sys.executable)
    return python if sys.platform == "win32" else os.path.realpath(python)


# The slow way, once for every change of the lock.


def make_ready(lock_name: str) -> None:
    """Install whatever is missing, one start at a time; where that cannot be, stop with a sentence."""
    try:
        with one_at_a_time() as turn, SETUP_LOG.open("w", encoding="utf-8") as log:
            install_system_packages(lock_name, log)
            if not is_ready(lock_name):
                install_python_packages(lock_name, turn, log)
        SETUP_LOG.unlink()
    except KeyboardInterrupt:
        stop(
            "Penyiapan dihentikan. Jalankan lagi untuk melanjutkan.",
            "Setting up was stopped. Start again to go on.",
        )
    except OSError as error:
        if error.errno == errno.ENOSPC:
            stop(*DISK_FULL)
        stop(
            f"Folder program tidak dapat ditulisi: {PROJECT} ({error.strerror}). "
            "Tutup semua jendela Loket, atau pindahkan ke folder milik Anda, lalu jalankan lagi.",
            f"The program's folder cannot be written to: {PROJECT} ({error.strerror}). "
            "Close every Loket window, or move it to a folder of yours, then start again.",
        )


@contextlib.contextmanager
def one_at_a_time() -> Iterator[IO[str]]:
    """Wait for another start that is setting up; the kernel frees the turn with its last process."""
    with SETUP_TURN.open("a", encoding="utf-8") as turn:
        if not try_lock(turn):
            say(
                "Program sedang disiapkan di jendela lain; menunggu ...",
                "The program is being set up in another window; waiting ...",
            )
            while not try_lock(turn):
                time.sleep(0.2)
        yield turn


def try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def install_python_packages(lock_name: str, turn: IO[str], log: IO[str]) -> None:
    whole = any(read_stamp(name) for name in LOCKS)
    if whole:
        say("Memperbarui program, sekitar 1 menit ...", "Updating the program, about 1 minute ...")
    else:
        say(
            "Menyiapkan program untuk pertama kali, sekitar 1 menit ...",
            "Setting up the program for the first time, about 1 minute ...",
        )
    drop_stamps()  # from here until the new stamps, whatever a start that was cut off left counts for nothing
    pip_install = [
        *(
            str(VENV_PYTHON),
            "-m",
            "pip",
            "install",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--no-user",
        ),
        *("--no-input", "--disable-pip-version-check", "--no-warn-script-location"),
        *("--root-user-action", "ignore", "-r", str(PROJECT / lock_name)),
    ]
    if not whole:
        remove(VENV)
        if run([base_python(), "-m", "venv", str(VENV)], log, turn) != 0:
            stop(*trouble())
    if run(pip_install, log, turn) != 0:
        stop(*trouble())
    write_stamps(lock_name)


def remove(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


def trouble() -> tuple[str, str]:
    """What the setup log says, in words."""
    log = SETUP_LOG.read_text("utf-8", errors="replace")
    for pattern, sentences in TROUBLES.items():
        if re.search(pattern, log, re.IGNORECASE):
            return sentences
    return (
        f"Program tidak dapat disiapkan; rinciannya di {SETUP_LOG}. Jalankan lagi untuk mencoba ulang.",
        f"The program could not be set up; the details are in {SETUP_LOG}. Start again to retry.",
    )


# Linux: what neither Python nor pip brings.


def missing_packages(lock_name: str) -> list[str]:
    """Debian's names for what this Linux lacks; empty on other systems."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    if importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    missing += [package for library, package in LIBRARIES.items() if not loads(library)]
    if lock_name == "requirements-dev.lock":
        # Daemons live where a plain user's PATH does not look.
        daemons = ["/usr/sbin", "/usr/libexec", *glob.glob("/usr/lib/postgresql/*/bin")]
        places = ":".join([os.environ.get("PATH", os.defpath), *daemons])
        missing += [package for program, package in TEST_PROGRAMS.items() if not shutil.which(program, path=places)]
        missing += [package for file, package in TEST_FILES.items() if not os.path.exists(file)]
    if lock_name == "requirements-package.lock":
        missing += [package for program, package in PACKAGE_PROGRAMS.items() if not shutil.which(program)]
        # The program of a package loads Python as a library, which Debian keeps apart from the command.
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        if not loads(f"lib{python}.so.1.0") and not glob.glob(f"{sys.base_prefix}/lib/lib{python}.so*"):
            missing.append(f"lib{python}")
    return missing


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_system_packages(lock_name: str, log: IO[str]) -> None:
    missing = missing_packages(lock_name)
    if not missing:
        return
    if not shutil.which("apt-get"):
        names = ", ".join(missing)
        stop(
            f"Sistem ini belum memiliki yang di Debian bernama: {names}. Pasang padanannya, lalu mulai lagi.",
            f"This system lacks what Debian calls: {names}. Install its equivalents, then start again.",
        )
    rights = root_rights()
    if rights is None:
        name_packages(missing)
    say(f"Memasang {len(missing)} paket sistem ...", f"Installing {len(missing)} system packages ...")
    # What Debian does besides installing: it asks nothing, and leaves the PostgreSQL that it sets up at rest.
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", f"PGSYSCONFDIR={PROJECT / 'tests' / 'postgresql'}"]
    apt_get = [*rights, *quietly, "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    run([*apt_get, "update"], log)  # may fail in part (a dead source): the installation itself decides
    run([*apt_get, "install", "-y", "--no-install-recommends", *current_names(missing)], log)
    still_missing = missing_packages(lock_name)
    if still_missing:
        name_packages(still_missing)


def root_rights() -> list[str] | None:
    """What goes before a command to run it as root: nothing, a sudo that asks nothing, or None if neither."""
    if sys.platform != "win32" and os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asks = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode
    return None if asks else ["sudo", "-n"]


def current_names(packages: Iterable[str]) -> list[str]:
    """The names on this system: Debian 13 and Ubuntu 24.04 added "t64" to some."""
    listed = subprocess.run(["apt-cache", "pkgnames"], capture_output=True, text=True, check=False).stdout
    known = set(listed.split())
    return [f"{package}t64" if f"{package}t64" in known else package for package in packages]


def name_packages(missing: list[str]) -> NoReturn:
    command = "sudo apt-get install " + " ".join(current_names(missing))
    stop(
        f"Beberapa paket sistem belum terpasang. Jalankan ini, lalu mulai lagi:\n    {command}",
        f"Some system packages are missing. Run this, then start again:\n    {command}",
    )


# Speaking and running.


def say(indonesian: str, english: str) -> None:
    print(f"{indonesian}\n{english}", flush=True)


def stop(indonesian: str, english: str, code: int = 1) -> NoReturn:
    print(f"{indonesian}\n{english}", file=sys.stderr, flush=True)
    raise SystemExit(code)


def run(command: list[str], log: IO[str], turn: IO[str] | None = None) -> int:
    """The exit code of a command that writes to the log; if it outlives us, it keeps our turn."""
    keep = (turn.fileno(),) if turn and sys.platform != "win32" else ()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, pass_fds=keep
    ) as process:
        while True:
            try:
                return process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                if sys.stdout and sys.stdout.isatty():
                    print(".", end="", flush=True)  # a slow line, not a dead program


def start_again(**environment: str) -> NoReturn:
    """Become the same command inside the environment; Windows cannot, so there it is run and awaited."""
    command = [str(VENV_PYTHON), str(PROJECT / "main.py"), *sys.argv[1:]]
    variables = {**os.environ, **environment}
    for name in ("PYTHONHOME", "PYTHONPATH"):  # another Python's: the environment would read foreign packages
        variables.pop(name, None)
    if sys.platform != "win32":
        os.execve(command[0], command, variables)
    try:
        raise SystemExit(subprocess.run(command, env=variables, check=False).returncode)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
