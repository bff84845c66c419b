"""Proves under Wine what `main.py package windows` makes. Not part of the test run; Wine is not Windows.

    python3 tests/wine.py PYTHON_FOLDER [--folder EMPTY_FOLDER]

PYTHON_FOLDER holds the embeddable package of a 64-bit Python for Windows. In a Wine of its own, that Python makes the
package of the last commit; the installer is made from it, installs it without a question, and the installed program
answers, walks the tour until the centre (Wine 8 cannot run its PostgreSQL), and is removed again.
Needs on this machine: wine64 nsis gcc-mingw-w64-x86-64 git. Takes a quarter of an hour and more.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TOOLS = ["makensis", "x86_64-w64-mingw32-gcc", "git"]
WINE = shutil.which("wine64") or "/usr/lib/wine/wine64"
# Libraries of Windows 10 that Wine 8 lacks, wholly or in part: Rust's random numbers, Qt's code pages and colours.
NUMBERS = """
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }
"""
ABSENT = {
    "icuuc": "UCNV_FROM_U_CALLBACK_SUBSTITUTE UCNV_TO_U_CALLBACK_SUBSTITUTE ucnv_cbFromUWriteUChars "
    "ucnv_cbToUWriteUChars ucnv_close ucnv_countAvailable ucnv_fromUCountPending ucnv_fromUnicode "
    "ucnv_getAvailableName ucnv_getFromUCallBack ucnv_getMaxCharSize ucnv_getName ucnv_getStandardName "
    "ucnv_getToUCallBack ucnv_open ucnv_reset ucnv_setFromUCallBack ucnv_setToUCallBack ucnv_toUCountPending "
    "ucnv_toUnicode",
    "mscms": "CloseColorProfile GetColorProfileFromHandle OpenColorProfileW WcsCreateIccProfile",
}
# Python 3.13 copies files with a call that Wine 8 lacks, and takes its older way where the call is not there.
WITHOUT_COPYFILE2 = """\
import _winapi
if hasattr(_winapi, "CopyFile2"):
    del _winapi.CopyFile2
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", type=Path, help="the folder of the embeddable package")
    parser.add_argument("--folder", type=Path, help="build here and keep it; else a temporary folder")
    asked = parser.parse_args()
    missing = [tool for tool in (*TOOLS, WINE) if not shutil.which(tool)]
    if missing or not (asked.python / "python.exe").exists():
        sys.exit(f"needs these programs: {' '.join(missing)}; and python.exe in {asked.python}")
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
        return prove(asked.folder.resolve(), asked.python)
    with tempfile.TemporaryDirectory(prefix="loket-wine-") as folder:
        return prove(Path(folder), asked.python)


def prove(folder: Path, python: Path) -> int:
    step("a fresh Wine")
    machine = Machine(folder)
    try:
        return prove_in(machine, python)
    finally:
        machine.serve("-k")


