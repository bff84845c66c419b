"""Two counters changed the same thing unknown to each other: an amber line, both versions, one key to choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.i18n import N_, _, clock_time, join_words, short_date
from desktop.operations import conflicts
from desktop.operations.conflicts import Met, Version
from desktop.operations.identity import cover_niks, mask_nik
from desktop.operations.people import shown_birth, shown_phone
from desktop.ui import style
from desktop.ui.rows import Column, Rows, Table
from desktop.ui.screen import Surroundings

FIELDS = {
    "full_name": N_("Nama"), "nik": N_("NIK"), "phone": N_("Nomor HP"), "birth_date": N_("Tanggal lahir"),
    "village_code": N_("Desa/kelurahan"), "address": N_("Alamat"), "name": N_("Nama"), "is_active": N_("Status aktif"),
    "deleted": N_("Penghapusan"),
}  # fmt: skip
SHOWN = 2  # lines on a card; whoever has more settles these first


class ConflictLines(QWidget):
    """The amber lines of one file's card."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self._about: str | None = None
        self.met: list[Met] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(2))
        self._lines = [style.Mark(wrap=True) for _line in range(SHOWN)]
        for line in self._lines:
            line.setObjectName("card_conflict")
            column.addWidget(line)
        self.hide()

    @Slot(str)
    def show_file(self, application_id: str) -> None:
        """Read what met in this file."""
        self._about = application_id
        with self._around.store.reading() as session:
            self.met = conflicts.open_conflicts(session, application_id)
        for place, line in enumerate(self._lines):
            seen = place < len(self.met)
            line.setVisible(seen)
            if seen:
                line.show_state("warning", sentence(self.met[place], self._around))
        self.setVisible(bool(self.met))

    def ask(self) -> None:
        """Show both versions of the first one, and let a digit choose."""
        if self.met:
            ask(self._around, self.met[0])


class ConflictTable(Table):
    """All that is open in the hall, for whoever supervises it."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__("conflicts", _("Perubahan yang bertemu"), Rows([
            Column(_("Data"), lambda met: join_words(_names(met.fields)), mark=lambda _met: ("warning", "")),
            Column(_("Nama"), _whose, 150),
            Column(_("Diubah di"), lambda met: join_words([met.loser.counter, met.winner.counter]), 170, yields=True),
            Column(_("Yang dipakai"), lambda met: _where(met.winner, around), 196),
        ], key=lambda met: met.loser.eid))  # fmt: skip
        self._around = around
        self.opened.connect(lambda met: ask(around, met))

    def ask(self) -> None:
        """Show both versions of the line under the cursor, else of the first."""
        met = self.current() or next(iter(self.rows.rows), None)
        if met is not None:
            ask(self._around, met)


def sentence(met: Met, around: Surroundings) -> str:
    """ "Nomor HP diubah di Loket 2 dan Loket 5. Yang dipakai: Loket 5, pukul 10.41." """
    return _("{what} diubah di {first} dan {second}. Yang dipakai: {winner}.").format(
        what=join_words(_names(met.fields)), first=met.loser.counter, second=met.winner.counter,
        winner=_where(met.winner, around),
    )  # fmt: skip


def ask(around: Surroundings, met: Met) -> None:
    """Both versions as answers; nothing is changed until one is chosen."""

    def chosen(place: int) -> None:
        try:
            with around.store.saving(around.desk.officer_id if around.desk else None) as session:
                assert around.desk is not None
                conflicts.settle(session, around.desk, met, take_loser=place == 1)
        except UserError as problem:
            around.feedback.tell(problem)
            return
        around.feedback.say("good", _("Dipakai: {version}. Berlaku di semua loket.").format(
            version=_version(met, (met.winner, met.loser)[place], around)))  # fmt: skip

    around.feedback.ask(
        _("Mana yang benar?"), [_version(met, version, around) for version in (met.winner, met.loser)], chosen
    )


def _version(met: Met, version: Version, around: Surroundings) -> str:
    values = ", ".join(_words(name, version.values.get(name)) for name in met.fields)
    return f"{values} · {_where(version, around)} · {version.officer}".rstrip(" ·")


def _where(version: Version, around: Surroundings) -> str:
    at = around.desk.local(version.at) if around.desk is not None else version.at.astimezone()
    now = around.desk.local(around.store.clock()) if around.desk is not None else at
    if at.date() == now.date():
        return _("{counter}, pukul {time}").format(counter=version.counter, time=clock_time(at))
    return _("{counter}, {date} pukul {time}").format(
        counter=version.counter, date=short_date(at.date()), time=clock_time(at)
    )


def _whose(met: Met) -> str:
    """The name of who or what was changed, as the version that is used has it."""
    values = met.winner.values
    return cover_niks(str(values.get("full_name") or values.get("name") or "–"))


def _names(fields: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(_(FIELDS[name]) if name in FIELDS else _("Data lain") for name in fields))


def _words(name: str, value: Any) -> str:
    """A value as it may be read over a shoulder."""
    if value in (None, ""):
        return _("kosong")
    if name == "nik":
        return mask_nik(str(value))
    if name == "phone":
        return shown_phone(str(value))
    if name == "birth_date":
        return shown_birth(str(value))
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return cover_niks(str(value))
