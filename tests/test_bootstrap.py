"""The first start on a bare machine, the second one, and every way in which a start can go wrong.

Each test starts the real main.py in a folder of its own, whose locks ask for one small wheel made here: so
venv and pip are Python's own, and no network is needed.
"""

import ast
import base64
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
FIRST_TIME = "Menyiapkan program untuk pertama kali"
UPDATING = "Memperbarui program"

APP = """
import sys

def main(arguments):
    import loket_probe
    print("RUNNING", sys.prefix, loket_probe.VERSION, *arguments)
    return 7
"""
EVERY_CHECK = """
import sys
import loket_probe
print("CHECKING", sys.argv[1:])
"""

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays and packages of Linux")


def load_bootstrap(path=PROJECT / "bootstrap.py"):
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_wheel(folder, version):
    """A wheel of one module, and its line in a lock."""
    name = f"loket_probe-{version}"
    files = {
        "loket_probe/__init__.py": f"VERSION = {version!r}\n",
        f"{name}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: loket-probe\nVersion: {version}\n",
        f"{name}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text)}\n"
    wheel = folder / f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f"{name}.dist-info/RECORD", record + f"{name}.dist-info/RECORD,,\n")
    return f"loket-probe=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


class Program:
    """A copy of the program's door, with a small program behind it."""

    def __init__(self, folder):
        self.folder = folder
        self.wheels = folder.parent / "wheels"
        self.wheels.mkdir()
        (folder / "desktop").mkdir(parents=True)
        (folder / "tests").mkdir()
        for name in ("main.py", "bootstrap.py"):
            shutil.copy(PROJECT / name, folder)
        (folder / "desktop/__init__.py").touch()
        (folder / "desktop/app.py").write_text(APP)
        (folder / "tests/every_check.py").write_text(EVERY_CHECK)
        self.ask_for("1.0")

    def ask_for(self, version):
        line = make_wheel(self.wheels, version)
        for name in ("requirements.lock", "requirements-dev.lock"):
            (self.folder / name).write_text(line)

    def command(self, *arguments):
        return [load_bootstrap().base_python(), str(self.folder / "main.py"), *arguments]

    def environment(self, **changes):
        """This machine's, without its display and its pip settings; None takes a variable away."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "LOKET_"))}
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYTHONPATH"):
            ours.pop(name, None)
        settings = {
            "QT_QPA_PLATFORM": "offscreen",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
        }
        merged = ours | settings | changes
        return {name: value for name, value in merged.items() if value is not None}

    def start(self, *arguments, **environment):
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(**environment),
            cwd=self.folder.parent,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def package(self):
        return next((self.folder / ".venv").glob("**/loket_probe"))


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path / "Program Loket")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A program whose environment stands."""
    program = Program(tmp_path_factory.mktemp("made") / "Program Loket")
    first = program.start()
    assert first.returncode == 7, first.stderr
    assert FIRST_TIME in first.stdout
    return program


def runs(result):
    return result.returncode == 7 and "RUNNING" in result.stdout and not result.stderr


# A start that finds all in place


def test_second_start_goes_straight_to_the_program_in_its_environment(made):
    result = made.start("demo", "--profile", "x", PIP_FIND_LINKS=None)
    assert runs(result)
    assert result.stdout == f"RUNNING {made.folder / '.venv'} 1.0 demo --profile x\n"
    assert not (made.folder / "setup.log").exists()


def test_start_from_inside_the_environment_is_a_start_too(made):
    command = [str(made.folder / ".venv/bin/python"), str(made.folder / "main.py")]
    if sys.platform == "win32":
        command[0] = str(made.folder / ".venv/Scripts/python.exe")
    result = subprocess.run(command, env=made.environment(), capture_output=True, text=True, check=False)
    assert runs(result)


def test_foreign_python_variables_do_not_reach_the_program(made, tmp_path):
    (tmp_path / "loket_probe.py").write_text("VERSION = 'foreign'")
    assert " 1.0" in made.start(PYTHONPATH=str(tmp_path)).stdout


