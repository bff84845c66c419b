"""The forms that put a kept file right: correct its people, make it void, write a note. F9 does it, Esc goes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.i18n import N_, _
from desktop.operations import correcting, voiding
from desktop.operations.correcting import Opened
from desktop.operations.identity import read_birth, read_nib, read_nik
from desktop.operations.intake_form import PartyForm
from desktop.operations.reception import NO_NIK_REASONS
from desktop.ui import style
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.feedback import Feedback
from desktop.ui.form import Form
from desktop.ui.inputs import DateField, DigitsField, Field, TextField, Verdict
from desktop.ui.nik_field import NikField
from desktop.ui.note_field import NoteField
from desktop.ui.people_verdicts import name_verdict, verdict_of
from desktop.ui.phone_field import PhoneField
from desktop.ui.screen import scrolled
from desktop.ui.village_field import Place, VillageField


class AmendForm(Form):
    """What all of them share: ``label`` says what F9 does, ``words`` are the agency's own."""

    title = ""  # marked with N_
    label = ""
    explanation = ""
    icon = ""
    kind = "primary"

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(feedback, title_width=150)
        self.edited: set[str] = set()
        self.is_told = False  # that somebody else changed the file while this form was open
        self.changed.connect(self._note_edit)

    def is_dirty(self) -> bool:
        """Whether something was typed that Esc would lose."""
        return bool(self.edited)

    def _note_edit(self, name: str) -> None:
        self.edited.add(name)

    def _add_reason(self, reasons: dict[str, str]) -> None:
        options = [Option(code, _(words)) for code, words in reasons.items()]
        self.reason = self.add(ChoiceRow("reason", _("Alasan"), options))
        self._add_words(_("Keterangan"))

    def _add_words(self, title: str) -> None:
        self.words = self.add(NoteField("words", title, limit=500, lines=3))


class NoteForm(AmendForm):
    """Words about the file, for its agency."""

    title = N_("Catatan untuk berkas ini")
    label = N_("Simpan catatan")
    explanation = N_("Catatan tampil di riwayat berkas dan hanya dibaca instansi ini. Jangan menulis NIK di sini.")
    icon = "message-square"

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(feedback)
        self._add_words(_("Catatan"))


class VoidForm(AmendForm):
    """Why the file is made void."""

    title = N_("Batalkan berkas")
    label = N_("Batalkan berkas ini")
    explanation = N_(
        "Nomornya tetap tercatat sebagai batal dan tidak dipakai lagi. Tarik kertas lamanya dari pemohon. "
        "Bila hanya layanannya yang salah, pakai F12 lalu 3: ganti layanan."
    )
    icon = "ban"
    kind = "warning"

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(feedback)
        self._add_reason(voiding.REASONS)


