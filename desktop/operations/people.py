"""The people of a file: what is asked of them, how what was typed becomes their row, and how it is shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.base import now
from desktop.models.people import Party
from desktop.models.standard import Definition
from desktop.operations.cleaning import clean, clean_text
from desktop.operations.desk import Desk
from desktop.operations.identity import Nik, Reading, mask_nik, read_birth, read_name, read_nik, read_phone, show_phone
from desktop.operations.intake_form import DECLINED, IntakeForm, PartyForm
from desktop.operations.reception import NO_NIK_REASONS

PLACE_LIMIT, IDENTIFIER_LIMIT = 200, 60


def check_parties(
    form: IntakeForm, definition: Definition, desk: Desk, moment: datetime, *, needs_identity: bool
) -> None:
    """A slip needs a name only; a receipt what the standard asks (users.md 1.5)."""
    for role, person in people_of(form):
        _accept(read_name(person.name, is_object=person.kind == "object"), f"{role}.name")
        if person.nik:
            _accept(_read_nik(person, role, desk, moment), f"{role}.nik")
        _accept(read_phone(person.phone), f"{role}.phone")
    if form.subject is not None and form.subject.birth_date is not None:
        _accept(read_birth(form.subject.birth_date, desk.day(moment)), "subject.birth_date")
    if needs_identity:
        _check_needs(form, definition)
    if form.for_whom == 3 and form.proxy is None:
        raise UserError(_("Isi nama orang yang diberi kuasa."), field="proxy.name")
    if form.for_whom in (2, 4, 5) and form.subject is None:
        raise UserError(
            {
                2: _('Isi nama anak; bila belum bernama, tulis "bayi" dan nama ibunya.'),
                4: _("Isi nama badan usaha."),
                5: _("Isi objek permohonan, misalnya nomor polisi atau nomor tanah."),
            }[form.for_whom],
            field="subject.name",
        )


def _check_needs(form: IntakeForm, definition: Definition) -> None:
    applicant, subject = form.applicant, form.subject
    lacking = {
        "applicant_identity": (
            applicant.kind == "person" and not applicant.nik and not applicant.no_nik_reason,
            "applicant.nik",
            _("Isi NIK, atau pilih alasan tanpa NIK."),
        ),
        "applicant_phone": (
            not applicant.phone and not applicant.phone_declined,
            "applicant.phone",
            _("Isi nomor HP, atau tekan Enter bila tidak punya atau tidak bersedia."),
        ),
        "applicant_village": (
            not applicant.village_code and not applicant.place_text,
            "applicant.village",
            _("Isi desa atau kelurahan."),
        ),
        "subject_birth_date": (
            subject is not None and subject.birth_date is None,
            "subject.birth_date",
            _("Isi tanggal lahir."),
        ),
    }
    for need in definition.needs:
        is_lacking, where, sentence = lacking.get(need, (False, "", ""))
        if is_lacking:
            raise UserError(sentence, field=where)


def people_of(form: IntakeForm) -> list[tuple[str, PartyForm]]:
    """Everybody in a form, each in their role."""
    roles = (("applicant", form.applicant), ("subject", form.subject), ("proxy", form.proxy))
    return [(role, person) for role, person in roles if person is not None]


def _read_nik(person: PartyForm, role: str, desk: Desk, moment: datetime) -> Nik:
    return read_nik(
        person.nik,
        desk.day(moment),
        is_child=role == "subject",
        known_birth=person.birth_date,
        is_training=desk.training,
    )


def _accept(reading: Reading, where: str) -> str:
    if reading.errors:
        raise UserError(reading.errors[0], field=where)
    return reading.value


def write_party(session: Session, desk: Desk, party: Party, person: PartyForm) -> None:
    """Let the kept row say what the form says; ``check_parties`` has looked at it before."""
    nik = _read_nik(person, party.role, desk, now(session)) if person.nik else None
    party.kind = person.kind
    party.full_name = clean(person.name)
    party.nik = nik.value if nik else None
    party.no_nik_reason = None if nik else person.no_nik_reason
    party.id_kind = person.id_kind
    party.id_no = clean_text(person.identifier, IDENTIFIER_LIMIT, field=f"{party.role}.identifier") or None
    party.birth_date = person.birth_date or (nik.birth if nik else None)
    party.sex = nik.sex if nik else None
    declined = person.phone_declined and not person.phone
    party.phone = DECLINED if declined else (read_phone(person.phone).value or None)
    party.village_code = person.village_code
    party.place_text = clean_text(person.place_text, PLACE_LIMIT, field=f"{party.role}.village") or None


def shown_nik(nik: str | None, no_nik_reason: str | None, *, covered: bool = True) -> str:
    """A NIK as the card shows it, or why there is none."""
    if nik:
        return mask_nik(nik) if covered else " ".join(nik[at : at + 4] for at in range(0, 16, 4))
    if no_nik_reason:
        return _("Tanpa NIK: {reason}").format(reason=_(NO_NIK_REASONS.get(no_nik_reason, no_nik_reason)))
    return ""


def shown_phone(phone: str | None, *, covered: bool = True) -> str:
    """A phone number as the card shows it, or that there is none."""
    if phone == DECLINED:
        return _("tidak punya atau tidak bersedia")
    shown = show_phone(phone or "")
    return f"{shown[:4]}-••••-{shown[-3:]}" if covered and len(shown) > 8 else shown


def shown_birth(day: str | None) -> str:
    """A birth date as a payload packs it, without what stands in the covered digits of the NIK."""
    return f"••-••-{day[:4]}" if day else ""
