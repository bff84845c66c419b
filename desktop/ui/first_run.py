"""The first start of a PC: six short pages in the window itself; Enter all the way gives a working counter."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop import settings as settings_file
from desktop.errors import UserError
from desktop.i18n import LANGUAGES, N_, _
from desktop.operations import access, setup
from desktop.operations.numbering import LONE_CODES, TEST_SERIAL, FileNumber
from desktop.operations.paperwork import Letterhead, TestPageFacts
from desktop.ui import style
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.form import Form, at_top
from desktop.ui.inputs import DigitsField, TextField
from desktop.ui.keypad import is_enter
from desktop.ui.list_field import ListField, within
from desktop.ui.printer_form import PrinterForm
from desktop.ui.screen import Act, Screen, Surroundings

STEPS = (N_("Bahasa dan peran"), N_("Balai dan instansi"), N_("Loket"), N_("Petugas pertama"), N_("Printer"),
         N_("Ringkasan"))
SUMMARY = len(STEPS) - 1
JOIN = "join"  # the third use of a PC, beside alone (False) and training (True)


class FirstRunScreen(Screen):
    """The wizard. ``ready`` is told when the counter works, ``rescue`` when a backup shall come to this PC.

    ``worn`` asks the window for another language, ``left`` for the way into a hall that has a centre.
    """

    name = "first_run"
    title = N_("Pengaturan awal")

    ready = Signal()
    left = Signal()

    def __init__(self, around: Surroundings) -> None:
        self._catalogue: Any = None
        self._pin = access.proposed_pin()
        self._is_busy = False
        super().__init__(around)

    # --- the pages

    def build(self) -> None:
        plan = setup.FirstRun()
        middle = QHBoxLayout(self)
        middle.addStretch(1)
        outer = QVBoxLayout()
        middle.addLayout(outer)
        middle.addStretch(1)
        outer.addStretch(2)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(min(style.em(860), 1240))
        card.setMinimumHeight(min(style.em(480), 600))
        outer.addWidget(card)
        outer.addStretch(3)
        inner = QHBoxLayout(card)
        inner.setContentsMargins(style.px(28), style.px(26), style.px(32), style.px(24))
        inner.setSpacing(style.px(30))
        steps = QVBoxLayout()
        steps.setSpacing(style.px(12))
        steps.addWidget(style.label(_("Pengaturan awal"), "title"))
        steps.addSpacing(style.px(6))
        self._steps = [style.Mark() for _step in STEPS]
        for mark in self._steps:
            steps.addWidget(mark)
        steps.addStretch(1)
        inner.addLayout(steps)
        line = QFrame()
        line.setObjectName("hairline")
        line.setFixedWidth(1)
        inner.addWidget(line)
        right = QVBoxLayout()
        right.setSpacing(style.px(14))
        inner.addLayout(right, 1)
        self._heading = style.label("", "heading")
        self._words = style.label("", "muted")
        self._words.setWordWrap(True)
        self._words.setMinimumHeight(2 * self._words.fontMetrics().lineSpacing())
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        right.addWidget(self._heading)
        right.addWidget(self._words)
        self._pages = QStackedWidget()
        right.addWidget(self._pages, 1)
        self.forms = [
            self._language_form(), self._hall_form(plan), self._counter_form(plan), self._officer_form(plan),
            self._printer_form(),
        ]
        for form in self.forms:
            form.finished.connect(self.forward)
            self._pages.addWidget(at_top(form))
        self._pages.addWidget(self._summary_page())
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.act_button("Esc"))
        buttons.addWidget(self.act_button("F9"))
        right.addLayout(buttons)
        self._place = 0
        self._show_page(0, focus=False)
        self.around.background.run(self, setup.shipped_catalogue, self._catalogue_read, self._failed)

    def _language_form(self) -> Form:
        form = Form(self.around.feedback)
        self.language = form.add(ChoiceRow(
            "language", _("Bahasa"), [Option(code, words) for code, words in LANGUAGES.items()],
            chosen=self.around.settings.language))
        self.language.changed.connect(lambda: self.worn.emit({"language": self.language.value()}))
        self.use = form.add(ChoiceRow("use", _("Peran PC ini"), [
            Option(False, _("Loket pelayanan")), Option(True, _("Coba dulu (latihan)")),
            Option(JOIN, _("Gabung ke pusat data")),
        ], chosen=self.around.settings.training))
        return form

    def _hall_form(self, plan: setup.FirstRun) -> Form:
        form = Form(self.around.feedback)
        self.hall = form.add(TextField("hall_name", _("Nama balai"), limit=120))
        self.hall.set_value(plan.hall_name)
        self.zone = form.add(ChoiceRow("timezone", _("Waktu setempat"), [
            Option("Asia/Jakarta", "WIB"), Option("Asia/Makassar", "WITA"), Option("Asia/Jayapura", "WIT"),
        ], chosen=plan.timezone))
        self.agency = form.add(ListField("agency", _("Instansi"), self._agencies, hint=_("Ketik sebagian nama")))
        return form

    def _counter_form(self, plan: setup.FirstRun) -> Form:
        form = Form(self.around.feedback)
        self.counter = form.add(TextField("counter_name", _("Nama loket"), limit=60))
        self.counter.set_value(plan.counter_name)
        self.booth = form.add(TextField("booth", _("Gerai"), limit=80, hint=_("boleh kosong")))
        self.floor = form.add(TextField("floor", _("Lantai"), limit=40, hint=_("boleh kosong")))
        return form

    def _officer_form(self, plan: setup.FirstRun) -> Form:
        form = Form(self.around.feedback)
        self.officer = form.add(TextField("name", _("Nama petugas"), limit=80))
        self.officer.set_value(plan.officer_name)
        self.pin = form.add(DigitsField("pin", _("PIN 6 angka"), groups=(access.PIN_LENGTH,), password=True,
                                        hint=_("kosongkan: dibuatkan")))
        self.again = form.add(DigitsField("pin_again", _("PIN sekali lagi"), groups=(access.PIN_LENGTH,),
                                          password=True))
        self.pin.changed.connect(lambda: form.set_shown("pin_again", bool(self.pin.value())))
        form.set_shown("pin_again", False)
        return form

    def _printer_form(self) -> Form:
        self.printer = PrinterForm(self.around.settings, self.around.printing, self.around.feedback,
                                   self._test_facts)
        return self.printer

    def _summary_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(12))
        self._summary = QGridLayout()
        self._summary.setHorizontalSpacing(style.px(18))
        self._summary.setVerticalSpacing(style.px(8))
        self._summary.setColumnStretch(1, 1)
        column.addLayout(self._summary)
        self._pin_words = style.label(_("PIN Anda. Catat sekarang; tidak akan ditampilkan lagi."), "strong")
        self._pin_words.setWordWrap(True)
        self._pin_shown = style.label("", "huge")
        self._pin_shown.setObjectName("proposed_pin")
        column.addSpacing(style.px(4))
        column.addWidget(self._pin_words)
        column.addWidget(self._pin_shown)
        column.addStretch(1)
        return page

    # --- walking them

    def acts(self) -> list[Act]:
        is_last = self._place == SUMMARY
        return [
            Act("F9", _("Mulai") if is_last else _("Lanjut"), self.forward, kind="primary", enabled=not self._is_busy,
                icon="check" if is_last else "arrow-right"),
            Act("Esc", _("Kembali"), self.back, enabled=self._place > 0 and not self._is_busy),
            # A PC that takes the place of a broken one.
            Act("F8", _("Pulihkan dari cadangan"), self.rescue.emit, enabled=self._place == 0 and not self._is_busy),
        ]

    def help(self) -> list[str]:
        return [_("Tekan Enter untuk memakai isian yang sudah ada. Semua dapat diubah lagi di Pengaturan.")]

    def arrive(self) -> None:
        self._show_page(self._place)

    @Slot()
    def forward(self) -> None:
        """Enter on the last field, F9, or the button."""
        if self._is_busy:
            return
        if self.use.value() == JOIN:
            self.left.emit()
            return
        if self._place == 3:
            try:
                self._check_pin()
            except UserError as problem:
                self.forms[3].show_error(problem)
                return
        if self._place == SUMMARY:
            self._finish()
        else:
            self._show_page(self._place + 1)

    @Slot()
    def back(self) -> None:
        if self._place:
            self._show_page(self._place - 1)

    def step_back(self) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not event.isAutoRepeat():
            self.forward()
        else:
            super().keyPressEvent(event)

    def keep(self) -> Any:
        return {**super().keep(), "page": self._place, "pin": self._pin, "catalogue": self._catalogue}

    def restore(self, kept: Any) -> None:
        self._pin = kept["pin"]
        if kept["catalogue"] is not None:
            self._catalogue = kept["catalogue"]
        self._show_page(kept["page"])
        super().restore({**kept, "fields": {n: v for n, v in kept["fields"].items() if n != "language"}})
        self.forms[3].set_shown("pin_again", bool(self.pin.value()))
        self.printer.restore_shown()

    def _show_page(self, place: int, *, focus: bool = True) -> None:
        self._place = place
        words = (
            _("Bahasa layar dan kertas. Latihan memakai data contoh dan tidak bercampur dengan pelayanan."),
            _("Tercetak pada setiap kertas. Pilih instansi yang dilayani di loket ini."),
            _("Nama yang dilihat pemohon. Gerai dan lantai tercetak supaya mudah dicari."),
            _("Petugas pertama menjadi admin. Petugas lain ditambahkan di Kelola balai."),
            _("Kertas dapat keluar sebagai berkas PDF dahulu; printer dapat dipilih kapan saja."),
            _("Bila sudah benar, tekan Enter."),
        )
        self._heading.setText(_("{page} dari {pages} · {title}").format(
            page=place + 1, pages=len(STEPS), title=_(STEPS[place])))
        self._words.setText(words[place])
        for at, mark in enumerate(self._steps):
            kind, picture = ("good", "circle-check") if at < place else ("muted", "circle")
            mark.show_state("info" if at == place else kind, _(STEPS[at]),
                            icon_name="circle-dot" if at == place else picture)
        self._pages.setCurrentIndex(place)
        if place == SUMMARY:
            self._summarise()
        self.acts_changed.emit()
        if focus:
            if place < SUMMARY:
                self.forms[place].start()
            else:
                self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _check_pin(self) -> None:
        if not self.pin.value():
            return
        access.check_pin(self.pin.value())
        if self.again.value() != self.pin.value():
            raise UserError(_("Kedua PIN tidak sama. Ketik PIN yang sama sekali lagi."), field="pin_again")

    def _agencies(self, typed: str) -> list[Option]:
        if self._catalogue is None:
            return []
        choices = setup.agency_choices(self._catalogue)
        return within([
            Option(choice.code, choice.name, _("{count} layanan").format(count=choice.services), choice.code)
            for choice in choices
        ])(typed)

    def _agency_name(self) -> str:
        return self.agency.typed()

    def _summarise(self) -> None:
        while self._summary.count():
            item = self._summary.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().deleteLater()
        use = next(option.text for option in self.use.options if option.value == self.use.value())
        counter = " · ".join(part for part in (self.counter.value(), self.booth.value(), self.floor.value()) if part)
        for row, (title, words) in enumerate((
            (_("Peran PC ini"), use),
            (_("Nama balai"), self.hall.value()),
            (_("Instansi"), self._agency_name()),
            (_("Loket"), counter),
            (_("Nama petugas"), self.officer.value()),
            (_("Printer"), self.printer.summary()),
        )):
            self._summary.addWidget(style.label(title, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            value = style.label(words)
            value.setWordWrap(True)
            self._summary.addWidget(value, row, 1)
        own = bool(self.pin.value())
        self._pin_words.setVisible(not own)
        self._pin_shown.setVisible(not own)
        self._pin_shown.setText("" if own else f"{self._pin[:3]} {self._pin[3:]}")

    # --- what it comes to

    @Slot(object)
    def _catalogue_read(self, catalogue: Any) -> None:
        self._catalogue = catalogue
        if not self.agency.typed():
            self.agency.set_value(setup.FirstRun().agency_codes[0])

    def _plan(self) -> setup.FirstRun:
        return setup.FirstRun(
            hall_name=self.hall.value(),
            timezone=self.zone.value(),
            agency_codes=(self.agency.value(),) if self.agency.value() else (),
            counter_name=self.counter.value(),
            booth=self.booth.value(),
            floor=self.floor.value(),
            officer_name=self.officer.value(),
            pin=self.pin.value() or self._pin,
        )

    def _finish(self) -> None:
        plan, catalogue, store = self._plan(), self._catalogue, self.around.store

        def work() -> tuple[str, str]:
            with store.saving(None) as session:
                return setup.first_run(session, plan, catalogue or setup.shipped_catalogue())

        self._is_busy = True
        self.acts_changed.emit()
        self.say("info", _("Menyiapkan loket: layanan, persyaratan, dan hari libur dimasukkan …"), 0)
        # The words must be on the screen before the work begins.
        QTimer.singleShot(0, self, lambda: self.around.background.run(self, work, self._made, self._failed))

    @Slot(object)
    def _made(self, ids: tuple[str, str]) -> None:
        settings = self.around.settings
        settings.counter_id, settings.last_officer_id = ids
        settings.training = self.use.value()
        try:
            settings_file.save(self.around.store.folder, settings)
        except OSError:
            self.say("bad", _("Pengaturan tidak dapat disimpan. Periksa ruang disk dan izin folder."))
        self.ready.emit()
        self.say("good", _("Loket siap dipakai. Masuk dengan PIN yang tadi."), 20)

    @Slot(object)
    def _failed(self, problem: Exception) -> None:
        self._is_busy = False
        self.acts_changed.emit()
        if not isinstance(problem, UserError):
            raise problem
        for place, form in enumerate(self.forms):
            if problem.field in form.fields:
                self._show_page(place)
                form.show_error(problem)
                self.around.feedback.clear()
                return
        self.around.feedback.tell(problem)

    def _test_facts(self, printer: str) -> TestPageFacts:
        # No record exists yet: the page carries the names typed so far and serial 0000, which no file has.
        moment = self.around.store.clock().astimezone(ZoneInfo(self.zone.value()))
        number = FileNumber(moment.date(), LONE_CODES[0], TEST_SERIAL)
        return TestPageFacts(
            letterhead=Letterhead(hall=self.hall.value(), agency=self.agency.typed()), printer=printer,
            counter=self.counter.value(), barcode=number.digits, qr=number.digits, printed_at=moment,
            training=self.use.value(),
        )
