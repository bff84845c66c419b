"""What an administrator keeps right: days off, weeks, officers, counters, letterhead, pledges; one part at a time."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.operations import upkeep
from desktop.ui import style
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.screen import Act, Screen
from desktop.ui.section import Section
from desktop.ui.upkeep_sections import SECTIONS, Holidays


class UpkeepScreen(Screen):
    """A part is chosen by its digit; its list stands at the left, the form of what is chosen at the right."""

    name = "upkeep"
    title = N_("Kelola balai")
    tables = frozenset({"holiday", "working_week", "officer", "counter", "hall", "agency"})

    def build(self) -> None:
        desk = self.around.desk
        assert desk is not None
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(20), style.px(4), style.px(20), style.px(12))
        column.setSpacing(style.px(10))
        row = QHBoxLayout()
        self.part = ChoiceRow("upkeep_part", _("Bagian"), [
            Option(place, _(kind.title)) for place, kind in enumerate(SECTIONS)
        ], chosen=0)  # fmt: skip
        self.part.changed.connect(lambda: self._show_part(self.part.value()))
        self.part.finished.connect(lambda _by_itself: self.section.table.setFocus(Qt.FocusReason.TabFocusReason))
        row.addWidget(self.part, 1)
        row.addWidget(self.act_button("F9"))
        column.addLayout(row)
        self.sections: list[Section] = [kind(self.around.feedback, desk) for kind in SECTIONS]
        self._pages = QStackedWidget()
        for section in self.sections:
            section.altered.connect(self.acts_changed)
            self._pages.addWidget(section)
        column.addWidget(self._pages, 1)
        self.holidays.year = desk.day(self.around.store.clock()).year
        self.refresh()

    @property
    def section(self) -> Section:
        """The part that is up."""
        return self.sections[self._pages.currentIndex()]

    @property
    def holidays(self) -> Holidays:
        """The part of the days off."""
        found = self.sections[0]
        assert isinstance(found, Holidays)
        return found

    def refresh(self) -> None:
        with self.reading() as session:
            for section in self.sections:
                section.refresh(session)
        self.acts_changed.emit()

    def _show_part(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        self.acts_changed.emit()

    # --- acts and keys

    def acts(self) -> list[Act]:
        section = self.section
        acts = [Act("F9", _("Simpan"), self._save, kind="primary", icon="check", enabled=section.is_typed())]
        if section.adds:
            acts.append(Act("F7", _("Baru"), section.begin_new))
        if section.removes:
            acts.append(Act("Shift+F7", _("Hapus"), self._ask_remove, enabled=self._can_remove()))
        if section is self.holidays:
            year = self.holidays.year
            acts += [
                Act("F8", _("Isi libur {year}").format(year=year), self._fill_year, icon="calendar"),
                Act("PgUp", str(year - 1), lambda: self._move_year(-1)),
                Act("PgDown", str(year + 1), lambda: self._move_year(1)),
            ]
        return acts

    def heading(self) -> str:
        if self.section is self.holidays:
            return _("{title} · hari libur {year}").format(title=_(self.title), year=self.holidays.year)
        return _(self.title)

    def help(self) -> list[str]:
        return [
            _("Yang sudah dicetak tidak pernah berubah. Setiap perubahan disebut akibatnya setelah disimpan."),
            _("Tanggal bertanda perkiraan menunggu SKB; betulkan setelah ditetapkan."),
        ]

    def arrive(self) -> None:
        self.part.setFocus(Qt.FocusReason.TabFocusReason)

    def step_back(self) -> bool:
        if self.section.is_typed():
            self.section.show_row(self.section.table.current())
        else:
            self.arrive()
        return True

    def keep(self) -> Any:
        return {"part": self._pages.currentIndex(), "year": self.holidays.year,
                "sections": [section.keep() for section in self.sections]}  # fmt: skip

    def restore(self, kept: Any) -> None:
        self.part.set_value(kept["part"])
        self._show_part(kept["part"])
        self.holidays.year = kept["year"]
        self.refresh()
        for section, one in zip(self.sections, kept["sections"], strict=True):
            section.restore(one)

    def _save(self) -> None:
        section = self.section
        try:
            with self.saving() as session:
                words = section.save(session)
        except UserError as problem:
            if not section.form.show_error(problem):
                self.around.feedback.tell(problem)
            return
        self._done(words)

    def _done(self, words: str) -> None:
        section = self.section
        section.show_row(section.chosen)
        self.refresh()
        self.say("good", words, 15)

    def _can_remove(self) -> bool:
        chosen = self.section.chosen
        return chosen is not None and chosen.id is not None

    def _ask_remove(self) -> None:
        section, asked = self.section, self.section.chosen
        question = _("Hapus {what}?").format(what=section.words(asked))
        self.around.feedback.ask(question, [_("hapus")], lambda _place: self._remove(section, asked))

    def _remove(self, section: Section, asked: Any) -> None:
        section.chosen = asked  # a click may have chosen another row while the question stood
        try:
            with self.saving() as session:
                words = section.remove(session)
        except UserError as problem:
            self.around.feedback.tell(problem)
            return
        self._done(words)

    def _fill_year(self) -> None:
        try:
            with self.saving() as session:
                words = upkeep.fill_year(session, self.holidays.desk, self.holidays.year)
        except UserError as problem:
            self.around.feedback.tell(problem)
            return
        self._done(words)

    def _move_year(self, by: int) -> None:
        self.holidays.year += by
        self.refresh()