def test_damaged_environment_is_repaired_by_the_next_start(made):
    shutil.rmtree(made.package())
    result = made.start()
    assert FIRST_TIME in result.stdout
    assert runs(result)
    assert FIRST_TIME not in made.start().stdout


@pytest.mark.parametrize(
    ("damage", "is_ours"), [("import no_such_package\n", False), ("import desktop.no_such_module\n", True)]
)
def test_a_mistake_of_our_own_is_not_repaired_again_and_again(made, damage, is_ours):
    app = made.folder / "desktop/app.py"
    app.write_text(damage)
    try:
        result = made.start()
    finally:
        app.write_text(APP)
    assert result.returncode == 1
    assert "ModuleNotFoundError" in result.stderr
    assert result.stdout.count(FIRST_TIME) == (0 if is_ours else 1)


def test_program_whose_environment_stays_broken_says_so_instead_of_starting_for_ever(made):
    result = made.start(LOKET_HANDED_OVER=str(made.folder / ".venv"))
    assert result.returncode == 1
    assert "rusak" in result.stderr
    assert "broken" in result.stderr


# The environment made anew, renewed, or refused


@pytest.mark.slow
def test_environment_for_the_tests_serves_the_program_too(program):
    result = program.start("test", "-k", "something")
    assert result.returncode == 0, result.stderr
    assert "CHECKING ['-k', 'something']" in result.stdout
    second = program.start()
    assert runs(second)
    assert FIRST_TIME not in second.stdout


@pytest.mark.slow
def test_new_lock_renews_the_environment_without_making_it_anew(made):
    keepsake = made.folder / ".venv/keepsake"
    keepsake.touch()
    try:
        made.ask_for("2.0")
        result = made.start()
        assert UPDATING in result.stdout
        assert " 2.0" in result.stdout
        assert keepsake.exists()
    finally:
        made.ask_for("1.0")
        assert " 1.0" in made.start().stdout


@pytest.mark.slow
def test_renewal_that_was_cut_off_is_not_trusted(made):
    """Its packages may be half there, and asking for the old ones again must not pass for having them."""
    made.ask_for("2.0")
    (made.wheels / "loket_probe-2.0-py3-none-any.whl").unlink()
    try:
        assert made.start().returncode == 1
    finally:
        made.ask_for("1.0")
    result = made.start()
    assert FIRST_TIME in result.stdout
    assert runs(result)


@pytest.mark.slow
def test_package_that_is_not_the_recorded_one_is_never_installed(program):
    make_wheel(program.wheels, "1.0")
    lock = program.folder / "requirements.lock"
    right = lock.read_text()
    lock.write_text(right[:-5] + "0000\n")
    result = program.start()
    assert result.returncode == 1
    assert "tidak sama dengan yang tercatat" in result.stderr
    assert "not the recorded one" in result.stderr
    assert not list((program.folder / ".venv").glob("**/loket_probe"))
    assert not list((program.folder / ".venv").glob("*.stamp"))
    lock.write_text(right)
    assert runs(program.start())


@pytest.mark.slow
def test_moved_folder_is_made_anew(program):
    assert runs(program.start())
    program.folder = program.folder.rename(program.folder.parent / "elsewhere")
    result = program.start()
    assert FIRST_TIME in result.stdout
    assert runs(result)
    assert str(program.folder / ".venv") in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize("what", ["python", "configuration", "base"])
def test_environment_without_its_python_is_made_anew(made, what):
    venv = made.folder / ".venv"
    stamp = venv / "requirements.lock.stamp"
    if what == "python":
        load_bootstrap(made.folder / "bootstrap.py").VENV_PYTHON.unlink()
    elif what == "configuration":
        (venv / "pyvenv.cfg").unlink()
    else:
        digest, place, _ = stamp.read_text().splitlines()
        stamp.write_text(f"{digest}\n{place}\n{venv / 'python-that-an-upgrade-took-away'}\n")
    result = made.start()
    assert FIRST_TIME in result.stdout
    assert runs(result)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there the orphan's open files hold the next start off")
