"""Coming into a hall: the enrolment file, its one-time code, and how far the hall's data have come, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, QStorageInfo, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations import hall
from desktop.ui import style
from desktop.ui.choices import Option
from desktop.ui.feedback import with_code
from desktop.ui.form import Form
from desktop.ui.inputs import TextField
from desktop.ui.list_field import ListField, within
from desktop.ui.screen import Surroundings
from desktop.ui.standing import came_words

SUFFIX = ".loket"
PLACES = (
    QStandardPaths.StandardLocation.DownloadLocation, QStandardPaths.StandardLocation.DesktopLocation,
    QStandardPaths.StandardLocation.HomeLocation,
)  # fmt: skip


class Joining(QWidget):
    """``joined`` is told when this PC is a counter of the hall; cut off in the middle, it goes on by itself."""

    joined = Signal()
    changed = Signal()  # what can be done now

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self.is_busy = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(10))
        self.form = Form(around.feedback, title_width=120)
        self.file = self.form.add(ListField(
            "file", _("Berkas pendaftaran"), within(_found()), hint=_("pilih dari USB, atau ketik tempatnya"),
            limit=500, free=True, says_unlisted=False))
        self.code = self.form.add(TextField("code", _("Kode"), limit=20, allow="0-9A-Za-z -",
                                            hint=_("10 huruf dan angka dari admin")))
        self.form.finished.connect(self.begin)
        self.form.changed.connect(lambda _name: self.changed.emit())
        column.addWidget(self.form)
        self.progress = style.Mark(wrap=True)
        self.progress.setObjectName("join_progress")
        column.addWidget(self.progress)
        around.centre.changed.connect(self._centre_changed)
        with around.store.reading() as session:
            is_seated = hall.is_seated(session)
        if around.centre.address is not None and not is_seated:
            self._go_on()  # it was cut off before the program was closed

    def can_begin(self) -> bool:
        """Whether both are given and nothing is on its way."""
        return bool(not self.is_busy and self._path() and self.code.value())

    @Slot()
    def begin(self) -> None:
        """Use the file: once, and again where it was cut off."""
        if not self.can_begin():
            return
        self._set_busy(True)
        self.progress.show_state("info", _("Menghubungi pusat data …"), icon_name="circle-dot")
        self._around.centre.join(Path(self._path()), self.code.value(), self._taken, self._failed, self)

    def _path(self) -> str:
        return str(self.file.value() or self.file.typed())

    def _set_busy(self, busy: bool) -> None:
        self.is_busy = busy
        self.form.setEnabled(not busy)
        self.changed.emit()

    @Slot(object)
    def _taken(self, enrolment: Any) -> None:
        self.code.clear()
        words = _("Terhubung dengan {hall} sebagai {label}.").format(hall=enrolment.hall_name, label=enrolment.label)
        self.progress.show_state("info", words, icon_name="circle-dot")
        self._go_on()

    def _go_on(self) -> None:
        self._set_busy(True)
        self._around.centre.begin()
        self._centre_changed()

    @Slot(object)
    def _failed(self, problem: Exception) -> None:
        self._set_busy(False)
        if not isinstance(problem, UserError):
            raise problem
        if not self.form.show_error(problem):
            self.progress.show_state("bad", with_code(problem))
        else:
            self.progress.show_state("", "")

    @Slot()
    def _centre_changed(self) -> None:
        centre = self._around.centre
        standing = centre.standing
        if centre.problem is not None:
            self._set_busy(False)
            self.progress.show_state("bad", with_code(centre.problem))
        elif standing is None or not self.is_busy:
            return
        elif standing.kind == "joining":
            self.progress.show_state("info", came_words(standing.came), icon_name="circle-dot")
        elif standing.kind in ("refused", "broken") and standing.problem is not None:
            self.progress.show_state("bad", with_code(standing.problem))
        elif standing.kind == "offline":
            words = _(
                "Pusat tidak terjangkau{where}. Yang sudah masuk tetap ada; diteruskan sendiri bila tersambung lagi.")
            where = f" ({centre.address.spoken})" if centre.address is not None else ""
            self.progress.show_state("warning", words.format(where=where))
        elif standing.kind in ("in_step", "sending") and standing.at is not None:
            self._set_busy(False)
            self.progress.show_state("good", _("Data mal sudah lengkap di PC ini."))
            self.joined.emit()


def _found() -> list[Option]:
    """The enrolment files on USB sticks and where downloads go, the newest first."""
    folders = {Path(volume.rootPath()) for volume in QStorageInfo.mountedVolumes() if volume.isReady()}
    folders |= {Path(QStandardPaths.writableLocation(place)) for place in PLACES}
    found: dict[Path, float] = {}
    for folder in folders:
        try:
            found |= {path: path.stat().st_mtime for path in folder.glob(f"*{SUFFIX}")}
        except OSError:
            continue  # a stick that was pulled out, a folder of somebody else
    return [Option(str(path), path.name, str(path.parent)) for path in sorted(found, key=lambda path: -found[path])]