class CorrectionForm(AmendForm):
    """The people of a file, each field with what stood there before; unedited fields follow what is kept."""

    title = N_("Betulkan data")
    label = N_("Simpan perbaikan")
    explanation = N_(
        "Ubah yang keliru saja, lalu pilih alasannya dengan angka. Nilai lama tetap tercatat di riwayat."
    )
    icon = "pencil"
    looking = Signal(object)  # the field of a NIK whose eye is held

    def __init__(
        self, feedback: Feedback, people: Sequence[Opened], places: Sequence[Place], today: Callable[[], date], *,
        roles: dict[str, str], is_child: bool, is_training: bool,
    ) -> None:  # fmt: skip
        super().__init__(feedback)
        self.people = tuple(people)
        self._places, self._today, self._is_training = places, today, is_training
        self._is_child = is_child
        self._old: dict[str, QLabel] = {}
        for seen in self.people:
            self._add_person(seen, roles.get(seen.role, ""))
        self._add_reason(correcting.REASONS)
        self.changed.connect(self._show_old)
        self._show_rows()

    def edits(self) -> list[tuple[Opened, PartyForm]]:
        """Everybody as found and as they shall be."""
        return [(seen, self._form_of(seen)) for seen in self.people]

    def found_anew(self, people: Sequence[Opened]) -> None:
        """They were changed elsewhere: what was typed stays, everything else shows how it stands now."""
        self.people, self.is_told = tuple(people), False
        for seen in self.people:
            for name in self._names(seen):
                if name not in self.edited:
                    self._show(name, seen.form)
                self._show_old(name)

    # --- inside

    def _add_person(self, seen: Opened, role: str) -> None:
        form, key = seen.form, seen.role
        self._add(TextField(f"{key}.name", _("Nama {role}").format(role=role.lower()), limit=100), form)
        if form.kind == "person" and (key != "subject" or form.nik):
            nik = self._add(NikField(f"{key}.nik", _("NIK {role}").format(role=role.lower())), form)
            nik.check = lambda digits: self._nik_verdict(digits, seen)
            nik.looking.connect(lambda: self.looking.emit(nik))
        if key == "applicant" and form.kind == "person":
            reasons = [Option(code, _(words)) for code, words in NO_NIK_REASONS.items()]
            self._add(ChoiceRow("applicant.no_nik_reason", _("Tanpa NIK"), reasons), form)
        if form.id_kind == "nib":
            nib = self._add(DigitsField(f"{key}.identifier", _("NIB"), groups=(13,)), form)
            nib.check = lambda digits: verdict_of(read_nib(digits)) if digits else None
        elif form.id_kind is not None:
            self._add(TextField(f"{key}.identifier", _("Paspor"), limit=20), form)
        if key == "subject" and form.kind == "person":
            birth = self._add(DateField("subject.birth_date", _("Tgl lahir")), form)
            birth.check = lambda day: verdict_of(read_birth(day, self._today())) if day else None
        if key == "applicant":
            self._add(PhoneField("applicant.phone", _("HP")), form)
            self._add(VillageField("applicant.village", self._places), form)

    def _add(self, field: Any, form: PartyForm) -> Any:
        self.add(field)
        name = field.objectName()
        if name.endswith(".name") and form.kind == "person":
            field.check = name_verdict
        self._show(name, form)
        if name != "applicant.no_nik_reason":
            was = style.struck("")
            was.setObjectName(f"{name}_was")
            was.hide()
            self._old[name] = was
            self.add_below(was)
        return field

    def _show(self, name: str, form: PartyForm) -> None:
        field, part = self.fields[name], name.partition(".")[2]
        if isinstance(field, PhoneField):
            field.show_kept(form.phone, declined=form.phone_declined)
        elif isinstance(field, VillageField):
            field.show_kept(form.village_code, form.place_text)
        else:
            field.set_value(getattr(form, part))

    def _names(self, seen: Opened) -> list[str]:
        return [name for name in self.fields if name.startswith(f"{seen.role}.")]

    def _form_of(self, seen: Opened) -> PartyForm:
        form = seen.form
        edited = {name.partition(".")[2]: self.fields[name] for name in self._names(seen) if name in self.edited}
        for part, field in edited.items():
            if part == "phone":
                form = replace(form, phone=field.value(), phone_declined=self._is_declined(field))
            elif part == "village":
                chosen = field.value()
                typed = field.typed() if isinstance(field, VillageField) else ""
                form = replace(form, village_code=chosen, place_text="" if chosen else typed)
            elif part == "nik":
                # The birth date is the one the new NIK tells, unless it is asked for by itself.
                birth = form.birth_date if seen.role == "subject" else None
                form = replace(form, nik=field.value(), birth_date=birth)
                form = replace(form, no_nik_reason=None) if form.nik else form
            else:
                form = replace(form, **{part: field.value()})
        return form

    @staticmethod
    def _is_declined(field: Field) -> bool:
        return isinstance(field, PhoneField) and field.declined and not field.value()

    def _nik_verdict(self, digits: str, seen: Opened) -> Verdict | None:
        if not digits or digits == seen.form.nik:
            return None
        return verdict_of(read_nik(digits, self._today(), is_child=self._is_child, is_training=self._is_training))

    def _show_old(self, name: str) -> None:
        """What stands in the file, struck through, under each field that is edited."""
        self._show_rows()
        label = self._old.get(name)
        if label is None:
            return
        seen = next(seen for seen in self.people if name.startswith(f"{seen.role}."))
        was = correcting.shown_form(name.partition(".")[2], seen.form) or "–"
        label.setText(was)
        label.setAccessibleName(_("Sebelumnya: {was}").format(was=was))
        label.setVisible(name in self.edited)

    def _show_rows(self) -> None:
        nik = self.fields.get("applicant.nik")
        if nik is not None and "applicant.no_nik_reason" in self.fields:
            self.set_shown("applicant.no_nik_reason", not nik.value())


class AmendPage(QWidget):
    """One form at a time under the number it is about, with its act and the way back as buttons."""

    def __init__(self, act_buttons: Sequence[QWidget]) -> None:
        super().__init__()
        self.form: AmendForm | None = None
        column = QVBoxLayout(scrolled(self))
        column.setContentsMargins(0, 0, style.px(6), 0)
        column.setSpacing(style.px(10))
        head = QHBoxLayout()
        head.setSpacing(style.px(10))
        self._heading = style.label("", "title")
        self._heading.setObjectName("amend_heading")
        head.addWidget(self._heading, 1)
        for button in act_buttons:
            head.addWidget(button)
        column.addLayout(head)
        self._explanation = style.label("", "muted")
        self._explanation.setObjectName("amend_explanation")
        self._explanation.setWordWrap(True)
        column.addWidget(self._explanation)
        box = QFrame()
        box.setProperty("role", "card")
        self._inside = QVBoxLayout(box)
        self._inside.setContentsMargins(style.px(14), style.px(12), style.px(14), style.px(14))
        column.addWidget(box)
        column.addStretch(1)

    def show_form(self, form: AmendForm, number: str) -> None:
        """Put this form up, about the file of this number."""
        self.drop()
        self.form = form
        self._heading.setText(f"{_(form.title)} · {number}")
        self._explanation.setText(_(form.explanation))
        self._inside.addWidget(form)

    def drop(self) -> None:
        """Forget the form and all that was typed into it."""
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
