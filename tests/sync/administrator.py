"""The administrator at the command line, the officer who joins a PC, and what the program does there by itself."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop import app, sample
from desktop.models.application import Application
from desktop.models.catalog import Agency
from desktop.operations import access, intake, setup
from desktop.store import Store
from desktop.sync import address, backup
from desktop.sync.heal import reconcile
from desktop.sync.link import Link
from desktop.sync.worker import sync_once

PIN = "271828"


@dataclass
class Administrator:
    """One centre's administrator: the commands, what they say, and a stick to carry files on."""

    folder: Path
    stick: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str, typed: str = "") -> tuple[int, str]:
        """One command; its exit code and all it said."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
        code = app.main(["centre", "--folder", str(self.folder), *arguments])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def does(self, *arguments: str, typed: str = "") -> str:
        """One command that has to work; what it said."""
        code, said = self.run(*arguments, typed=typed)
        assert code == 0, said
        return said

    def refuses(self, *arguments: str, typed: str = "") -> str:
        """One command that has to say why not."""
        code, said = self.run(*arguments, typed=typed)
        assert code == 1, said
        return said

    def enrol(self, name: str, *more: str) -> tuple[Path, str]:
        """A PC's file and its code."""
        said = self.does("enrol", name, "--out", str(self.stick), *more)
        return self.stick / f"{name}.loket", said.partition("Kode: ")[2].split()[0]

    def join(self, profile: Path, file: Path, code: str) -> tuple[int, str]:
        """What the officer does at the counter."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(code + "\n"))
        done = app.main(["--profile", str(profile), "join", str(file)])
        said = self.capsys.readouterr()
        return done, said.out + said.err

    def counter(self, profile: Path, name: str, *more: str) -> Path:
        """A PC that was enrolled and has joined."""
        code, said = self.join(profile, *self.enrol(name, *(more or ("--agency", "DKC"))))
        assert code == 0, said
        return profile


def receive(profile: Path) -> str:
    """An applicant at this counter; the number on the paper."""
    store = Store.open(profile)
    try:
        with store.saving(None) as session:
            agency = session.scalars(select(Agency).where(Agency.code == "DKC")).one()
            known = access.officers(session) or [
                access.add_officer(session, name="Rini", role="officer", pin=PIN, agency_id=agency.id)
            ]
            desk = setup.desk_for(session, known[0].id, training=True)
            offered = sample.offers(session, desk)
            seed = session.scalar(select(func.count()).select_from(Application))
        form = sample.Hall(seed).form(offered[0], desk.day(store.clock()))
        with store.saving(desk.officer_id) as session:
            return intake.receive(session, desk, form).number
    finally:
        store.close()


def sync(profile: Path) -> int:
    """The program of this PC, open for a moment; how many entries still wait."""
    store = Store.open(profile)
    try:
        return sync_once(store, address.load(profile).connect, app_version="1.0.0")
    finally:
        store.close()


def numbers(profile: Path) -> set[str]:
    store = Store.open(profile)
    try:
        with store.reading() as session:
            return set(session.scalars(select(Application.number)))
    finally:
        store.close()


def heal(profile: Path) -> None:
    """What the program's own thread does when it finds that the centre has lost something."""
    store = Store.open(profile)
    link = Link(address.load(profile).connect())
    try:
        reconcile(store, link, is_recovering=False)
    finally:
        link.close()
        store.close()
    assert sync(profile) == 0


def only_backup(home: Path) -> backup.Backup:
    """What was made in this folder."""
    (folder,) = home.iterdir()
    return backup.read_about(folder)
