"""The first start of a PC that joins a hall: file and code, the hall's data, then the first officer's PIN."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout

from desktop import settings as settings_file
from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.operations import access, hall, setup
from desktop.ui import style
from desktop.ui.form import Form, at_top
from desktop.ui.joining import Joining
from desktop.ui.keypad import is_enter
from desktop.ui.pin_form import PinForm
from desktop.ui.screen import Act, Screen

FILE, OFFICER = range(2)


class JoinScreen(Screen):
    """``ready`` is told when somebody can sign in; ``left`` asks for the other ways of a first start."""

    name = "join"
    title = N_("Gabung ke pusat data")
    tables = frozenset({"officer"})

    ready = Signal()
    left = Signal()

    def build(self) -> None:
        middle = QHBoxLayout(self)
        outer = QVBoxLayout()
        middle.addStretch(1)
        middle.addLayout(outer)
        middle.addStretch(1)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(min(style.em(760), 1240))
        card.setMinimumHeight(min(style.em(400), 560))
        outer.addStretch(2)
        outer.addWidget(card)
        outer.addStretch(3)
        column = QVBoxLayout(card)
        column.setContentsMargins(style.px(32), style.px(26), style.px(32), style.px(24))
        column.setSpacing(style.px(14))
        column.addWidget(style.label(_("Gabung ke pusat data"), "title"))
        self._words = style.label("", "muted")
        self._words.setWordWrap(True)
        column.addWidget(self._words)
        self.where = style.Mark(wrap=True)
        self.where.setObjectName("join_where")
        column.addWidget(self.where)
        self._pages = QStackedWidget()
        column.addWidget(self._pages, 1)
        self.joining = Joining(self.around)
        self.joining.changed.connect(self.acts_changed)
        self.joining.joined.connect(self._joined)
        self.officer = PinForm(self.around.feedback, self._people)
        self.officer.finished.connect(self.forward)
        for page in (self.joining, self.officer):
            self._pages.addWidget(at_top(page))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.act_button("Esc"))
        buttons.addWidget(self.act_button("F9"))
        column.addLayout(buttons)
        with self.reading() as session:
            is_seated = hall.is_seated(session)
        self._show_page(OFFICER if is_seated else FILE)

    def acts(self) -> list[Act]:
        if self._pages.currentIndex() == FILE:
            return [
                Act("F9", _("Gabung"), self.joining.begin, kind="primary", icon="arrow-right",
                    enabled=self.joining.can_begin()),
                Act("Esc", _("Kembali"), self.left.emit, enabled=not self.joining.is_busy),
            ]
        return [Act("F9", _("Mulai"), self.forward, kind="primary", icon="check")]

    def help(self) -> list[str]:
        return [_("Berkas pendaftaran dibuat admin di pusat data dan dipakai satu kali, dengan kodenya.")]

    def arrive(self) -> None:
        page: Form = self.officer if self._pages.currentIndex() == OFFICER else self.joining.form
        page.start()

    def refresh(self) -> None:
        self.officer.refresh()

    def step_back(self) -> bool:
        return True

    def keep(self) -> Any:
        return {**super().keep(), "page": self._pages.currentIndex()}

    def restore(self, kept: Any) -> None:
        self._show_page(kept["page"])
        super().restore(kept)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not event.isAutoRepeat():
            self.do("F9")
        else:
            super().keyPressEvent(event)

    @Slot()
    def forward(self) -> None:
        """The chosen officer can sign in from now on."""
        try:
            officer_id, pin = self.officer.taken()
            with self.around.store.saving(None) as session:
                access.let_in(session, officer_id, pin, given_by=None)
                setup.load_villages(session)
                counter_id = hall.counter_id(session)
        except UserError as problem:
            if not self.officer.show_error(problem):
                self.around.feedback.tell(problem)
            return
        settings = self.around.settings
        settings.counter_id, settings.last_officer_id, settings.training = counter_id, officer_id, False
        try:
            settings_file.save(self.around.store.folder, settings)
        except OSError:
            self.say("bad", _("Pengaturan tidak dapat disimpan. Periksa ruang disk dan izin folder."))
        self.ready.emit()
        self.say("good", _("Loket siap dipakai. Masuk dengan PIN yang tadi. Printer dipilih di Pengaturan."), 20)

    @Slot()
    def _joined(self) -> None:
        self._show_page(OFFICER)
        if self.isVisible():
            self.arrive()

    def _show_page(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        if page == FILE:
            self._words.setText(_("Admin memberi satu berkas (.loket) dan satu kode. Data mal lalu masuk sendiri."))
        else:
            self._words.setText(_("Pilih petugas pertama dan buatkan PIN-nya. Petugas lain menyusul di Pengaturan."))
            with self.reading() as session:
                here = hall.this_pc(session)
            if here is not None:
                words = _("PC ini sekarang {counter} di {hall}.").format(counter=here.counter, hall=here.hall)
                self.where.show_state("good", words)
            self.officer.refresh()
        self.where.setVisible(page == OFFICER)
        self.acts_changed.emit()

    def _people(self) -> list[tuple[str, str, str]]:
        with self.reading() as session:
            found = access.without_pin(session, hall.agencies_here(session))
            return [(one.id, one.display_name, _(access.ROLES.get(one.role, one.role))) for one in found]