def test_start_killed_in_the_middle_is_mended_by_the_next_after_the_orphan_ended(program):
    started = subprocess.Popen(
        program.command(), env=program.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not (program.folder / ".venv/bin/python").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    started.send_signal(signal.SIGKILL)
    started.wait()
    result = program.start()
    assert "sedang disiapkan di jendela lain" in result.stdout, "the orphan must have held the turn"
    assert FIRST_TIME in result.stdout
    assert runs(result)


@pytest.mark.slow
def test_two_first_starts_at_once_make_one_environment(program):
    starts = [
        subprocess.Popen(
            program.command(),
            env=program.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [start.communicate()[0] for start in starts]
    assert [start.returncode for start in starts] == [7, 7], outputs
    assert sum(FIRST_TIME in output for output in outputs) == 1


@pytest.mark.slow
def test_no_network_is_said_in_words(program):
    nobody_listens = "http://127.0.0.1:9/"
    result = program.start(PIP_NO_INDEX=None, PIP_FIND_LINKS=None, PIP_INDEX_URL=nobody_listens, PIP_RETRIES="1")
    assert result.returncode == 1
    assert "Internet tidak terjangkau" in result.stderr
    assert "internet cannot be reached" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_python_that_no_package_fits_is_said_in_words(program):
    for wheel in program.wheels.iterdir():
        wheel.rename(wheel.with_name(wheel.name.replace("py3-none", "cp30-abi3")))
    result = program.start()
    assert result.returncode == 1
    assert "Paket untuk Python ini tidak ada" in result.stderr


def test_folder_that_cannot_be_written_is_said_in_words(program):
    (program.folder / "setup.busy").mkdir()  # root may write anywhere, but not here
    result = program.start()
    assert result.returncode == 1
    assert "tidak dapat ditulisi" in result.stderr
    assert "cannot be written" in result.stderr
    assert str(program.folder) in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("pip_said", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "penuh"),
        ("[WinError 5] Access is denied: 'Qt6Core.dll'", "Tutup semua jendela"),
        ("socket.gaierror: [Errno 11001] getaddrinfo failed\nERROR: No matching distribution", "Internet"),
        (
            "SSLError(SSLCertVerificationError('[SSL: CERTIFICATE_VERIFY_FAILED]\nERROR: No matching dist",
            "jam komputer",
        ),
        ("something nobody foresaw", "rinciannya di"),
    ],
)
def test_each_trouble_of_pip_has_its_sentence(tmp_path, monkeypatch, pip_said, sentence):
    bootstrap = load_bootstrap()
    monkeypatch.setattr(bootstrap, "SETUP_LOG", tmp_path / "setup.log")
    bootstrap.SETUP_LOG.write_text(pip_said)
    assert sentence in bootstrap.trouble()[0]


# No display


@linux_only
@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":9876"}, {"WAYLAND_DISPLAY": "wayland-9876"}])
@pytest.mark.parametrize("arguments", [[], ["demo"]])
def test_no_display_is_said_in_words(made, display, arguments):
    result = made.start(*arguments, QT_QPA_PLATFORM=None, **display)
    assert result.returncode == 2
    assert "tidak menemukan layar" in result.stderr
    assert "found no display" in result.stderr
    assert "RUNNING" not in result.stdout


@linux_only
def test_the_tour_and_a_platform_asked_for_need_no_display(made):
    assert runs(made.start("tour", "pictures", QT_QPA_PLATFORM=None))
    for windowless in (["centre", "status"], ["doctor"]):
        assert runs(made.start(*windowless, QT_QPA_PLATFORM=None))
    assert runs(made.start(QT_QPA_PLATFORM="minimal"))


@linux_only
@pytest.mark.skipif(not shutil.which("Xvfb"), reason="needs an X server to connect to")
def test_display_that_answers_is_used(made):
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing)],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        assert runs(made.start(QT_QPA_PLATFORM=None, DISPLAY=f":{number}"))
    finally:
        server.terminate()
        server.wait()


# An old Python


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 9), (3, 10, 14)])
def test_old_python_is_told_the_way_out(version):
    script = f"import runpy, sys; sys.version_info = {version}; runpy.run_path({str(PROJECT / 'main.py')!r})"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert f"Loket membutuhkan Python 3.11 atau yang lebih baru, sedangkan ini Python {version[0]}." in result.stderr
    assert "Loket needs Python 3.11 or newer" in result.stderr
    assert "Traceback" not in result.stderr


