"""How this PC stands: its centre, what is not sent or was put aside, its clock and numbers, and every other counter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QGroupBox, QHBoxLayout, QVBoxLayout

from desktop.folder import FILE_NAME
from desktop.i18n import N_, _, clock_time, number
from desktop.operations import access, conflicts, hall, setup
from desktop.operations.hall import Neighbours, Pc, Self
from desktop.safekeeping import health
from desktop.sync.address import REVOKED_CODE
from desktop.ui import standing, style
from desktop.ui.conflicts import ConflictTable
from desktop.ui.joining import Joining
from desktop.ui.rows import Column, Rows, Table
from desktop.ui.screen import Act, Screen, scrolled


class HealthScreen(Screen):
    """A PC that stands alone, or is shut out, joins a hall from here; ``moved`` tells the window that it has."""

    name = "health"
    title = N_("Keadaan PC")
    tables = frozenset({hall.NEWS, "refused_entry", "counter", "correction"})

    def build(self) -> None:
        row = QHBoxLayout(scrolled(self))
        row.setContentsMargins(style.px(20), style.px(4), style.px(20), style.px(12))
        row.setSpacing(style.px(16))
        left = QVBoxLayout()
        left.setSpacing(style.px(8))
        row.addLayout(left, 5)
        box = QGroupBox(_("PC ini"))
        inner = QVBoxLayout(box)
        self.state = style.Mark(wrap=True)
        self.state.setObjectName("health_state")
        inner.addWidget(self.state)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(style.px(14))
        self._facts.setVerticalSpacing(style.px(6))
        self._facts.setColumnStretch(1, 1)
        inner.addLayout(self._facts)
        left.addWidget(box)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(style.px(8))
        row.addLayout(right, 7)
        self._hall = QGroupBox(_("Loket di mal ini"))
        column = QVBoxLayout(self._hall)
        self.counters = Table("health_counters", _("Loket di mal ini"), Rows([
            Column(_("Loket"), lambda pc: pc.name + (f" ({_('PC ini')})" if pc.is_here else "")),
            Column(_("Terakhir terhubung"), self._heard, 184, mark=self._heard_mark),
            Column(_("Belum terkirim"), lambda pc: number(pc.pending), 126, right=True),
            Column(_("Jam"), self._clock, 112, mark=self._clock_mark),
        ], key=lambda pc: pc.name))  # fmt: skip
        column.addWidget(self.counters)
        self.as_of = style.label("", "small")
        self.as_of.setObjectName("health_as_of")
        column.addWidget(self.as_of)
        self._conflicts = QGroupBox(_("Perubahan yang bertemu"))
        self.conflicts = ConflictTable(self.around)
        QVBoxLayout(self._conflicts).addWidget(self.conflicts)
        right.addWidget(self._hall, 3)
        right.addWidget(self._conflicts, 2)
        self._join = QGroupBox(_("Gabung ke pusat data"))
        joining = QVBoxLayout(self._join)
        words = style.label(_("Admin memberi satu berkas (.loket) dan satu kode. Berkas permohonan dan PIN di PC ini "
                              "tetap ada; yang dibuat sendiri oleh PC ini ikut terkirim."), "muted")
        words.setWordWrap(True)
        joining.addWidget(words)
        self.joining = Joining(self.around)
        self.joining.changed.connect(self.acts_changed)
        self.joining.joined.connect(self._joined)
        joining.addWidget(self.joining)
        right.addWidget(self._join)
        right.addStretch(0)
        self._told: Neighbours | None = None
        self._self: Self | None = None
        # What the head of the screen shows is counted by the second; nothing is read for that.
        self._shown = self._rows = ""
        self.around.centre.changed.connect(self.follow)
        self.around.safekeeping.compared.connect(self._compared)
        self.refresh()

    # --- acts

    def acts(self) -> list[Act]:
        if self._may_join():
            return [Act("F9", _("Gabung"), self.joining.begin, kind="primary", icon="arrow-right",
                        enabled=self.joining.can_begin())]
        acts = [Act("F9", _("Coba sambung sekarang"), self._try, kind="primary", icon="play")]
        if self.conflicts.rows.rows:
            acts.append(Act("F6", _("Lihat keduanya"), self.conflicts.ask, kind="warning"))
        return acts

    def help(self) -> list[str]:
        return [_("Bila menghubungi admin, sebutkan kode (misalnya E-21) dan isi halaman ini.")]

    def arrive(self) -> None:
        if self._may_join():
            self.joining.form.start()
        else:
            self.counters.setFocus(Qt.FocusReason.OtherFocusReason)
            self.around.centre.try_now()

    def _may_join(self) -> bool:
        centre = self.around.centre
        return centre.address is None or self.joining.is_busy or self._is_shut_out()

    def _is_shut_out(self) -> bool:
        """Whether an administrator has to let this PC in anew."""
        problem = self.around.centre.standing.problem if self.around.centre.standing is not None else None
        return problem is not None and problem.code == REVOKED_CODE

    def _try(self) -> None:
        self.around.centre.try_now()
        self.say("info", _("Menghubungi pusat data …"), 4)

    @Slot()
    def _joined(self) -> None:
        self.refresh()
        # The window is dressed anew for the counter this PC has become; let the slot return first.
        self.moved.emit()

    @Slot(object)
    def _compared(self, _done: health.Round) -> None:
        self.refresh()

    # --- what is shown

    @Slot()
    def follow(self) -> None:
        """The standing is another one, or a second has passed."""
        if not self.isVisible():
            return
        kind, words, icon = standing.network(self.around.centre, self.around.store.clock(), self._local)
        self.state.show_state(kind, words, icon_name=icon)
        shown = standing.lasting(self.around.centre, self._local)
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def refresh(self) -> None:
        with self.reading() as session:
            self._self = hall.this_pc(session)
            self._told = hall.neighbours(session)
            label = hall.label_here(session)
            self._rows = health.words(health.compared(session), self._local)
            met = conflicts.open_conflicts(session) if self._may_settle(session) else []
        alone = self._may_join()
        self._join.setVisible(alone)
        self._hall.setVisible(not alone)
        self._conflicts.setVisible(bool(met))
        self.conflicts.show_rows(met)
        self._show_facts(label)
        if self._told is not None:
            self.counters.show_rows([pc for pc in self._told.pcs if not pc.is_revoked])
            self.as_of.setText(_("Keadaan pukul {time} menurut pusat data.").format(
                time=clock_time(self._local(self._told.as_of))))  # fmt: skip
        kind, words, icon = standing.network(self.around.centre, self.around.store.clock(), self._local)
        self.state.show_state(kind, words, icon_name=icon)
        self.acts_changed.emit()

    def _may_settle(self, session: Any) -> bool:
        desk = self.around.desk
        return desk is not None and setup.place(session, desk).role in access.SUPERVISORS

    def _show_facts(self, label: str) -> None:
        while self._facts.count():
            item = self._facts.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().deleteLater()
        for row, (title, words) in enumerate(self._lines(label)):
            self._facts.addWidget(style.label(title, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            value = style.label(words)
            value.setWordWrap(True)
            value.setAccessibleName(f"{title}: {words}")
            self._facts.addWidget(value, row, 1)

    def _lines(self, label: str) -> list[tuple[str, str]]:
        here, centre = self._self, self.around.centre
        if here is None:
            return []
        lines = [(_("Mal"), here.hall), (_("Loket"), here.counter)]
        now = centre.standing
        if centre.address is not None:
            lines.append((_("Pusat data"), f"{', '.join(centre.address.hosts)}:{centre.address.port}"))
        if centre.problem is not None:
            lines.append((_("Masalah"), centre.problem.message))
        if now is not None:
            last = standing.moment(now.at, self._local) if now.at is not None else _("belum sejak program dibuka")
            lines.append((_("Terakhir tersambung"), last))
            lines.append((_("Belum terkirim"), number(now.pending)))
            if now.problem is not None:
                lines.append((_("Masalah"), now.problem.message))
            lines.append((_("Jam"), standing.skew(centre) or _("sama dengan jam pusat")))
        lines += [(_("Disisihkan pusat"), hall.refusal_words(state, count, label))
                  for state, count in sorted(here.refused.items())]  # fmt: skip
        codes = ", ".join(str(code) for code in here.codes)
        if here.spare is not None:
            codes = _("{codes} (cadangan {spare})").format(codes=codes, spare=here.spare)
        size = (self.around.store.folder / FILE_NAME).stat().st_size
        backup = self.around.safekeeping.last.at
        return [
            *lines,
            (_("Cadangan terakhir"), standing.moment(backup, self._local) if backup else _("belum ada")),
            (_("Kode nomor"), codes),
            (_("Berkas data"), _("{size} MB, {count} catatan").format(
                size=number(round(size / 1e6)), count=number(here.entries))),
            (_("Isi data"), self._rows),
            (_("Folder"), str(self.around.store.folder)),
            (_("Versi program"), setup.APP_VERSION),
        ]  # fmt: skip

    def _heard(self, pc: Pc) -> str:
        return standing.moment(pc.heard_at, self._local) if pc.heard_at is not None else _("belum pernah")

    def _heard_mark(self, pc: Pc) -> tuple[str, str]:
        is_fresh = self._told is not None and pc.heard_at is not None and pc.heard_at > self._told.as_of - hall.SILENT
        return ("good", "circle-check") if is_fresh else ("warning", "circle-minus")

    def _clock(self, pc: Pc) -> str:
        minutes = round(abs(pc.skew.total_seconds()) / 60)
        return _("selisih {count} menit").format(count=number(minutes)) if self._is_off(pc) else _("cocok")

    def _clock_mark(self, pc: Pc) -> tuple[str, str]:
        return ("bad", "clock") if self._is_off(pc) else ("muted", "check")

    def _is_off(self, pc: Pc) -> bool:
        return abs(pc.skew) > hall.MOST_SKEW

    def _local(self, moment: Any) -> Any:
        desk = self.around.desk
        return desk.local(moment) if desk is not None else moment.astimezone()
