"""One booth serves the civil registry and the licensing office: a nurse brings one photo too few for her licence."""

from __future__ import annotations

from collections.abc import Callable

from tests.stories.conftest import Booth

NURSE = "3319064502900007"


def test_a_nurse_asks_for_her_licence(open_booth: Callable[..., Booth]) -> None:
    booth = open_booth("DKC", "PTS")

    # The service first: she says it before she finds her card.
    booth.begins().writes("perawat")
    booth.chooses_kind("1").hears("tidak")
    photos = next(i for i, (name, _state) in enumerate(booth.reads(), start=1) if name.startswith("Pas foto"))
    booth.looks_at_papers("*").types(f"-{photos}42")  # three are asked, two lie on the desk
    assert booth.reads()[photos - 1][1] == "Kurang 1 lembar"

    # Enter leads from the papers to the person.
    booth.writes("")
    assert booth.at.focus() == "applicant.nik_edit"
    booth.asks_nik(NURSE).writes("Ns. Rahma Ma'ruf, S.Kep.", "085612345678", "gond", "")
    assert booth.at.button() == "F9 · Cetak LEMBAR KEKURANGAN (1)"
    number = booth.finishes()
    slip = booth.last_paper()
    assert "Kurang 1 lembar." in slip
    assert "DPMPTSP" in slip and "Dinas Kependudukan" not in slip

    # She has them taken downstairs and comes back within the hour.
    booth.clock.forward(minutes=40)
    booth.begins().asks_nik(NURSE)
    assert booth.at.notice().startswith("Ns. Rahma Ma'ruf, S.Kep. punya 1 berkas belum lengkap (kurang 1 syarat).")
    booth.at.presses("F5")
    assert len(booth.reads()) == 1
    booth.looks_at_papers("*")
    assert booth.finishes() == number
    receipt = booth.last_paper()
    assert "TANDA TERIMA" in receipt and "DPMPTSP" in receipt and "Ma'ruf" in receipt

    # The next one at this booth wants a family card; that is the other agency's paper.
    booth.begins().asks_nik("3319071107850004").writes("Joko Susilo", "", "baro", "1")
    booth.chooses_service("keluarga hil").chooses_kind("7").looks_at_papers("*").finishes()
    assert "Dinas Kependudukan" in booth.last_paper()
