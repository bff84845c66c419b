"""What this PC is told: look, printer, lock; and the officer's own PIN."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout

from desktop import settings as settings_file
from desktop.errors import UserError
from desktop.i18n import LANGUAGES, N_, _, ngettext
from desktop.operations import access, hall, issuing
from desktop.operations.paperwork import TestPageFacts
from desktop.ui import style
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.form import Form
from desktop.ui.inputs import DigitsField, TextField
from desktop.ui.pin_form import PinForm
from desktop.ui.printer_form import PrinterForm
from desktop.ui.screen import Act, Screen, scrolled

SIZES = ((9, N_("kecil")), (11, N_("biasa")), (13, N_("besar")), (16, N_("sangat besar")))
MINUTES = (3, 5, 10, 20)


class SettingsScreen(Screen):
    """Every choice counts at once; another PIN waits for Shift+F9. ``worn`` asks the window for another look."""

    name = "settings"
    title = N_("Pengaturan")
    tables = frozenset({"officer"})

    def build(self) -> None:
        self._is_hall = False
        row = QHBoxLayout(scrolled(self))
        row.setContentsMargins(style.px(20), style.px(4), style.px(20), style.px(12))
        row.setSpacing(style.px(16))
        left = QVBoxLayout()
        left.setSpacing(style.px(8))
        row.addLayout(left, 1)
        left.addWidget(self._box(_("Layar"), self._look_form()))
        left.addWidget(self._box(_("PIN saya"), self._own_pin_form(), "Shift+F9"))
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(style.px(8))
        row.addLayout(right, 1)
        right.addWidget(self._box(_("Printer"), self._printer_form()))
        self._look.finished.connect(self.printer.start)
        # In a hall officers come from the centre; here they only get a PIN.
        self.pins = PinForm(self.around.feedback, self._without_pin)
        self.pins.changed.connect(lambda _name: self.acts_changed.emit())
        self._pins = self._box(_("PIN untuk petugas dari pusat"), self.pins, "F9")
        right.addWidget(self._pins)
        right.addStretch(1)
        self.refresh()

    def _box(self, title: str, form: Form, key: str = "") -> QGroupBox:
        """A form under its title, and under it the button of the act that takes it."""
        box = QGroupBox(title)
        column = QVBoxLayout(box)
        column.addWidget(form)
        if key:
            buttons = QHBoxLayout()
            buttons.addStretch(1)
            buttons.addWidget(self.act_button(key))
            column.addLayout(buttons)
        return box

    def _look_form(self) -> Form:
        settings = self.around.settings
        self._look = Form(self.around.feedback, title_width=120)
        language = self._look.add(ChoiceRow("language", _("Bahasa"), [
            Option(code, words) for code, words in LANGUAGES.items()
        ], chosen=settings.language))
        theme = self._look.add(ChoiceRow("theme", _("Tema"), [
            Option("light", _("terang")), Option("dark", _("gelap")), Option("contrast", _("kontras tinggi")),
        ], chosen=settings.theme))
        size = self._look.add(ChoiceRow("text_size", _("Ukuran huruf"), [
            Option(points, _(words)) for points, words in SIZES
        ], chosen=settings.text_size))
        if size.value() is None:
            words = _("Sekarang {points} poin. Ctrl+plus dan Ctrl+minus mengubahnya sedikit demi sedikit.")
            size.say("normal", words.format(points=settings.text_size))
        for field in (language, theme, size):
            field.changed.connect(lambda field=field: self.worn.emit({field.objectName(): field.value()}))
        self.minutes = self._look.add(ChoiceRow("idle_minutes", _("Terkunci setelah"), [
            Option(count, ngettext("{count} menit", "{count} menit", count).format(count=count)) for count in MINUTES
        ], chosen=settings.idle_minutes))
        self.minutes.changed.connect(self._minutes_altered)
        self.sound = self._look.add(ChoiceRow("scan_sound", _("Bunyi pindai"), [
            Option(True, _("berbunyi")), Option(False, _("diam")),
        ], chosen=settings.scanner.sound))
        self.sound.changed.connect(self._sound_altered)
        self.port = self._look.add(TextField("scan_port", _("Port pemindai"), limit=100,
                                             hint=_("kosong: pemindai seperti papan ketik")))
        self.port.set_value(settings.scanner.port)
        self.port.finished.connect(self._port_altered)
        return self._look

    def _printer_form(self) -> Form:
        self.printer = PrinterForm(self.around.settings, self.around.printing, self.around.feedback, self._test_facts,
                                   title_width=120)
        self.printer.altered.connect(self._save)
        return self.printer

    def _own_pin_form(self) -> Form:
        self.own = Form(self.around.feedback, title_width=120)
        self._add_pins(self.own, old_pin=_("PIN lama"), new_pin=_("PIN baru"), new_pin_again=_("PIN sekali lagi"))
        return self.own

    def _add_pins(self, form: Form, **titles: str) -> None:
        for name, title in titles.items():
            form.add(DigitsField(name, title, groups=(access.PIN_LENGTH,), password=True,
                                 passes_on=not name.endswith("_again")))
        form.changed.connect(lambda _name: self.acts_changed.emit())

    def acts(self) -> list[Act]:
        pins = self.own.values()
        acts = [Act("Shift+F9", _("Ganti PIN saya"), self.change_pin, enabled=all(pins.values()), icon="check")]
        if self._is_hall:
            acts.insert(0, Act("F9", _("Simpan PIN"), self.save_pin, kind="primary", icon="check",
                               enabled=self.pins.is_filled()))
        return acts

    def arrive(self) -> None:
        self._look.start()

    def refresh(self) -> None:
        with self.reading() as session:
            self._is_hall = not hall.may_add_officers(session)
        self.pins.refresh()
        self._pins.setVisible(self._is_hall)
        self.acts_changed.emit()

    def restore(self, kept: Any) -> None:
        # The look was just changed from here: what its fields say now is right, what was typed elsewhere is kept.
        typed = {name: value for name, value in kept["fields"].items() if name in self.own.fields}
        super().restore({**kept, "fields": typed})
        self.printer.restore_shown()
        self.acts_changed.emit()

    @Slot()
    def change_pin(self) -> None:
        """Give the officer at this desk another PIN."""
        typed, desk = self.own.values(), self.around.desk
        try:
            _check_same(typed["new_pin"], typed["new_pin_again"], field="new_pin_again")
            with self.saving() as session:  # a wrong old one is counted, so it must not be rolled back
                outcome = access.change_pin(session, desk.officer_id, typed["old_pin"], typed["new_pin"],
                                            self.around.unkept)
            if outcome.officer is None:
                raise UserError(outcome.sentence or "", field="old_pin")
        except UserError as problem:
            problem.field = "new_pin" if problem.field == "pin" else problem.field
            if not self.own.show_error(problem):
                self.around.feedback.tell(problem)
            return
        self.own.clear()
        self.own.start()
        self.acts_changed.emit()
        self.say("good", _("PIN Anda sudah diganti."))

    @Slot()
    def save_pin(self) -> None:
        """An officer of the hall can sign in here from now on."""
        desk = self.around.desk
        try:
            officer_id, pin = self.pins.taken()
            with self.saving() as session:
                name = access.let_in(session, officer_id, pin, given_by=desk.officer_id).display_name
        except UserError as problem:
            if not self.pins.show_error(problem):
                self.around.feedback.tell(problem)
            return
        self.pins.clear()
        self.pins.start()
        self.refresh()
        self.say("good", _("{name} sudah dapat masuk di loket ini.").format(name=name))

    def _without_pin(self) -> list[tuple[str, str, str]]:
        with self.reading() as session:
            found = access.without_pin(session, hall.agencies_here(session))
            return [(one.id, one.display_name, _(access.ROLES.get(one.role, one.role))) for one in found]

    def _test_facts(self, printer: str) -> TestPageFacts:
        with self.reading() as session:
            return issuing.test_page_facts(session, self.around.desk, printer)

    @Slot()
    def _minutes_altered(self) -> None:
        self.around.settings.idle_minutes = self.minutes.value()
        self._save()

    @Slot()
    def _sound_altered(self) -> None:
        self.around.settings.scanner.sound = self.sound.value()
        self._save()

    @Slot()
    def _port_altered(self) -> None:
        if self.port.value() != self.around.settings.scanner.port:
            self.around.settings.scanner.port = self.port.value()
            self._save()
            self.port_given.emit()

    def _save(self) -> None:
        try:
            settings_file.save(self.around.store.folder, self.around.settings)
        except OSError:
            self.say("bad", _("Pengaturan tidak dapat disimpan. Periksa ruang disk dan izin folder."))
        else:
            self.say("good", _("Pengaturan disimpan."), 3)


def _check_same(pin: str, again: str, *, field: str) -> None:
    if pin != again:
        raise UserError(_("Kedua PIN tidak sama. Ketik PIN yang sama sekali lagi."), field=field)
