"""The ways into the data: how they open on this PC, the officer's password, the recovery sheet that is typed back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import keys
from desktop.errors import UserError
from desktop.i18n import _, join_words
from desktop.keys import Slot as Way
from desktop.operations import access, issuing
from desktop.papers.recovery_sheet import make_recovery_sheet
from desktop.printers.folder import RECOVERY_SHEET
from desktop.ui import style
from desktop.ui.backup_list import moment_words, plain
from desktop.ui.choices import ChoiceRow, Flow, Option
from desktop.ui.form import Form
from desktop.ui.inputs import DigitsField, TextField
from desktop.ui.rows import Column, Rows, Table
from desktop.ui.screen import Surroundings


class KeysForm(QWidget):
    """What the slots are, and every change to them; each counts at once and is said in the line at the bottom."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.around = around
        self._code = ""
        self._sheet: Path | None = None
        self._names: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        self.honest = plain("")
        self.honest.setProperty("role", "muted")
        self.form = Form(around.feedback, title_width=110)
        self.opening = self.form.add(ChoiceRow("opening", _("Data dibuka"), [
            Option(True, _("otomatis di PC ini")), Option(False, _("dengan kata sandi")),
        ]))  # fmt: skip
        self.opening.changed.connect(self._choose)
        self.password = self.form.add(TextField("password", _("Kata sandi saya"), limit=100, password=True,
                                                hint=_("paling sedikit 10 huruf")))  # fmt: skip
        self.again = self.form.add(TextField("password_again", _("Sekali lagi"), limit=100, password=True))
        self.form.finished.connect(self.save_password)
        self.code_form = Form(around.feedback, title_width=110)
        self.code = self.code_form.add(DigitsField("recovery_code", _("Kode di lembar"), passes_on=False,
                                                   groups=(keys.GROUP_DIGITS,) * keys.CODE_GROUPS))  # fmt: skip
        self.code.changed.connect(self._typed)
        self.ways = Table("ways_in", _("Jalan masuk"), Rows([
            Column(_("Jalan masuk"), self._way), Column(_("Dibuat"), self._made, 150),
        ], key=lambda way: way.id))  # fmt: skip
        self.ways.setMinimumHeight(style.em(112))
        self.save = self._button(_("Simpan kata sandi"), self.save_password)
        self.print = self._button(_("Cetak lembar pemulihan"), self.print_sheet)
        self.remove = self._button(_("Tutup jalan masuk ini"), self.remove_way)
        self.ways.picked.connect(lambda _row: self._show_buttons())
        column.addWidget(self.honest)
        column.addWidget(self.form)
        column.addLayout(self._row(self.save))
        column.addWidget(self.code_form)
        column.addWidget(self.ways, 1)
        column.addLayout(self._row(self.remove, self.print))
        self.show_ways()

    def _button(self, words: str, do: Any) -> Any:
        made = style.button(words)
        made.clicked.connect(lambda _checked=False: do())
        return made

    def _row(self, *buttons: Any) -> Flow:
        row = Flow()  # in half a screen the buttons stand one under the other
        for made in buttons:
            row.addWidget(made)
        return row

    @property
    def ring(self) -> keys.KeyRing:
        return self.around.store.ring

    def show_ways(self) -> None:
        """Read the slots anew."""
        with self.around.store.reading() as session:
            self._names = {one.id: one.display_name for one in access.officers(session)}
        ring = self.ring
        by_itself = ring.this_pc is not None
        self.opening.set_value(by_itself)
        words = (
            _("Data terenkripsi dan terbuka otomatis di PC ini: aman dari akun lain di PC ini, tidak aman bila PC "
              "dibawa orang. Dengan kata sandi, PC yang hilang tidak dapat dibaca.")
            if by_itself else
            _("Tidak ada yang tampil sebelum kata sandi diketik. PC yang hilang tidak dapat dibaca. Satu kata sandi "
              "terlupa: buka dengan kata sandi petugas lain atau lembar pemulihan.")
        )  # fmt: skip
        if ring.recovery is None:
            words += " " + _("Belum ada lembar pemulihan: cadangan membawa kuncinya, jadi simpan terkunci.")
        self.honest.setText(words)
        self.ways.show_rows(ring.slots)
        self.code_form.setVisible(bool(self._code))
        self._show_buttons()

    def _show_buttons(self) -> None:
        self.remove.setEnabled(self.ways.current() is not None)

    def _way(self, way: Way) -> str:
        if way.kind == "recovery":
            return _("Lembar pemulihan")
        return _("Kata sandi {name}").format(name=self._names.get(way.officer_id or "", _("petugas yang sudah keluar")))

    def _made(self, way: Way) -> str:
        return moment_words(datetime.fromisoformat(way.made_at), self.around.desk.zone)

    # --- acts

    def _tell(self, problem: UserError) -> None:
        if not self.form.show_error(problem):
            self.around.feedback.tell(problem)

    @Slot()
    def _choose(self) -> None:
        try:
            if self.opening.value():
                self.ring.open_by_itself()
                words = _("Data terbuka otomatis di PC ini.")
            else:
                self.ring.ask_for_password()
                words = _("Mulai pembukaan berikutnya, Loket meminta kata sandi. Kunci data diganti saat itu.")
        except UserError as problem:
            self.around.feedback.tell(problem)
        else:
            self.around.feedback.say("good", words, 15)
        self.show_ways()

    @Slot()
    def save_password(self) -> None:
        """Give the officer at this desk a password."""
        try:
            keys.check_password(self.password.value())
            if self.password.value() != self.again.value():
                raise UserError(_("Kedua kata sandi tidak sama. Ketik sekali lagi."), field="password_again")
            self.ring.set_password(self.around.desk.officer_id, self.password.value(), self.around.store.clock())
        except UserError as problem:
            self._tell(problem)
            return
        self.password.clear()
        self.again.clear()
        self.show_ways()
        self.around.feedback.say("good", _("Kata sandi disimpan. PIN tetap dipakai untuk berganti petugas."), 15)

    @Slot()
    def print_sheet(self) -> None:
        """Print a new code; it opens nothing before it was typed back from the paper."""
        self._code = keys.new_code()
        with self.around.store.reading() as session:
            facts = issuing.recovery_facts(session, self.around.desk, self._code)
        self.print.setEnabled(False)
        make = partial(make_recovery_sheet, facts)
        self.around.printing.send(make, RECOVERY_SHEET, self, self._sent, self._not_sent)

    def _sent(self, what: Any) -> None:
        self.print.setEnabled(True)
        path = self._sheet = what if isinstance(what, Path) else None
        self.show_ways()
        self.code.clear()
        self.code.setFocus()
        words = _("Ketik atau pindai kode dari lembar yang baru keluar. Baru sesudah itu kodenya berlaku.")
        if path is not None:
            words = _("Cetak berkas {path}, lalu ketik kodenya dari kertas. Berkas itu lalu dihapus.").format(path=path)
        self.around.feedback.say("info", words, 0)

    def waiting(self) -> tuple[str, Path | None]:
        """The code and the file of a sheet that was not typed back yet."""
        return self._code, self._sheet

    def wait_for(self, code: str, sheet: Path | None) -> None:
        """Go on with such a sheet after the screen was built anew."""
        self._code, self._sheet = code, sheet
        self.show_ways()

    def _not_sent(self, problem: Exception) -> None:
        self.print.setEnabled(True)
        if not isinstance(problem, UserError):
            raise problem
        self.around.feedback.tell(problem)

    @Slot()
    def _typed(self) -> None:
        typed = self.code.value()
        wrong = keys.wrong_groups(typed)
        if wrong:
            places = join_words([str(place) for place in wrong])
            self.code.say("error", _("Kelompok ke-{places} salah ketik. Cocokkan dengan lembarnya.").format(
                places=places))  # fmt: skip
        elif len(typed) == keys.CODE_DIGITS:
            self._prove(typed)

    def _prove(self, typed: str) -> None:
        if typed != self._code:
            self.code.say("error", _("Ini bukan kode dari lembar yang baru dicetak."))
            return
        try:
            self.ring.set_recovery(typed, self.around.store.clock())
        except UserError as problem:
            self.around.feedback.tell(problem)
            return
        self.forget_sheet()
        self.show_ways()
        self.around.feedback.say("good", _(
            "Lembar pemulihan berlaku. Simpan dalam amplop tertutup di tempat terkunci, tidak bersama PC ini."
        ), 20)  # fmt: skip

    def forget_sheet(self) -> None:
        """The code leaves this PC: from here on it stands on paper only. A sheet that was not typed back is void."""
        self._code = ""
        self.code.clear()
        sheet, self._sheet = self._sheet, None
        if sheet is not None:
            try:
                sheet.unlink(missing_ok=True)
            except OSError:
                self.around.feedback.say("warning", _("Hapus sendiri berkas {path}.").format(path=sheet), 0)

    @Slot()
    def remove_way(self) -> None:
        """Close a way in after a question."""
        way = self.ways.current()
        if way is None:
            return
        question = _("Tutup jalan masuk {way}? Kunci data diganti saat Loket dibuka berikutnya.")
        self.around.feedback.ask(question.format(way=self._way(way)), [_("tutup")], lambda _answer: self._remove(way))

    def _remove(self, way: Way) -> None:
        try:
            self.ring.remove(way)
        except UserError as problem:
            self.around.feedback.tell(problem)
        self.show_ways()