class Machine:
    """A Wine of its own, with what it lacks of Windows 10."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drive = folder / "wine" / "drive_c"
        kept = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
        overrides = "mscoree,mshtml=;mscms=n,b"
        self.settings = {
            **kept, "WINEPREFIX": str(folder / "wine"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": overrides,
            "PYTHONUTF8": "1",
        }  # fmt: skip
        self.run("wineboot", "-i")
        self.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
        absent = {name: "".join(f"__declspec(dllexport) long long {function}(void) {{ return 0; }}\n"
                                for function in functions.split()) for name, functions in ABSENT.items()}  # fmt: skip
        for name, source in {**absent, "bcryptprimitives": NUMBERS}.items():
            (folder / f"{name}.c").write_text(source, encoding="utf-8")
            made = self.drive / "windows" / "system32" / f"{name}.dll"
            made.unlink(missing_ok=True)
            compiler = ["x86_64-w64-mingw32-gcc", "-shared", "-Os", "-s", "-o", str(made), str(folder / f"{name}.c")]
            subprocess.run([*compiler, "-ladvapi32"], check=True)

    def run(self, *command: str, within: Path | None = None) -> tuple[int, str]:
        """Exit code and words of a program for Windows; without a pipe for its words Wine's Python has no output."""
        done = subprocess.run(
            [WINE, *command],
            cwd=within or self.folder,
            env=self.settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def serve(self, order: str) -> None:
        """Tell Wine's server to end what runs (-k), or wait until all of it has ended (-w)."""
        server = shutil.which("wineserver") or str(Path(WINE).with_name("wineserver"))
        subprocess.run([server, order], env=self.settings, check=False, timeout=600)


def prove_in(machine: Machine, python: Path) -> int:
    step("the package, made by Python for Windows")
    source = machine.folder / "loket"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(PROJECT), str(source)], check=True)
    if not make_package(machine, python, source):
        return 1
    made = make_installer(source)
    step(f"{made.name} /S")
    code, said = machine.run(str(made), "/S")
    home = machine.drive / "Program Files" / "Loket"
    print(said, f"exit code {code}, {len(list(home.rglob('*')))} files")
    links = list((machine.drive / "ProgramData").rglob("Loket.lnk"))
    if code or not (home / "loket.exe").exists() or not links:
        return 1
    for arguments, expected, sentence in (
        (["--help"], 0, "tour"),
        (["--profile", r"C:\none", "doctor"], 1, r"C:\none"),
        (["tour", r"C:\tour"], 1, "server.log"),
    ):
        step(" ".join(["loket-cmd", *arguments]))
        code, said = machine.run(str(home / "loket-cmd.exe"), *arguments)
        print(said, f"exit code {code}")
        if code != expected or sentence not in said:
            return 1
    pictures = len(list((machine.drive / "tour").glob("*.png")))
    print(f"pictures of the tour: {pictures}, papers: {len(list((machine.drive / 'tour/papers').glob('*.pdf')))}")
    step("uninstall.exe /S")
    code, said = machine.run(str(home / "uninstall.exe"), "/S")
    machine.serve("-w")  # it goes on from a copy of itself
    left = [place for place in (home, links[0]) if place.exists()]
    print(said, f"exit code {code}, left: {left}")
    return 0 if code == 0 and pictures and not left else 1


def make_package(machine: Machine, python: Path, source: Path) -> bool:
    home = shutil.copytree(python, machine.folder / "python")
    for path in home.glob("python*._pth"):
        path.write_text(f"{path.stem}.zip\n.\n..\\libraries\n..\\loket\nimport site\n", encoding="utf-8")
    (home / "sitecustomize.py").write_text(WITHOUT_COPYFILE2, encoding="utf-8")
    (home / "_wmi.pyd").unlink(missing_ok=True)  # asks what kind of machine this is in a way that ends Wine 8
    install_libraries(source, home, machine.folder / "libraries")
    code, said = machine.run(str(home / "python.exe"), r"installers\build.py", "windows", within=source)
    print(said, f"exit code {code}")
    return code == 0


def make_installer(source: Path) -> Path:
    """The installer of the folder that Windows' Python made, as build.py asks NSIS for it, but one of 64 bits.

    NSIS makes one of 32 unless told, and a Wine of 64 bits does not run that.
    """
    made = source / "dist" / "loket-windows.exe"
    given = ["-DVERSION=0", f"-DFOLDER={source / 'dist' / 'loket'}", f"-DMADE={made}"]
    script = source / "installers" / "windows.nsi"
    subprocess.run(["makensis", "-V2", "-XTarget amd64-unicode", *given, str(script)], check=True)
    return made


def install_libraries(source: Path, home: Path, libraries: Path) -> None:
    """The locked ones for Windows; pip would ask this machine, not that one, which conditions hold."""
    number = next(home.glob("python3??.dll")).stem.removeprefix("python")
    blocks = re.split(r"\n(?=\w)", (source / "requirements-package.lock").read_text(encoding="utf-8"))
    wanted = [re.sub(r" ; [^\\\n]+", " ", block, count=1) for block in blocks if "== 'darwin'" not in block]
    (source / "windows.lock").write_text("\n".join(wanted), encoding="utf-8")
    platform = ["--platform", "win_amd64", "--python-version", number, "--only-binary", ":all:"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", *platform]
    subprocess.run([*command, "--target", libraries, "-r", source / "windows.lock"], check=True)


def step(name: str) -> None:
    print(f"\n=== {name}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
