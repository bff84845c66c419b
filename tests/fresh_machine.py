"""Proves the README's two commands on a bare Debian that has Python and nothing else. Not part of the test run.

    sudo python3 tests/fresh_machine.py [--release bookworm] [--folder EMPTY_FOLDER]

Builds the system with mmdebstrap in a folder, clones the last commit into it, and in there: starts without a display
(a sentence, exit code 2), opens the window on a display of its own, opens it again (fast now), and runs every check.
Needs on this machine: mmdebstrap git xvfb x11-utils. Its pip settings and certificates are lent to the bare system.
"""

import argparse
import contextlib
import os
import re
import shutil
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", default="bookworm")
    parser.add_argument("--folder", type=Path, help="build here and keep it; else a temporary folder")
    asked = parser.parse_args()
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if os.geteuid() != 0 or missing:
        sys.exit(f"needs root, and these programs: {' '.join(missing)}")
    if "LOKET_OWN_MOUNTS" not in os.environ:  # what is mounted below vanishes with this process
        command = ["unshare", "--mount", sys.executable, *sys.argv]
        os.execvpe(command[0], command, {**os.environ, "LOKET_OWN_MOUNTS": "1"})
    if asked.folder:
        return prove(asked.folder.resolve(), asked.release)
    with tempfile.TemporaryDirectory(prefix="loket-fresh-", ignore_cleanup_errors=True) as folder:
        try:
            return prove(Path(folder), asked.release)
        finally:
            unmount(Path(folder))


def prove(root: Path, release: str) -> int:
    step(f"a bare {release} with Python")
    subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", "--include=python3", release, str(root)], check=True)
    lend_network_settings(root)
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
            print(f"window after {open_window(root, name):.2f} s")
    step("python3 main.py test")
    code, said, seconds = run(root, "python3", "main.py", "test", echo=True)
    print(f"exit code {code} after {seconds:.0f} s")
    return 0 if code == 0 and re.search(r"^\d+ passed, 0 failed", said.splitlines()[-1]) else 1


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
    subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], check=True)
    subprocess.run(["mount", "--rbind", "/dev", str(root / "dev")], check=True)
    sockets = root / "tmp/.X11-unix"
    sockets.mkdir()
    Path("/tmp/.X11-unix").mkdir(exist_ok=True)
    subprocess.run(["mount", "--bind", "/tmp/.X11-unix", str(sockets)], check=True)


def unmount(root: Path) -> None:
    """Before the folder is deleted: what is mounted in it is this machine's own."""
    for name in ("proc", "dev", "tmp/.X11-unix"):
        subprocess.run(["umount", "-R", str(root / name)], capture_output=True, check=False)


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


def run(root: Path, *command: str, echo: bool = False) -> tuple[int, str, float]:
    """Exit code, output and seconds of a command in the bare system."""
    started = time.monotonic()
    said = ""
    with subprocess.Popen(
        chroot(root, *command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
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


def open_window(root: Path, name: str) -> float:
    """Seconds from the command to a window on the display, which is then closed."""
    started = time.monotonic()
    program = subprocess.Popen(chroot(root, "python3", "main.py", "--profile", "/tmp/profile", DISPLAY=name))
    try:
        while program.poll() is None and time.monotonic() < started + 300:
            tree = subprocess.run(["xwininfo", "-root", "-tree", "-display", name], capture_output=True, text=True)
            if WINDOW.search(tree.stdout):
                return time.monotonic() - started
            time.sleep(0.02)
        sys.exit(f"no window; exit code {program.poll()}")
    finally:
        program.terminate()
        program.wait()


if __name__ == "__main__":
    sys.exit(main())
