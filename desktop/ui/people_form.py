"""Data pemohon: who asks, for whom, and who came, as typed; what is said of it, and the way of Enter through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication

from desktop.operations.case import BY_PROXY, CHILD, FOR_COMPANY, OBJECT
from desktop.operations.identity import Nik, read_birth, read_nib, read_nik, read_phone
from desktop.operations.intake_form import IntakeForm, OutageForm, PartyForm
from desktop.ui.choices import Option
from desktop.ui.feedback import Feedback
from desktop.ui.for_whom import SUBJECT_TITLES
from desktop.ui.inputs import Field, Verdict
from desktop.ui.people_rows import PeopleRows
from desktop.ui.people_verdicts import name_verdict, nik_words, verdict_of
from desktop.ui.village_field import Place


class PeopleForm(PeopleRows):
    """The column of people. It tells when a NIK is whole and readable, and shows what was found out about it."""

    nik_read = Signal(object)  # the applicant's Nik, as soon as it is whole and right
    proxy_read = Signal(object)
    whom_chosen = Signal()
    looking = Signal(object)  # the NikField whose covered digits are asked for

    def __init__(
        self, feedback: Feedback, places: Sequence[Place], today: Callable[[], date], *, is_training: bool,
        officers: Sequence[Option] = (),
    ) -> None:  # fmt: skip
        super().__init__(feedback, places, officers)
        self._today = today
        self._is_training = is_training
        self._loaded = PartyForm()
        self._loaded_proxy = PartyForm()
        self._has_jumped = False
        self._judges()
        self.nik.changed.connect(self._nik_edited)
        self.whom.changed.connect(self.whom_chosen)
        for nik in (self.nik, self.proxy_nik):
            nik.looking.connect(lambda nik=nik: self.looking.emit(nik))

    # --- what is in it

    def applicant(self) -> PartyForm:
        """The applicant as typed; the birth date is the card's, as far as the NIK tells it."""
        digits = self.nik.value()
        reason = None if digits else self.reason.value()
        is_foreign = reason == "foreigner"
        chosen = self.village.value()
        return PartyForm(
            name=self.name.value(),
            nik=digits,
            no_nik_reason=reason,
            phone=self.phone.value(),
            phone_declined=self.phone.declined and not self.phone.value(),
            birth_date=self._birth(digits, self._loaded),
            village_code=chosen,
            place_text="" if chosen else self.village.typed(),
            id_kind="passport" if is_foreign and self.passport.value() else None,
            identifier=self.passport.value() if is_foreign else "",
        )

    def subject_form(self) -> PartyForm | None:
        """The child, company or object; None where there is none or nothing was typed yet."""
        name, whom = self.subject.value(), self.about()
        if whom == CHILD and (name or self.birth.value()):
            return PartyForm(name=name, birth_date=self.birth.value())
        if whom == FOR_COMPANY and (name or self.nib.value()):
            nib = self.nib.value()
            return PartyForm(name=name, kind="company", id_kind="nib" if nib else None, identifier=nib)
        if whom == OBJECT and name:
            return PartyForm(name=name, kind="object")
        return None

    def proxy(self) -> PartyForm | None:
        """Who came with the power of attorney."""
        name, digits = self.proxy_name.value(), self.proxy_nik.value()
        if self.for_whom() != BY_PROXY or not (name or digits):
            return None
        return PartyForm(name=name, nik=digits, birth_date=self._birth(digits, self._loaded_proxy))

    def outage(self) -> OutageForm | None:
        """What stands on the emergency form; None where the file is received now."""
        if not self._is_outage:
            return None
        return OutageForm(
            self.outage_day.value(), self.outage_clock.value(), self.outage_reason.value(), self.outage_by.value()
        )

    def show_form(self, form: IntakeForm) -> None:
        """Show the people of a form: a draft, a further visit, or the same person again."""
        usual = self._usual_whom
        self.clear()
        self._usual_whom = usual
        self.show_applicant(form.applicant)
        self.whom.set_value(form.for_whom)
        subject = form.subject or PartyForm()
        self.subject.set_value(subject.name)
        self.birth.set_value(subject.birth_date)
        self.nib.set_value(subject.identifier if subject.kind == "company" else "")
        self._loaded_proxy = form.proxy or PartyForm()
        self.proxy_nik.set_value(self._loaded_proxy.nik)
        self.proxy_name.set_value(self._loaded_proxy.name)
        self.vulnerable.set_value(form.vulnerable_group or "")
        self.queue.set_value(form.queue_no)
        self.note.set_value(form.note)
        self._shows_more = bool(form.vulnerable_group or form.queue_no or form.note)
        self._is_outage, paper = form.outage is not None, form.outage or OutageForm()
        self.outage_day.set_value(paper.day)
        self.outage_clock.set_value(paper.clock)
        self.outage_reason.set_value(paper.reason)
        self.outage_by.set_value(paper.received_by)
        self._show_rows()

    def show_applicant(self, person: PartyForm) -> None:
        """Show somebody known in the fields of the applicant."""
        self._loaded = person
        self._asks_reason = bool(person.no_nik_reason)
        self.nik.set_value(person.nik)
        self.reason.set_value(person.no_nik_reason)
        self.passport.set_value(person.identifier if person.id_kind == "passport" else "")
        self.fill_known(person, over=True)
        self.village.near_district(person.nik[:6])
        self._show_rows()

    def fill_known(self, person: PartyForm, *, over: bool = False) -> None:
        """Name, phone and village of somebody met before; what is typed already stays unless ``over``."""
        if over or not self.name.value():
            self.name.set_value(person.name)
        if over or not (self.phone.value() or self.phone.declined):
            self.phone.show_kept(person.phone, declined=person.phone_declined)
        if over or not self.village.typed():
            self.village.show_kept(person.village_code, person.place_text)

    def clear(self) -> None:
        super().clear()
        self._loaded = self._loaded_proxy = PartyForm()

    def is_empty(self) -> bool:
        """Whether nothing was typed that could be lost."""
        typed = (self.nik, self.name, self.phone, self.subject, self.birth, self.nib, self.proxy_nik, self.proxy_name)
        return not (
            any(field.value() for field in typed)
            or self.village.typed()
            or self.reason.value()
            or self.queue.value()
            or self.note.value()
            or self._is_outage
        )

    # --- walking

    def next_after(self, name: str, *, by_itself: bool = False) -> None:
        if name == "applicant.nik":
            if by_itself and self.nik.state == "error":
                # Sixteen digits that cannot be: the eyes are on the card, so the cursor waits where the fault is.
                self.nik.line.selectAll()
                return
            self._asks_reason = not self.nik.value()
            self._show_rows()
            if self._tell_nik():
                return
        if name == "applicant.name" and self._has_jumped and not self.name.value():
            # The Enter that other programs want after sixteen digits: the name is still to come.
            self._has_jumped = False
            return
        if name == "proxy.nik" and self.proxy_nik.is_full() and self.proxy_nik.state != "error":
            self.proxy_read.emit(self._read(self.proxy_nik.value()))
            if self.proxy_name.value():
                name = "proxy.name"
        self._has_jumped = by_itself and name == "applicant.nik"
        super().next_after(name, by_itself=by_itself)

    def _tell_nik(self) -> bool:
        """Tell the screen about a readable NIK; True where it moved the cursor itself."""
        if not self.nik.is_full() or self.nik.state == "error":
            return False
        if self.birth.value():
            self.birth.judge()  # what was typed of the child is seen beside the parent now
        before = QApplication.focusWidget()
        self.nik_read.emit(self._read(self.nik.value()))
        return QApplication.focusWidget() is not before

    def take_nik(self, digits: str) -> None:
        """A NIK typed or scanned in the entry bar."""
        self.nik.say("normal")
        self.nik.restore((digits, False))  # typed here, so no look at it is a look into the file
        self._nik_edited()
        verdict = self.nik.judge()
        if verdict is not None and verdict.state == "error":
            self.nik.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._asks_reason = False
        self._show_rows()
        if not self._tell_nik():
            self._has_jumped = True
            super().next_after("applicant.nik", by_itself=True)

    def first_gap(self) -> Field | None:
        """The first field of a person that still wants something, or None."""
        wanted: list[Field] = []
        if not self.nik.value() and not self.reason.value():
            wanted.append(self.nik)
        if not self.name.value():
            wanted.append(self.name)
        if not self.phone.value() and not self.phone.declined:
            wanted.append(self.phone)
        return wanted[0] if wanted else self.subject_gap()

    def subject_gap(self) -> Field | None:
        """The first empty row that "Untuk" brought about."""
        whom = self.about()
        rows: list[tuple[Field, object]] = []
        if self.for_whom() == BY_PROXY:
            name = self.proxy_name.value()
            rows += [(self.proxy_nik, self.proxy_nik.value() or name), (self.proxy_name, name)]
        if whom in SUBJECT_TITLES:
            rows.append((self.subject, self.subject.value()))
        if whom == CHILD:
            rows.append((self.birth, self.birth.value()))
        return next((field for field, value in rows if not value), None)

    # --- inside

    def _judges(self) -> None:
        self.nik.check = lambda digits: self._nik_verdict(digits, self._loaded)
        self.proxy_nik.check = lambda digits: self._nik_verdict(digits, self._loaded_proxy)
        self.name.check = name_verdict
        self.proxy_name.check = name_verdict
        self.subject.check = lambda text: name_verdict(text) if self.about() == CHILD else None
        self.birth.check = self._birth_verdict
        self.nib.check = lambda digits: verdict_of(read_nib(digits)) if digits else None
        self.phone.check = lambda text: verdict_of(read_phone(text)) if text else self.phone.silence()

    def _nik_verdict(self, digits: str, loaded: PartyForm) -> Verdict | None:
        if not digits or digits == loaded.nik:
            return None
        nik = self._read(digits)
        if nik.errors or nik.warnings:
            return verdict_of(nik)
        return Verdict("ok", nik_words(nik, self._today()))

    def _birth_verdict(self, day: date | None) -> Verdict | None:
        if day is None:
            return None
        reading = read_birth(day, self._today(), parent=self.applicant().birth_date)
        return verdict_of(reading) or Verdict("ok", reading.shown)

    def _read(self, digits: str) -> Nik:
        return read_nik(digits, self._today(), is_child=self.for_whom() == CHILD, is_training=self._is_training)

    def _birth(self, digits: str, loaded: PartyForm) -> date | None:
        if not digits or digits == loaded.nik:
            return loaded.birth_date if digits else None
        nik = self._read(digits)
        return None if nik.errors else nik.birth

    def _nik_edited(self) -> None:
        if self.nik.value():
            self._asks_reason = False
            self.reason.set_value(None)
            self._show_rows()
        self.village.near_district(self.nik.value()[:6] if len(self.nik.value()) >= 6 else "")
