"""A half-typed intake as JSON and back: what a draft keeps, so that neither a power cut nor F2 loses anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from desktop.operations.identity import cover_niks
from desktop.operations.intake_form import IntakeForm, PartyForm

_FORM: TypeAdapter[IntakeForm] = TypeAdapter(IntakeForm)


@dataclass(frozen=True)
class Desktop:
    """Everything that stands on the desk: the form, what of it is only half typed, and how long it has waited.

    ``whom_chosen``: the officer chose "Untuk", so a service must not propose another. ``start_id`` names the run of the
    program that wrote it: a draft of another run was left behind by a crash. ``opened`` is a further visit as it was
    before anything was typed. A supervisor's consent is for what stands on the desk now: no draft keeps it.
    """

    form: IntakeForm = field(default_factory=lambda: IntakeForm(service_id="", applicant=PartyForm()))
    partial: Mapping[str, str] = field(default_factory=dict)
    whom_chosen: bool = False
    start_id: str = ""
    parked_at: datetime | None = None
    opened: IntakeForm | None = None

    @property
    def who(self) -> str:
        """A name to find it by in the list of parked files."""
        form = self.form
        return cover_niks(form.applicant.name or (form.subject.name if form.subject else ""))

    def packed(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "form": _without_consent(self.form),
            "partial": dict(self.partial),
            "whom_chosen": self.whom_chosen,
            "start_id": self.start_id,
            "parked_at": self.parked_at.isoformat() if self.parked_at else None,
            "opened": _without_consent(self.opened) if self.opened else None,
        }

    def woken(self, moment: datetime) -> Desktop:
        """The same after it was parked until ``moment``: the pause does not count as service."""
        if self.parked_at is None:
            return self
        pause = max(0, round((moment - self.parked_at).total_seconds()))
        return replace(self, form=replace(self.form, parked_s=self.form.parked_s + pause), parked_at=None)


def _without_consent(form: IntakeForm) -> Any:
    return _FORM.dump_python(replace(form, authorised_by=None), mode="json")


def unpacked(content: Mapping[str, Any]) -> Desktop | None:
    """What ``packed`` gave; None for what an older or newer program wrote in another shape."""
    try:
        parked_at, opened = content.get("parked_at"), content.get("opened")
        return Desktop(
            form=_FORM.validate_python(content["form"]),
            partial={str(name): str(digits) for name, digits in content.get("partial", {}).items()},
            whom_chosen=bool(content.get("whom_chosen")),
            start_id=str(content.get("start_id", "")),
            parked_at=datetime.fromisoformat(parked_at) if parked_at else None,
            opened=_FORM.validate_python(opened) if opened else None,
        )
    except (KeyError, TypeError, ValueError, ValidationError):
        return None
