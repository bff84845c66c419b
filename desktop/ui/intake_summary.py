"""The right column of the intake screen: what will come out and why, the last paper, and what waits at this counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import _, ngettext, rupiah
from desktop.models.standard import Definition
from desktop.operations.reception import Recent
from desktop.operations.requirements import Assessment, smallest_sentence
from desktop.ui import style
from desktop.ui.bars import Elided
from desktop.ui.card import Card
from desktop.ui.choices import Flow
from desktop.ui.lines import LineList, TwoLines


@dataclass(frozen=True)
class Terms:
    """What a service costs and when it is ready, as the summary says it."""

    definition: Definition
    promise: str
    decree: str
    warnings: tuple[str, ...] = ()


class Summary(QWidget):
    """Ringkasan of what stands on the desk."""

    MOST = 5

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        head = QHBoxLayout()
        head.setSpacing(style.px(9))
        self._picture = style.label()
        self._state = style.label()
        self._state.setObjectName("summary_state")
        self._state.setWordWrap(True)
        self._state.setStyleSheet(f"font-size: {round(QApplication.font().pointSize() * 1.3, 1)}pt; font-weight: 600;")
        head.addWidget(self._picture)
        head.addWidget(self._state, 1)
        column.addLayout(head)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(style.px(6))
        self._bar.setAccessibleName(_("Syarat yang ada"))
        column.addWidget(self._bar)
        self._missing = _wrapped()
        self._missing.setObjectName("summary_missing")
        column.addWidget(self._missing)
        self._smallest = _wrapped("warning")
        self._smallest.setObjectName("summary_smallest")
        column.addWidget(self._smallest)
        column.addWidget(_hairline())
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.px(10))
        grid.setVerticalSpacing(style.px(6))
        grid.setColumnStretch(1, 1)
        self._facts: dict[str, QLabel] = {}
        for name, title in (
            ("fee", _("Biaya")), ("ready", _("Selesai")), ("product", _("Hasil")), ("standard", _("Standar")),
        ):  # fmt: skip
            row = grid.rowCount()
            grid.addWidget(style.label(title, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts[name] = _wrapped()
            self._facts[name].setObjectName(f"summary_{name}")
            grid.addWidget(self._facts[name], row, 1)
        column.addLayout(grid)
        self._warnings = style.Mark(wrap=True)
        self._warnings.setObjectName("summary_warning")
        column.addWidget(self._warnings)
        column.addStretch(1)

    def show_state(self, assessment: Assessment | None, terms: Terms | None) -> None:
        """Say how the file stands; without a service, what is waited for."""
        kind, words, missing = verdict(assessment)
        self._state.setText(words)
        style.set_role(self._state, "role", kind)
        self._picture.setPixmap(style.pixmap(style.KINDS[kind], kind, 22, self.devicePixelRatioF()))
        self._bar.setVisible(assessment is not None)
        if assessment is not None:
            self._bar.setMaximum(max(assessment.asked_count, 1))
            self._bar.setValue(max(assessment.asked_count - assessment.missing_count, 0))
        shown = missing[: self.MOST]
        rest = len(missing) - len(shown)
        lines = [f"• {name}" for name in shown]
        if rest > 0:
            lines.append(_("… dan {count} lagi").format(count=rest))
        _put(self._missing, "\n".join(lines))
        _put(self._smallest, (smallest_sentence(assessment) or "") if assessment and missing else "")
        self._show_terms(terms)

    def _show_terms(self, terms: Terms | None) -> None:
        fee, ready, product, standard = (self._facts[name] for name in ("fee", "ready", "product", "standard"))
        if terms is None:
            for label in self._facts.values():
                label.setText("–")
                style.set_role(label, "role", "")
            self._warnings.show_state("", "")
            return
        fee.setText(fee_words(terms.definition))
        ready.setText(terms.promise)
        product.setText(", ".join(terms.definition.products) or "–")
        standard.setText(terms.decree or _("Contoh (belum ditetapkan)"))
        style.set_role(standard, "role", "" if terms.decree else "warning")
        style.set_role(fee, "role", "good" if terms.definition.fee.amount == 0 else "")
        self._warnings.show_state("warning", "\n".join(terms.warnings))


def verdict(assessment: Assessment | None) -> tuple[str, str, list[str]]:
    """Kind, word and the names of what is lacking."""
    if assessment is None:
        return "muted", _("Pilih layanan"), []
    if not assessment.is_decided:
        return "muted", _("BELUM DIJAWAB"), []
    if assessment.complete:
        return "good", _("LENGKAP"), []
    lacking = [line.requirement.name for line in assessment.missing]
    if lacking:
        # Lines that nobody looked at yet are not lacking: they have their own word until they are.
        short = len([code for code in assessment.smallest if assessment.line(code) in assessment.missing])
        return "warning", _("KURANG {count}").format(count=short or len(lacking)), lacking
    return "muted", ngettext("{count} BELUM DIPERIKSA", "{count} BELUM DIPERIKSA", len(assessment.unchecked)).format(
        count=len(assessment.unchecked)), []  # fmt: skip


def fee_words(definition: Definition) -> str:
    """ "GRATIS (Rp0)", an amount, or how the fee is found."""
    fee = definition.fee
    if fee.amount == 0:
        return _("GRATIS (Rp0)")
    if fee.amount is None:
        return fee.note or _("Sesuai ketentuan")
    return rupiah(fee.amount)


class LastPaper(QFrame):
    """The file that F9 made last: its number large, how its paper fares, and the way to take it back."""

    undo_wanted = Signal()
    again_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setObjectName("last_paper")
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(12), style.px(6), style.px(12), style.px(6))
        column.setSpacing(style.px(3))
        self._line = Elided("muted")
        self._line.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(self._line)
        self.number = style.label("", "huge")
        self.number.setObjectName("last_number")
        column.addWidget(self.number)
        self.whole = style.label("", "small")
        column.addWidget(self.whole)
        self._state = style.Mark(wrap=True)
        self._state.setObjectName("last_state")
        column.addWidget(self._state)
        self._acts = QWidget()
        row = Flow(self._acts)  # in half a screen the second one stands under the first
        row.setContentsMargins(0, style.px(4), 0, 0)
        for text, wanted, key in (
            (_("Urungkan"), self.undo_wanted, "Shift+F12"),
            (_("Cetak ulang"), self.again_wanted, "Ctrl+P"),
        ):
            made = style.button(text, "chip")
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.clicked.connect(wanted)
            style.tip(made, key)
            row.addWidget(made)
        column.addWidget(self._acts)
        self.hide()

    def show_paper(self, short: str, whole: str, about: str, kind: str, state: str, *, large: bool) -> None:
        """``large`` shows the number to be read across the desk or written by hand; else one line is enough."""
        self._line.show_text(about if large else _("Terakhir: {number}").format(number=short))
        self.number.setText(short)
        self.whole.setText(whole)
        for part in (self.number, self.whole, self._acts):
            part.setVisible(large)
        self._state.show_state(kind, state)
        self.show()


class Waiting(QWidget):
    """What an empty desk shows: parked files, and the last ones of this counter."""

    parked_opened = Signal(object)
    file_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(6))
        self._parked_title = style.label(_("Berkas ditunda (Shift+F7)"), "strong")
        column.addWidget(self._parked_title)
        self.parked = LineList("parked", _("Berkas ditunda"))
        self.parked.opened.connect(self.parked_opened)
        column.addWidget(self.parked)
        self._recent_title = style.label(_("Berkas terakhir di loket ini"), "strong")
        column.addWidget(self._recent_title)
        self.recent = LineList("recent", _("Berkas terakhir di loket ini"))
        self.recent.opened.connect(self.file_opened)
        self.recent.setMinimumHeight(style.em(40))
        self._has_recent = False
        column.addWidget(self.recent, 1)
        self._nothing = _wrapped("muted")
        self._nothing.setText(_("Belum ada berkas di loket ini."))
        column.addWidget(self._nothing)
        column.addStretch(0)

    def show_rows(self, parked: Sequence[Parked], recent: Sequence[Recent]) -> None:
        """Show these; what is empty is not there."""
        self.parked.show_rows([TwoLines(row, row.who, row.words, "info", "pause") for row in parked])
        self.recent.show_rows(
            [
                TwoLines(row, f"{row.short}  {row.applicant}", row.state_word, *_KINDS.get(row.state or "", _ELSE))
                for row in recent
            ]
        )
        for part in (self.parked, self._parked_title):
            part.setVisible(bool(parked))
        self._nothing.setVisible(not recent)
        self.parked.setFixedHeight(style.em(46) * min(len(parked), 3) + 4)
        self._has_recent = bool(recent)
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        """The last files give way to what waits, the last paper and the button: they stand in today's list too."""
        least = self.parked.height() + self._parked_title.height() if self.parked.isVisibleTo(self) else style.em(40)
        return QSize(super().minimumSizeHint().width(), least + style.px(6))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        room = self.height() - self.minimumSizeHint().height() if self.parked.isVisibleTo(self) else self.height()
        fits = room >= self._recent_title.sizeHint().height() + style.em(46)
        for part in (self.recent, self._recent_title):
            part.setVisible(self._has_recent and fits)


