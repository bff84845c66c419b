"""What the intake screen finds of those who came before, and a file that is opened again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desktop.models.application import Application, Visit
from desktop.models.catalog import Counter, Service, ServiceStandard
from tests.conftest import Clock
from tests.ui.conftest import officer_id
from tests.ui.desk import CHANGED, KIA, KTP, LOST, SITI, At, every, serve_short, visited_elsewhere


class TestOpenFiles:
    def test_a_short_file_is_offered_as_soon_as_the_person_is_known(self, at: At) -> None:
        number = serve_short(at)
        at.types(SITI).looks()
        assert at.notice() == "Siti Aminah Rahay punya 1 berkas belum lengkap (kurang 1 syarat). F5 = lanjutkan"
        at.presses("F5")
        assert at.screen.returning is not None and at.screen.returning.number == number

    def test_the_same_application_warns_and_enter_goes_on(self, at: At) -> None:
        number = serve_short(at)
        at.types(SITI).looks().types(KTP)
        spelt = f"{number[:6]}-{number[6:9]}-{number[9:13]}-{number[13]}"
        assert at.notice() == (
            f"Permohonan yang sama sudah ada: {spelt} (kurang 1 syarat). F5 = buka yang itu · Enter = tetap buat baru"
        )
        at.types(LOST).presses("Enter").types("*").presses("F9")
        assert len(every(at.window.store, Application)) == 2

    def test_another_child_of_the_same_mother_is_no_duplicate(self, at: At) -> None:
        at.fills_person()
        at.types(KIA).types("Anak Satu").presses("Enter").types("01082026").looks().types("1").types("*").presses("F9")
        assert at.screen.file.last is not None, at.message()
        at.types(SITI).looks().types(KIA).types("Anak Dua").presses("Enter").types("01082026").looks()
        assert "sudah ada" not in at.notice()
        at.screen.people.subject.setFocus()
        at.presses("Ctrl+A").types("Anak Satu").presses("Enter", "Enter")
        assert "sudah ada" in at.notice()

    def test_the_second_visit_asks_only_for_what_was_missing(self, at: At, clock: Clock) -> None:
        number = serve_short(at)
        clock.forward(days=1)
        at.types(number).presses("Enter")
        assert at.window.frame.head.title.text().startswith("Kunjungan ke-2")
        assert at.lines() == [("1", "Kartu Keluarga", "Belum diperiksa")] or at.lines()[0][2] == "Belum diperiksa"
        assert len(at.lines()) == 1
        assert at.fold() == "4 syarat sudah dinyatakan sesuai pada 23 November oleh Siti Rahmawati"
        at.types("1").presses("F9")
        assert at.screen.file.last is not None and at.screen.file.last.outcome.paper == "receipt"
        assert len(every(at.window.store, Application)) == 1
        assert len(every(at.window.store, Visit)) == 2

    def test_a_new_phone_typed_before_f5_goes_along_to_the_file(self, at: At) -> None:
        serve_short(at)
        at.types(SITI).looks().presses("F5")
        assert at.value("applicant.phone") == "0812-3456-7890", "the control: nothing was typed"
        at.presses("F2").types(SITI).looks()
        at.screen.people.phone.setFocus()
        at.presses("Ctrl+A").types("081299999999").presses("F5")
        assert at.screen.returning is not None and at.value("applicant.phone") == "081299999999"
        assert at.value("applicant.name") == "Siti Aminah Rahay" and at.value("applicant.village")

    def test_a_shorter_slip_at_the_second_visit(self, at: At) -> None:
        at.fills_person().types(KTP).types(CHANGED).types("*").types("-2-4").presses("F9")
        number = at.screen.file.last.outcome.number
        at.types(number).presses("Enter").types("1").presses("F9", "F9")
        assert at.screen.file.last.outcome.paper == "slip"
        at.types(number).presses("Enter")
        assert [line[2] for line in at.lines()] == ["Belum diperiksa"]

    def test_a_newer_standard_is_said_and_not_used(self, at: At, clock: Clock) -> None:
        number = serve_short(at)
        with at.window.store.saving(None) as session:
            old = session.scalars(
                select(ServiceStandard).join(Service, Service.id == ServiceStandard.service_id)
                .where(Service.code == "DKC-02")
            ).one()
            changed = {**old.definition, "requirements": old.definition["requirements"][:1]}
            start = clock() + timedelta(hours=1)
            session.add(ServiceStandard(service_id=old.service_id, version_no=2, valid_from=start, definition=changed))
        clock.forward(hours=2)
        at.types(number).presses("Enter")
        assert at.notice() == "Berkas ini memakai standar yang berlaku saat kunjungan pertama, 23 November."
        at.types("*").presses("F9")
        assert at.screen.file.last.outcome.paper == "receipt"

    def test_what_both_typed_keeps_mine_and_names_theirs(self, at: At) -> None:
        at.types(serve_short(at)).presses("Enter")
        at.screen.people.phone.setFocus()
        at.presses("Ctrl+A").types("081200000008")
        visited_elsewhere(at, "+628120000007")
        assert "Ketikan Anda tetap di sini. F5 = ambil yang terbaru" in at.notice()
        at.presses("F5")
        assert at.value("applicant.phone") == "081200000008"
        assert at.message().endswith("HP: kini 0812-••••-007, Anda mengetik 0812-••••-008.")
        at.screen.walk.to(at.screen.panel.checklist)
        at.types("1").presses("F9")
        assert at.screen.file.last is not None and at.screen.file.last.outcome.paper == "receipt", at.message()

    def test_a_further_visit_that_was_put_aside_is_told_too(self, at: At) -> None:
        at.types(serve_short(at)).presses("Enter").types("1").presses("F7")
        visited_elsewhere(at, "+628120000007")
        at.presses("Shift+F7", "Enter")
        assert "F5 = ambil yang terbaru" in at.notice() and at.states() == ["Ada"]
        at.presses("F5")
        assert at.value("applicant.phone") == "0812-0000-007" and at.states() == ["Ada"]
        assert "Ketikan Anda" not in at.notice()

    def test_a_file_of_another_agency_is_not_opened(self, at: At) -> None:
        number = serve_short(at)
        with at.window.store.saving(None) as session:
            session.get_one(Counter, at.screen.desk.counter_id).agency_ids = []
        at.window.around.desk = None  # as after another officer: the screens are built anew
        at.window.sign_in(officer_id(at.window.store, "Siti Rahmawati"))
        at.types(number).presses("Enter")
        assert "Arahkan pemohon ke gerainya" in at.notice()
