"""Proves the README's two commands on a bare Debian that has Python and nothing else. Not part of the test run.

    sudo python3 tests/fresh_machine.py [--release bookworm] [--folder EMPTY_FOLDER] [--package FILE.deb]

Builds the system with mmdebstrap in a folder, clones the last commit into it, and in there: starts without a display
(a sentence, exit code 2), opens the window on a display of its own, opens it again (fast now), and runs every check.
With --package the system has not even Python: it installs what `main.py package deb` made, walks the tour by keys
(saved files, papers, a hall with its centre), opens the window twice, and three counters beside each other.
Needs on this machine: mmdebstrap git xvfb x11-utils. Its pip settings and certificates are lent to the bare system.
"""

import argparse
import contextlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TOOLS = ["mmdebstrap", "git", "Xvfb", "xwininfo", "unshare", "chroot"]
HOME = Path("opt/loket")  # of the program, in the bare system
LENT = ["/etc/resolv.conf", "/etc/pip.conf"]
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
LENT_CERTIFICATES = "/etc/lent-certificates.crt"  # not in its own place, where installing a package may renew it
WINDOW = re.compile(r': \("loket" "Loket"\) +\d{3,}x\d{3,}')
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}
COUNTERS = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", default="bookworm")
    parser.add_argument("--folder", type=Path, help="build here and keep it; else a temporary folder")
    parser.add_argument("--package", type=Path, help="a .deb to install and try, in place of the clone and its checks")
    asked = parser.parse_args()
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if os.geteuid() != 0 or missing:
        sys.exit(f"needs root, and these programs: {' '.join(missing)}")
    if "LOKET_OWN_MOUNTS" in os.environ:
        return prove(asked.folder.resolve(), asked.release, asked.package)
    if asked.folder:
        return inside_own_mounts()
    # Deleted out here, where nothing is mounted in it: in there that would delete through what is mounted.
    with tempfile.TemporaryDirectory(prefix="loket-fresh-") as folder:
        return inside_own_mounts("--folder", folder)


def inside_own_mounts(*more: str) -> int:
    """This command again; whatever it mounts and starts ends with it."""
    own = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    command = [*own, sys.executable, *sys.argv, *more]
    return subprocess.run(command, env={**os.environ, "LOKET_OWN_MOUNTS": "1"}, check=False).returncode


def prove(root: Path, release: str, package: Path | None) -> int:
    step(f"a bare {release}" if package else f"a bare {release} with Python")
    brings = [] if package else ["--include=python3"]
    subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", *brings, release, str(root)], check=True)
    lend_network_settings(root)
    return prove_package(root, package) if package else prove_clone(root)


def prove_clone(root: Path) -> int:
    step("a fresh clone")
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(PROJECT), str(root / HOME)], check=True)
    mount(root)

    step("python3 main.py, no display")
    code, said, seconds = run(root, "python3", "main.py")
    print(said, f"exit code {code} after {seconds:.0f} s")
    if code != 2 or "found no display" not in said:
        return 1
    with display() as name:
        for attempt in ("first", "second"):
            step(f"python3 main.py, {attempt} window")
            seconds = open_window(root, name, "python3", "main.py", "--profile", "/tmp/profile")
            print(f"window after {seconds:.2f} s")
    step("python3 main.py test")
    code, said, seconds = run(root, "python3", "main.py", "test", echo=True)
    print(f"exit code {code} after {seconds:.0f} s")
    return 0 if code == 0 and re.search(r"^\d+ passed, 0 failed", said.splitlines()[-1]) else 1


