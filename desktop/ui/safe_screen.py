"""Keys and backups of this counter: what is kept where, how it opens, and a rehearsal of the way back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout

from desktop import settings as settings_file
from desktop.errors import UserError
from desktop.i18n import N_, _, ngettext
from desktop.safekeeping import restore
from desktop.safekeeping.backup import Contents, LastBackup, backups
from desktop.ui import style
from desktop.ui.backup_list import BackupList, contents_words, moment_words
from desktop.ui.choices import ChoiceRow, Flow, Option
from desktop.ui.folder_field import FolderField
from desktop.ui.form import Form
from desktop.ui.keys_form import KeysForm
from desktop.ui.screen import Act, Screen, scrolled

MINUTES = (30, 60, 240)


class SafeScreen(Screen):
    """``rescue`` asks the window to close and to open the way back, which needs the file for itself."""

    name = "safe"
    title = N_("Cadangan dan kunci")
    tables = frozenset({"officer"})

    def build(self) -> None:
        self._is_busy = False
        row = QHBoxLayout(scrolled(self))
        row.setContentsMargins(style.px(20), style.px(4), style.px(20), style.px(12))
        row.setSpacing(style.px(16))
        left = QGroupBox(_("Cadangan"))
        row.addWidget(left, 1)
        column = QVBoxLayout(left)
        column.setSpacing(style.px(8))
        self.standing = style.Mark(wrap=True)
        self.standing.setObjectName("backup_standing")
        column.addWidget(self.standing)
        column.addWidget(self._place_form())
        self.list = BackupList(self.around.desk.zone if self.around.desk else None)
        self.list.picked.connect(self.acts_changed)
        column.addWidget(self.list, 1)
        buttons = Flow()
        for key in ("F5", "F9"):
            buttons.addWidget(self.act_button(key))
        column.addLayout(buttons)
        right = QGroupBox(_("Kunci data"))
        row.addWidget(right, 1)
        inner = QVBoxLayout(right)
        self.keys = KeysForm(self.around)
        inner.addWidget(self.keys)
        self.around.safekeeping.changed.connect(self._kept)
        self._show_list()

    def _place_form(self) -> Form:
        told = self.around.settings.backups
        form = Form(self.around.feedback, title_width=110)
        self.folder = form.add(FolderField("backup_folder", _("Folder"), hint=str(self.around.safekeeping.folder)))
        self.folder.set_value(told.folder)
        self.minutes = form.add(ChoiceRow("backup_minutes", _("Setiap"), [
            Option(count, ngettext("{count} menit", "{count} menit", count).format(count=count)) for count in MINUTES
        ], chosen=told.every_minutes))  # fmt: skip
        self.folder.finished.connect(lambda _by_itself: self._place())
        self.minutes.changed.connect(self._place)
        return form

    def acts(self) -> list[Act]:
        there = self.list.chosen() is not None
        return [
            Act("F9", _("Buat cadangan"), self.back_up, kind="primary", icon="save",
                enabled=not self._is_busy),
            Act("F5", _("Coba pulihkan"), self.drill, enabled=there and not self._is_busy),
            Act("F8", _("Pulihkan"), self.ask_for_rescue, enabled=not (self._is_busy or self.around.settings.training)),
        ]  # fmt: skip

    def help(self) -> list[str]:
        return [_("Coba pulihkan menyalin cadangan ke tempat sementara dan memeriksa semuanya. Data tidak tersentuh.")]

    def arrive(self) -> None:
        self.list.table.setFocus()

    def leave(self) -> None:
        self.keys.forget_sheet()

    def refresh(self) -> None:
        self.keys.show_ways()

    def keep(self) -> Any:
        # A password half typed is nobody's draft; a sheet that was printed still waits for its code.
        return {"fields": {}, "focus": "", "sheet": self.keys.waiting()}

    def restore(self, kept: Any) -> None:
        super().restore(kept)
        self.keys.wait_for(*kept["sheet"])

    @Slot()
    def _place(self) -> None:
        told = self.around.settings.backups
        told.every_minutes = self.minutes.value()
        if self.folder.is_whole():
            told.folder = self.folder.value()
        try:
            settings_file.save(self.around.store.folder, self.around.settings)
        except OSError:
            self.say("bad", _("Pengaturan tidak dapat disimpan. Periksa ruang disk dan izin folder."))
        self._show_list()

    @Slot()
    def back_up(self) -> None:
        """Make a backup now."""
        self._place()
        if self.around.settings.training:
            self.say("info", _("Data latihan tidak dicadangkan."))
            return
        self._busy(_("Cadangan sedang dibuat …"))
        self.around.safekeeping.keep_up()

    @Slot(object)
    def _kept(self, last: LastBackup) -> None:
        was_busy, self._is_busy = self._is_busy, False
        self._show_list()
        if was_busy and last.trouble:
            self.say("bad", last.trouble, 20)
        elif was_busy:
            self.say("good", _("Cadangan selesai dan sudah dibaca ulang."))

    @Slot()
    def drill(self) -> None:
        """Restore the chosen backup beside the data and say how it went."""
        chosen, folder = self.list.chosen(), self.around.store.folder
        if chosen is None:
            return
        self._busy(_("Cadangan sedang dicoba …"))
        known = self.around.store.ring.key
        self.around.safekeeping.run(
            self, lambda: restore.drill(chosen, folder, known=known), self._tried, self._not_tried)  # fmt: skip

    def _tried(self, held: Contents) -> None:
        self._free()
        self.say("good", _("Cadangan ini utuh dan dapat dipulihkan. {contents}").format(
            contents=contents_words(held)), 30)  # fmt: skip

    def _not_tried(self, problem: Exception) -> None:
        self._free()
        if not isinstance(problem, UserError):
            raise problem
        self.around.feedback.tell(problem)

    @Slot()
    def ask_for_rescue(self) -> None:
        """The real thing begins with the program closed."""
        question = _("Loket ditutup, lalu jendela pemulihan dibuka. Data sekarang tetap disimpan di samping.")
        self.around.feedback.ask(question, [_("tutup dan pulihkan")], lambda _answer: self.rescue.emit())

    def _busy(self, words: str) -> None:
        self._is_busy = True
        self.acts_changed.emit()
        self.say("info", words, 0)

    def _free(self) -> None:
        self._is_busy = False
        self.acts_changed.emit()

    def _show_list(self) -> None:
        keeping = self.around.safekeeping
        last, zone = keeping.last, self.around.desk.zone if self.around.desk else None
        if last.trouble:
            self.standing.show_state("bad", last.trouble)
        elif last.at is None:
            self.standing.show_state("warning", _("Belum ada cadangan."))
        else:
            words = _("Semua yang disimpan sampai {moment} ada di cadangan.").format(
                moment=moment_words(last.at, zone))  # fmt: skip
            if not self.around.settings.backups.folder:
                words += " " + _("Tetapi di disk yang sama: pilih folder di disk lain atau di jaringan.")
            is_well = self.around.settings.backups.folder and not last.is_old(self.around.store.clock())
            self.standing.show_state("good" if is_well else "warning", words)
        folder = keeping.folder
        # Not here: a network that does not answer would hold the whole window.
        keeping.run(self, lambda: backups(folder), lambda found: self.list.show_backups(found, folder), None)
        self.acts_changed.emit()