@dataclass(frozen=True)
class Parked:
    """A parked file as a line: when it was put aside, who and what."""

    id: str
    who: str
    words: str


_KINDS = {
    "RETURNED": ("warning", "file-warning"), "REGISTERED": ("good", "circle-check"), "READY": ("good", "inbox"),
    "VOID": ("muted", "ban"), "HANDED_OVER": ("muted", "check"), "REJECTED": ("bad", "circle-x"),
}  # fmt: skip
_ELSE = ("info", "clock")


def _wrapped(role: str = "") -> QLabel:
    made = style.label("", role)
    made.setWordWrap(True)
    return made


def _put(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _hairline() -> QFrame:
    line = QFrame()
    line.setObjectName("hairline")
    line.setFixedHeight(1)
    return line


class Side(QWidget):
    """The whole right column: one of three pages, the last paper, and the button of F9."""

    def __init__(self, choice: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        self.card = Card(_("Ringkasan"))
        inner = QVBoxLayout(self.card)
        self._stack = QStackedWidget()
        inner.addWidget(self._stack)
        self.summary = Summary()
        self.waiting = Waiting()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.summary)
        self._pages = {
            "summary": (scroll, _("Ringkasan")),
            "waiting": (self.waiting, _("Di loket ini")),
            "choice": (choice, _("Sebab")),
        }
        for page, _title in self._pages.values():
            self._stack.addWidget(page)
        column.addWidget(self.card, 1)
        self.last_paper = LastPaper()
        column.addWidget(self.last_paper)
        self.save_button = style.button("", "primary")
        self.save_button.setObjectName("save")
        self.save_button.setMinimumHeight(style.px(18) + 2 * self.save_button.fontMetrics().lineSpacing())
        column.addWidget(self.save_button)

    def show_page(self, name: str) -> None:
        """ "summary" of what stands on the desk, "waiting" at an empty one, or the "choice" of what is wrong."""
        page, title = self._pages[name]
        self._stack.setCurrentWidget(page)
        self.card.setTitle(style.literal(title))

    def is_waiting(self) -> bool:
        """Whether the lists of an empty desk are shown."""
        return self._stack.currentWidget() is self.waiting

    def say_act(self, label: str, kind: str, *, enabled: bool) -> None:
        """What F9 will do, on two lines: the paper's name has one of its own."""
        verb, _space, paper = label.partition(" ")
        is_paper = paper.isupper()
        self.save_button.setText(style.literal(f"F9 · {verb}\n{paper}" if is_paper else f"F9 · {label}"))
        self.save_button.setAccessibleName(_("F9 {act}").format(act=label))
        self.save_button.setEnabled(enabled)
        style.set_role(self.save_button, "role", kind)
