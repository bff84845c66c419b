"""The window before the window: a password where the data ask for one, and the way back where they do not open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desktop import settings as settings_file
from desktop.errors import UserError
from desktop.i18n import _
from desktop.keys import Locked
from desktop.safekeeping import backup, restore, salvage
from desktop.safekeeping.backup import FOLDER_NAME, Backup, Contents
from desktop.safekeeping.salvage import Saved
from desktop.ui import style
from desktop.ui.background import Background, Worker
from desktop.ui.backup_list import BackupList, contents_words, plain
from desktop.ui.feedback import Feedback
from desktop.ui.form import Form
from desktop.ui.inputs import TextField

# What can be put right from here: the codes of the store that a backup answers.
CURABLE = ("E-02", "E-04", "E-08", "E-09")


class RescueWindow(QWidget):
    """Says what stands in the way and offers what helps. Closed with ``again`` True, the start is tried once more.

    ``secret`` is what was typed to open the data; it is never kept.
    """

    def __init__(self, folder: Path, problem: UserError, background: Background | None = None) -> None:
        super().__init__()
        self.setObjectName("rescue")
        self.setWindowTitle(_("Loket"))
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.folder, self.problem = folder, problem
        self.again, self.secret = False, ""
        self._is_busy, self._looks, self._is_leaving = False, 0, False
        self._background = background or Worker()
        self.feedback = Feedback()
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(24), style.px(20), style.px(24), style.px(14))
        column.setSpacing(style.px(10))
        is_locked = isinstance(problem, Locked)
        self.heading = style.label(_("Data terkunci") if is_locked else _("Data perlu dipulihkan"), "title")
        column.addWidget(self.heading)
        words = problem.message
        if problem.code and not is_locked:
            words = _("{sentence} (kode {code})").format(sentence=words, code=problem.code)
        self.sentence = style.Mark("info" if is_locked else "warning", words, wrap=True)
        self.sentence.setObjectName("rescue_sentence")
        column.addWidget(self.sentence)
        self.form = Form(self.feedback, title_width=190)
        self.password = self.form.add(TextField("secret", _("Kata sandi atau kode pemulihan"), limit=120,
                                                password=True))  # fmt: skip
        self.password.line.entered.connect(self._entered)
        column.addWidget(self.form)
        self.rest = QWidget()
        self._build_rest()
        column.addWidget(self.rest, 1)
        column.addStretch(0)
        column.addLayout(self._buttons())
        column.addWidget(self.feedback)
        self.rest.setVisible(not is_locked)
        self.resize(style.em(820), style.em(260) if is_locked else style.em(560))
        self._show_buttons()
        if not is_locked:
            self._look()

    def _build_rest(self) -> None:
        column = QVBoxLayout(self.rest)
        column.setContentsMargins(0, 0, 0, 0)
        self.place = self.form.add(TextField("backup_folder", _("Folder cadangan"), limit=300))
        self.place.set_value(_named_folder(self.folder))
        self.place.finished.connect(lambda _by_itself: self._look())
        self.form.set_shown("backup_folder", not isinstance(self.problem, Locked))
        self.list = BackupList(None)
        self.list.picked.connect(self._show_buttons)
        column.addWidget(self.list, 1)
        column.addWidget(plain(_(
            "Pemulihan tidak menghapus apa pun: data sekarang disimpan di samping, dan nomor berikutnya memakai kode "
            "lain supaya tidak ada nomor kembar."
        )))  # fmt: skip

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.more = self._button(_("Pulihkan dari cadangan"), self.show_rest)
        self.save = self._button(_("Selamatkan yang terbaca"), self.salvage)
        self.try_out = self._button(_("Coba pulihkan"), self.drill)
        self.bring_back = self._button(_("Pulihkan"), self.restore)
        self.open = self._button(_("Buka"), self.unlock)
        self.leave = self._button(_("Tutup"), self.close)
        row.addStretch(1)
        for made in (self.more, self.save, self.try_out, self.bring_back, self.open, self.leave):
            row.addWidget(made)
        return row

    def _button(self, words: str, do: Callable[[], Any]) -> Any:
        made = style.button(words)
        made.clicked.connect(lambda _checked=False: do())
        return made

    def _show_buttons(self) -> None:
        is_locked, is_free = isinstance(self.problem, Locked), not (self._is_busy or self._looks)
        shows_rest = not self.rest.isHidden()
        self.open.setVisible(is_locked)
        self.more.setVisible(is_locked and not shows_rest)
        self.save.setVisible(shows_rest and self.problem.code == "E-02")
        for made in (self.try_out, self.bring_back):
            made.setVisible(shows_rest)
            made.setEnabled(is_free and self.list.chosen() is not None)
        for made in (self.save, self.open, self.more):
            made.setEnabled(is_free)
        self.leave.setEnabled(not self._is_busy)
        style.set_role(self.open if is_locked else self.bring_back, "role", "primary")

    def run(self) -> None:
        """Stay until it is closed."""
        self.show()
        (self.password if isinstance(self.problem, Locked) else self.list.table).setFocus()
        QApplication.instance().exec()

    # --- acts

    @Slot()
    def show_rest(self) -> None:
        """The backups, also where a password was asked for: the file behind it may be the trouble."""
        self.form.set_shown("backup_folder", True)
        self.rest.show()
        self.resize(self.width(), style.em(560))
        self._look()

    @Slot()
    def _entered(self) -> None:
        if isinstance(self.problem, Locked):
            self.unlock()

    @Slot()
    def unlock(self) -> None:
        """Try to start with what was typed."""
        if self.password.value():
            self.secret, self.again = self.password.value(), True
            self.close()

    def _look(self) -> None:
        place = Path(self.place.value() or self.folder / FOLDER_NAME)
        self._looks += 1
        self._show_buttons()

        def looked(found: Sequence[Backup]) -> None:
            self._looks -= 1
            self.list.show_backups(found, place)
            if self._is_leaving:
                self.close()

        def failed(problem: Exception) -> None:
            looked([])  # a folder that does not answer holds none that could be used
            if not isinstance(problem, OSError):
                raise problem

        self._background.run(self, lambda: backup.backups(place), looked, failed)

    @Slot()
    def drill(self) -> None:
        """Restore into a throw-away folder."""
        chosen, secret = self.list.chosen(), self.password.value() or None
        if chosen is not None:
            self._do(_("Cadangan sedang dicoba …"), lambda: restore.drill(chosen, self.folder, secret), self._tried)

    def _tried(self, held: Contents) -> None:
        words = _("Cadangan ini utuh dan dapat dipulihkan. {contents}").format(contents=contents_words(held))
        self.feedback.say("good", words, 0)

    @Slot()
    def restore(self) -> None:
        """Put the chosen backup in the place of the data; where only the slots are lost, these alone."""
        chosen, secret = self.list.chosen(), self.password.value() or None
        if chosen is None:
            return
        every = self.list.table.rows.rows

        def work() -> Backup | Contents:
            if self.problem.code == "E-04":
                found = restore.give_keys_back(self.folder, [chosen, *every], secret)
                if found is not None:
                    return found
            return restore.restore(chosen, self.folder, secret)

        self._do(_("Cadangan sedang dipulihkan …"), work, self._restored)

    def _restored(self, what: Backup | Contents) -> None:
        if isinstance(what, Backup):
            self._end(_("Kuncinya kembali. Data tidak berubah, tidak ada yang hilang."))
        else:
            self._end(_("Sudah dipulihkan. {contents} Yang dicatat sesudah itu masukkan lagi dari kertasnya.").format(
                contents=contents_words(what)))  # fmt: skip

    @Slot()
    def salvage(self) -> None:
        """Make a new file of what can still be read."""
        secret = self.password.value() or None
        self._do(_("Sedang menyelamatkan …"), lambda: salvage.salvage(self.folder, secret), self._saved)

    def _saved(self, saved: Saved) -> None:
        self._end(saved.words())

    def _end(self, words: str) -> None:
        """Say what came of it; the next key goes on to the program."""
        self.again, self.secret = True, self.password.value()
        self.problem = UserError(words)
        self.heading.setText(_("Selesai"))
        self.sentence.show_state("good", words)
        self.rest.hide()
        self.form.hide()
        self._show_buttons()
        self.leave.setText(style.literal(_("Buka Loket")))
        self.leave.setAccessibleName(_("Buka Loket"))
        style.set_role(self.leave, "role", "primary")
        self.leave.setFocus()

    def _do(self, words: str, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._is_busy = True
        self._show_buttons()
        self.feedback.say("info", words, 0)

        def over(result: Any) -> None:
            self._is_busy = False
            self.feedback.clear()
            self._show_buttons()
            done(result)

        def failed(problem: Exception) -> None:
            self._is_busy = False
            self._show_buttons()
            if not isinstance(problem, UserError):
                raise problem
            if isinstance(problem, Locked):
                self.password.setFocus()
            self.feedback.tell(problem)

        self._background.run(self, work, over, failed)

    # --- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.leave.isEnabled():
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        # A restore under way is not left alone: it ends in a moment. A look changes nothing: the window is gone at
        # once, the program when the folder has answered.
        event.setAccepted(not (self._is_busy or self._looks))
        if self._looks and not self._is_busy:
            self._is_leaving = True
            self.hide()
        if event.isAccepted():
            self._background.close()
            QApplication.instance().quit()


def _named_folder(folder: Path) -> str:
    try:
        return settings_file.load(folder).backups.folder or str(folder / FOLDER_NAME)
    except UserError:
        return str(folder / FOLDER_NAME)