def test_every_python_reads_the_first_file():
    """It must be parsed whole before its first line runs; Python 2 also wants ASCII."""
    source = (PROJECT / "main.py").read_bytes().decode("ascii")
    tree = ast.parse(source, feature_version=(3, 4))
    newer = (
        ast.JoinedStr,
        ast.AnnAssign,
        ast.arg,
        ast.NamedExpr,
        ast.Match,
        ast.AsyncFunctionDef,
        ast.Starred,
    )
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]


# Linux packages


@pytest.fixture
def debian(tmp_path, monkeypatch):
    """A bare Debian: apt and sudo write down what they are asked, and one library is missing."""
    commands = tmp_path / "commands"
    commands.mkdir()

    def install(name, script):
        (commands / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/asked"\n{script}\n')
        (commands / name).chmod(0o755)

    install("apt-get", "exit 0")
    install("apt-cache", "echo libnone1t64; echo libother2")
    install("sudo", 'shift; exec "$@"')
    monkeypatch.setenv("PATH", f"{commands}:/usr/bin:/bin")
    bootstrap = load_bootstrap()
    monkeypatch.setattr(bootstrap, "LIBRARIES", {"libnone.so.1": "libnone1", "libc.so.6": "libc6"})
    bootstrap.commands = commands
    bootstrap.asked = lambda: (tmp_path / "asked").read_text() if (tmp_path / "asked").exists() else ""

    def try_install():
        with (tmp_path / "log").open("w", encoding="utf-8") as log:
            bootstrap.install_system_packages("requirements.lock", log)

    bootstrap.try_install = try_install
    return bootstrap


@linux_only
@pytest.mark.parametrize(("user", "prefix"), [(0, ""), (1000, "sudo -n env DEBIAN_FRONTEND=noninteractive ")])
def test_missing_packages_are_installed_where_that_asks_nothing(debian, monkeypatch, capsys, user, prefix):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    with pytest.raises(SystemExit):  # our apt installs nothing, so the library is missing still
        debian.try_install()
    asked = debian.asked()
    options = "-o DPkg::Lock::Timeout=300"
    assert f"apt-get {options} update\n" in asked
    assert f"apt-get {options} install -y --no-install-recommends libnone1t64\n" in asked
    assert prefix in asked
    assert "sudo apt-get install libnone1t64" in capsys.readouterr().err


@linux_only
def test_installing_a_postgresql_starts_none(debian, monkeypatch):
    (debian.commands / "apt-get").write_text('#!/bin/sh\ncat "$PGSYSCONFDIR/createcluster.conf" > "$0.read"\n')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SystemExit):
        debian.try_install()
    assert "start_conf = 'manual'" in (debian.commands / "apt-get.read").read_text()


@linux_only
def test_missing_packages_are_named_where_sudo_asks(debian, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    (debian.commands / "sudo").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(SystemExit) as stopped:
        debian.try_install()
    assert stopped.value.code == 1
    assert "apt-get" not in debian.asked()
    error = capsys.readouterr().err
    assert "Beberapa paket sistem belum terpasang" in error
    assert "\n    sudo apt-get install libnone1t64\n" in error


@linux_only
def test_system_that_lacks_nothing_is_left_alone(debian, monkeypatch):
    monkeypatch.setattr(debian, "LIBRARIES", {"libc.so.6": "libc6"})
    debian.try_install()
    assert not debian.asked()


@linux_only
def test_system_without_apt_is_told_what_it_lacks(debian, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit):
        debian.try_install()
    assert "libnone1" in capsys.readouterr().err


@linux_only
def test_tests_need_more_packages_than_the_program(debian, monkeypatch):
    monkeypatch.setattr(debian, "TEST_PROGRAMS", {"no-such-program": "no-such-package"})
    monkeypatch.setattr(debian, "TEST_FILES", {"/no/such.ppd": "no-such-driver"})
    assert debian.missing_packages("requirements.lock") == ["libnone1"]
    assert debian.missing_packages("requirements-dev.lock") == ["libnone1", "no-such-package", "no-such-driver"]
