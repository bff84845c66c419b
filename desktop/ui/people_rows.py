"""The rows of people at the desk: which fields there are, and when each of them is shown (users.md 1.4, 1.5)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from desktop.i18n import _
from desktop.operations.case import BY_PROXY, CHILD, FOR_COMPANY, SELF
from desktop.operations.outage import REASONS as OUTAGES
from desktop.operations.reception import NO_NIK_REASONS, VULNERABLE_GROUPS
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.feedback import Feedback
from desktop.ui.for_whom import SUBJECT_HINTS, SUBJECT_TITLES, WHOM, WHOM_WORDS
from desktop.ui.form import Form
from desktop.ui.inputs import DateField, DigitsField, TextField
from desktop.ui.list_field import ListField, within
from desktop.ui.nik_field import NikField
from desktop.ui.note_field import NoteField
from desktop.ui.phone_field import PhoneField
from desktop.ui.village_field import Place, VillageField


class PeopleRows(Form):
    """The applicant, "Untuk" and whoever it brings about; seldom ones are opened by a key of their own."""

    def __init__(self, feedback: Feedback, places: Sequence[Place], officers: Sequence[Option]) -> None:
        super().__init__(feedback, title_width=72)
        self._asks_reason = self._shows_more = self._is_outage = False
        self._usual_whom = SELF
        self.nik = self.add(NikField("applicant.nik", _("NIK")))
        self.reason = self.add(
            ChoiceRow(
                "applicant.no_nik_reason",
                _("Tanpa NIK"),
                [Option(code, _(words)) for code, words in NO_NIK_REASONS.items()],
            )
        )
        self.passport = self.add(TextField("applicant.identifier", _("Paspor"), limit=20))
        self.name = self.add(TextField("applicant.name", _("Nama"), limit=100))
        self.phone = self.add(PhoneField("applicant.phone", _("HP")))
        self.village = self.add(VillageField("applicant.village", places))
        self.whom = self.add(
            ChoiceRow("for_whom", _("Untuk"), [Option(code, _(words)) for code, words in WHOM.items()])
        )
        self.proxy_nik = self.add(NikField("proxy.nik", _("NIK kuasa")))
        self.proxy_name = self.add(TextField("proxy.name", _("Kuasa"), limit=100))
        self.subject = self.add(TextField("subject.name", _("Anak"), limit=100))
        self.birth = self.add(DateField("subject.birth_date", _("Tgl lahir")))
        self.nib = self.add(DigitsField("subject.nib", _("NIB"), groups=(13,)))
        self.vulnerable = self.add(
            ChoiceRow(
                "vulnerable_group",
                _("Prioritas"),
                [Option("", _("tidak")), *(Option(code, _(words)) for code, words in VULNERABLE_GROUPS.items())],
                chosen="",
            )
        )
        self.queue = self.add(TextField("queue_no", _("Antrean"), limit=12))
        self.note = self.add(NoteField("note", _("Catatan"), limit=500, lines=2))
        self.outage_day = self.add(DateField("outage.day", _("Tgl kertas")))
        self.outage_clock = self.add(DigitsField("outage.clock", _("Pukul"), groups=(2, 2)))
        self.outage_reason = self.add(
            ChoiceRow("outage.reason", _("Sebab"), [Option(code, _(words)) for code, words in OUTAGES.items()])
        )
        self.outage_by = self.add(ListField("outage.by", _("Petugas"), within(list(officers)), hint=_("di kertas")))
        self.reason.changed.connect(self._show_rows)
        self.whom.changed.connect(self._show_rows)
        self.phone.changed.connect(self.phone.answered)
        self._show_rows()

    def clear(self) -> None:
        super().clear()
        self._asks_reason = self._shows_more = self._is_outage = False
        self._usual_whom = SELF
        self.phone.declined = False
        self.vulnerable.set_value("")
        self.village.near_district("")
        self._show_rows()

    def for_whom(self) -> int:
        """1 to 5; what nobody chose is "sendiri"."""
        return self.whom.value() or SELF

    def about(self) -> int:
        """Whom or what the service is about: a birth that a proxy registers is still a child's."""
        whom = self.for_whom()
        return self._usual_whom if whom == BY_PROXY else whom

    def show_outage(self) -> None:
        """Open or close the rows for a paper that was filled in by hand."""
        self._is_outage = not self._is_outage
        self._show_rows()
        if self._is_outage:
            self.outage_day.setFocus(Qt.FocusReason.TabFocusReason)

    def show_more(self) -> None:
        """Open or close the rows that are seldom needed."""
        self._shows_more = not self._shows_more
        self._show_rows()
        if self._shows_more:
            self.vulnerable.setFocus(Qt.FocusReason.TabFocusReason)

    def rows_kept(self) -> tuple[bool, bool, bool]:
        """Which seldom rows are open, typed in or not."""
        return self._asks_reason, self._shows_more, self._is_outage

    def restore_rows(self, kept: tuple[bool, bool, bool]) -> None:
        self._asks_reason, self._shows_more, self._is_outage = kept
        self._show_rows()

    def open_note(self) -> None:
        """Put the cursor into the note."""
        self._shows_more = True
        self._show_rows()
        self.note.setFocus(Qt.FocusReason.TabFocusReason)

    def set_whom(self, value: int) -> None:
        """What the service proposes; the officer may choose otherwise."""
        self.whom.set_value(value)
        self._show_rows()

    def set_usual(self, value: int) -> None:
        """Whom the chosen service is usually for."""
        self._usual_whom = value
        self._show_rows()

    def _show_rows(self) -> None:
        whom = self.about()
        self.set_shown("applicant.no_nik_reason", self._asks_reason)
        self.set_shown("applicant.identifier", self._asks_reason and self.reason.value() == "foreigner")
        self.set_shown("subject.name", whom in SUBJECT_TITLES)
        if whom in SUBJECT_TITLES:
            self.set_title("subject.name", _(SUBJECT_TITLES[whom]))
            self.subject.line.setPlaceholderText(_(SUBJECT_HINTS.get(whom, "")))
        self.set_shown("subject.birth_date", whom == CHILD)
        self.set_shown("subject.nib", whom == FOR_COMPANY)
        for name in ("proxy.nik", "proxy.name"):
            self.set_shown(name, self.for_whom() == BY_PROXY)
        for name in ("vulnerable_group", "queue_no", "note"):
            self.set_shown(name, self._shows_more)
        for name in ("outage.day", "outage.clock", "outage.reason", "outage.by"):
            self.set_shown(name, self._is_outage)
        if self.whom.state != "error":
            words = WHOM_WORDS.get(self.whom.value() or 0, "")
            self.whom.say("normal", _(words))