def prove_package(root: Path, package: Path) -> int:
    (root / HOME).mkdir(parents=True)
    shutil.copy(package, root / HOME / "loket.deb")
    mount(root)
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "./loket.deb"]):
        step(" ".join(command))
        code, said, seconds = run(root, *command, DEBIAN_FRONTEND="noninteractive")
        print(said if code else "", f"exit code {code} after {seconds:.0f} s")
        if code:
            return 1
    # What it does without a display: command, exit code, and what it says.
    for arguments, expected, sentence in (
        ([], 2, "found no display"),
        (["--profile", "/tmp/none", "doctor"], 1, "/tmp/none"),
        (["--profile", "/tmp/centre", "centre", "status"], 1, "Mulai dengan loket centre init"),
        (["tour", "/tmp/tour"], 0, "gambar disimpan"),
    ):
        step(" ".join(["loket", *arguments]))
        code, said, seconds = run(root, "loket", *arguments)
        print(said, f"exit code {code} after {seconds:.0f} s")
        if code != expected or sentence not in said:
            return 1
    print(f"papers of the tour: {len(list((root / 'tmp/tour/papers').glob('*.pdf')))}")
    with display() as name:
        for attempt in ("first", "second"):
            step(f"loket, {attempt} window")
            print(f"window after {open_window(root, name, 'loket', '--profile', '/tmp/profile'):.2f} s")
        step(f"loket demo --counters {COUNTERS}")
        seconds = open_window(root, name, "loket", "demo", "--counters", str(COUNTERS), windows=COUNTERS + 1)
        print(f"{COUNTERS} counters and their switches after {seconds:.0f} s")
    return 0


def step(name: str) -> None:
    print(f"\n=== {name}", flush=True)


def lend_network_settings(root: Path) -> None:
    for name in LENT:
        if Path(name).exists():
            copy = root / name.lstrip("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            shutil.copy(name, copy)
    if Path(CERTIFICATES).exists():
        shutil.copy(CERTIFICATES, root / LENT_CERTIFICATES.lstrip("/"))


def mount(root: Path) -> None:
    """Nothing of this machine's own is mounted: devices are made anew, and X is reached without a file."""
    for kind, name in (("proc", "proc"), ("tmpfs", "dev"), ("devpts", "dev/pts"), ("tmpfs", "dev/shm")):
        (root / name).mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", kind, kind, str(root / name)], check=True)
    for name, number in DEVICES.items():
        os.mknod(root / "dev" / name, stat.S_IFCHR | 0o666, os.makedev(*number))
        (root / "dev" / name).chmod(0o666)
    (root / "dev/fd").symlink_to("/proc/self/fd")


def chroot(root: Path, *command: str, **variables: str) -> list[str]:
    lent = {
        name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.lower().endswith("_proxy")
    }
    settings = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/" + "root", "LANG": "C.UTF-8", **lent, **variables}
    if (root / LENT_CERTIFICATES.lstrip("/")).exists():
        settings["PIP_CERT"] = LENT_CERTIFICATES
    inside = f'cd /{HOME} && exec "$@"'
    pairs = [f"{name}={value}" for name, value in settings.items()]
    return ["chroot", str(root), "env", "-i", *pairs, "sh", "-c", inside, "sh", *command]


def run(root: Path, *command: str, echo: bool = False, **variables: str) -> tuple[int, str, float]:
    """Exit code, output and seconds of a command in the bare system."""
    started = time.monotonic()
    said = ""
    with subprocess.Popen(
        chroot(root, *command, **variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        for line in process.stdout:
            said += line
            if echo:
                print(line, end="", flush=True)
    return process.returncode, said, time.monotonic() - started


@contextlib.contextmanager
def display() -> Iterator[str]:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def open_window(root: Path, name: str, *command: str, windows: int = 1) -> float:
    """Seconds from the command to so many windows on the display, which are then closed."""
    started = time.monotonic()
    program = subprocess.Popen(chroot(root, *command, DISPLAY=name))
    try:
        while program.poll() is None and time.monotonic() < started + 300:
            tree = subprocess.run(["xwininfo", "-root", "-tree", "-display", name], capture_output=True, text=True)
            if len(WINDOW.findall(tree.stdout)) >= windows:
                return time.monotonic() - started
            time.sleep(0.02)
        sys.exit(f"no window; exit code {program.poll()}")
    finally:
        program.terminate()
        program.wait()


if __name__ == "__main__":
    sys.exit(main())
