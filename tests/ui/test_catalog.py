"""The catalogue screen by real keys: walk the tree, edit a line, decree, export, import with a preview."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.errors import UserError
from desktop.operations import handouts, standards
from desktop.operations.catalog import definition_of, newest_standard, standard_in_force
from desktop.papers.leaflet import make_leaflet
from desktop.ui.catalog import BROWSE, COMPONENTS, DECREE, IMPORT, LINE, CatalogScreen
from desktop.ui.catalog_tree import Place
from desktop.ui.catalog_workbooks import FOLDER
from tests.operations.workbooks import put, saved, sheet_like, sheets_of
from tests.papers.reading import squeezed, text_of
from tests.ui.conftest import focus, officer_id
from tests.ui.desk import At, Hand

Key = Qt.Key


@pytest.fixture
def window(make_window, ready_store):
    window = make_window(ready_store)
    window.show_screen("catalog")
    return window


@pytest.fixture
def keys(window) -> Hand:
    return Hand(window, pause_ms=0)


def screen(window) -> CatalogScreen:
    made = window.current()
    assert isinstance(made, CatalogScreen)
    return made


def service(window) -> str:
    return screen(window)._place.service_id


def newest(window):
    with window.store.reading() as session:
        return newest_standard(session, service(window))


def names(window) -> list[str]:
    return [line.name_id for line in screen(window).lines.rows.rows]


def rewrite(field, text) -> None:
    field.setFocus()
    focus().selectAll()
    QTest.keyClicks(focus(), text)


# Looking


def test_the_own_agencys_first_service_is_up_and_arrows_walk_on(window, keys):
    assert screen(window).name_line.text() == "Perekaman dan penerbitan KTP-el baru (pemula)"
    assert screen(window).about.text() == "Versi 1 · Contoh (belum ditetapkan) · sejak 1 Januari 2020"
    keys.press("Down")
    assert "hilang" in screen(window).name_line.text()
    first = names(window)
    assert len(first) > 3
    keys.press("Enter", "Down")
    assert focus() is screen(window).lines and screen(window).lines.currentIndex().row() == 1
    assert "Permendagri" in screen(window).line_words.text() or "Perpres" in screen(window).line_words.text()


def test_an_agency_tells_how_many_are_samples(window, keys):
    keys.press("Left")
    keys.press("Left")
    assert screen(window).about.text() == "12 layanan, 12 di antaranya masih contoh."
    assert names(window) == []


def test_only_an_admin_sees_it(make_window, ready_store):
    window = make_window(ready_store, signed_in=False)
    for name in ("Rini Astuti", "Bambang Santoso"):
        window.sign_in(officer_id(ready_store, name))
        for hidden in ("catalog", "upkeep"):
            window.show_screen(hidden)
            assert window.current().name != hidden
            assert "pengawas atau admin" in window.feedback.text()


# The test bench


def test_the_bench_asks_and_lists_as_the_counter_does(window, keys):
    keys.press("Down")
    bench = screen(window).bench
    assert bench.outcome.text() == "Jawab dahulu yang di atas; daftar dapat bertambah."
    bench.variant.setFocus()
    keys.type("1")
    lost = bench.lines()
    assert bench.outcome.text().endswith("syarat diminta.")
    bench.variant.setFocus()
    keys.type("2")
    assert bench.lines() != lost
    bench.whom.setFocus()
    keys.type("3")
    assert any("kuasa" in line for line in bench.lines()) or "tidak dapat diwakilkan" in bench.outcome.text()


def test_the_bench_shows_a_line_while_it_is_edited(window, keys):
    keys.press("Enter", "Enter")
    assert screen(window).page() == LINE
    name = screen(window).line_form.fields["Syarat"].value()
    assert any(name in line for line in screen(window).bench.lines())
    screen(window).line_form.fields["Dipakai"].setFocus()
    keys.type("2")
    assert not any(name in line for line in screen(window).bench.lines())
    keys.press("Esc")
    assert screen(window).page() == BROWSE
    assert any(name in line for line in screen(window).bench.lines()), "nothing was kept"


# One line


def test_a_line_is_edited_into_a_new_version(window, keys):
    keys.press("Enter", "Enter")
    keys.type("Kartu Keluarga terbaru")
    keys.press("Enter", "Enter")
    keys.type("2")
    keys.press("F9")
    assert window.feedback.text() == "Versi 2 disimpan, berlaku sekarang. Berkas lama tetap memakai versinya."
    row = newest(window)
    assert (row.version_no, row.state) == (2, "sample")
    assert names(window)[0] == "Kartu Keluarga terbaru"
    assert row.definition["requirements"][0]["copies"] == 2
    assert screen(window).about.text().startswith("Versi 2")
    # The version before is still there to be looked at, and no longer to be edited.
    keys.press("Shift+Tab")
    screen(window).tree.go_to(Place(screen(window)._place.agency_id, service(window), other(window)))
    assert names(window)[0] == "Fotokopi Kartu Keluarga"
    assert screen(window).act("Enter") is None and screen(window).act("F7").enabled is False


def other(window) -> str:
    return next(one.id for one in screen(window)._versions if one.number == 1)


def test_a_line_begins_when_it_shall(window, keys, clock):
    keys.press("Enter", "Enter")
    rewrite(screen(window).line_form.fields["Lembar"], "2")
    rewrite(screen(window).line_form.fields["begins_on"], "24112026")
    keys.press("F9")
    assert "berlaku mulai 24 November 2026 pukul 08.00" in window.feedback.text()
    with window.store.reading() as session:
        row = standard_in_force(session, service(window), clock())
    assert row.version_no == 1 and newest(window).version_no == 2
    # Another edit of what waits begins with it unless told otherwise.
    screen(window).lines.setFocus()
    keys.press("Enter")
    assert screen(window).line_form.fields["begins_on"].kept() == "24112026"
    assert screen(window).line_form.fields["begins_at"].value() == "0800"


@pytest.mark.parametrize(("title", "typed", "said"), [
    ("Syarat", " ", "belum diisi."),
    ("Diminta bila", "kalau perlu", 'Kata "kalau" pada aturan tidak dikenal.'),
    ("begins_on", "31022026", "tidak ada"),
    ("begins_at", "0800", "Isi tanggalnya"),
])  # fmt: skip
def test_what_is_wrong_is_said_under_its_field(window, keys, title, typed, said):
    keys.press("Enter", "Enter")
    field = screen(window).line_form.fields[title]
    rewrite(field, typed)
    keys.press("F9")
    shown = [one.sentence() for one in screen(window).line_form.fields.values() if one.sentence()]
    assert any(said in one for one in shown), shown
    assert newest(window).version_no == 1


def test_a_wrong_hour_is_said(window, keys):
    keys.press("Enter", "Enter")
    rewrite(screen(window).line_form.fields["begins_on"], "24112026")
    rewrite(screen(window).line_form.fields["begins_at"], "2570")
    keys.press("F9")
    assert "empat angka" in screen(window).line_form.fields["begins_at"].sentence()


# Decrees


def test_a_decree_turns_a_sample_into_a_standard(window, keys):
    keys.press("F7")
    assert screen(window).page() == DECREE
    keys.press("F9")
    assert screen(window).decree_form.fields["decree_no"].sentence() == "Isi nomor penetapannya."
    keys.type("SK 067.1/2026")
    keys.press("Enter")
    keys.type("20112026")
    keys.press("F9")
    assert window.feedback.text() == "1 standar ditetapkan, berlaku sekarang."
    row = newest(window)
    assert (row.version_no, row.state, row.decree_no) == (2, "decreed", "SK 067.1/2026")
    assert screen(window).about.text() == "Versi 2 · SK 067.1/2026 · sejak 23 November 2026"


def test_a_whole_agency_is_decreed_by_one_key(window, keys):
    keys.press("Left", "Left", "F7")
    assert screen(window).about.text() == "12 layanan ditetapkan sekaligus dengan SK yang sama."
    keys.type("SK 1")
    keys.press("Enter")
    keys.type("20112026")
    keys.press("F9")
    assert window.feedback.text() == "12 standar ditetapkan, berlaku sekarang."
    assert screen(window).about.text() == "12 layanan, 0 di antaranya masih contoh."


# Workbooks


def exported(window, keys) -> Path:
    keys.press("F8")
    (path,) = (window.store.folder / FOLDER).glob("*.xlsx")
    assert str(path) in window.feedback.text()
    return path


def preview(window) -> list[str]:
    return [row[2] for row in screen(window).workbooks.page.preview.rows.rows]


def test_unchanged_it_comes_back_without_a_difference(window, keys):
    path = exported(window, keys)
    assert path.name == "standar-2026-11-23-0812.xlsx"
    keys.press("Shift+F8")
    assert screen(window).page() == IMPORT
    keys.type("standar")
    keys.press("Enter")
    assert screen(window).workbooks.page.outcome.text() == "Tidak ada bedanya dengan standar sekarang."
    assert screen(window).act("F9").enabled is False


def changed(path: Path, **cells: object) -> None:
    sheets = sheets_of(path.read_bytes())
    for title, value in cells.items():
        put(sheets, sheet_like(sheets, "DKC"), "KK_FC", title, value)
    path.write_bytes(saved(sheets))


def test_a_changed_file_is_previewed_and_carried_out_by_a_key(window, keys):
    path = exported(window, keys)
    changed(path, Lembar=4.0)
    keys.press("Shift+F8")
    keys.type(str(path))
    keys.press("Enter")
    assert any("lembar “1” menjadi “4”" in one for one in preview(window))
    assert newest(window).version_no == 1, "a preview changes nothing"
    assert screen(window).act("F9").label == "Terapkan 1 layanan"
    keys.press("F9")
    assert window.feedback.text().startswith("1 standar mendapat versi baru, berlaku sekarang.")
    assert screen(window).page() == BROWSE


def test_a_wrong_file_is_told_line_by_line_and_nothing_changes(window, keys):
    path = exported(window, keys)
    changed(path, Lembar="banyak")
    keys.press("Shift+F8")
    keys.type(str(path))
    keys.press("Enter")
    assert "tidak ada yang berubah" in screen(window).workbooks.page.outcome.text()
    assert preview(window)[0].endswith("kolom Lembar: tulis bilangan bulat, bukan banyak.")
    keys.press("F9")
    assert newest(window).version_no == 1


def test_another_file_name_forgets_the_preview(window, keys):
    path = exported(window, keys)
    changed(path, Lembar=4.0)
    keys.press("Shift+F8")
    keys.type(str(path))
    keys.press("Enter")
    screen(window).workbooks.page.file.setFocus()
    keys.type("zzz")
    assert preview(window) == [] and screen(window).act("F9").enabled is False
    keys.press("Enter")
    assert "tidak dapat dibaca" in window.feedback.text()


def test_what_is_half_typed_survives_another_theme(window, keys):
    keys.press("Enter", "Down", "Enter")
    rewrite(screen(window).line_form.fields["Tempat mengurus"], "Kantor desa")
    window.wear(theme="dark")
    assert screen(window).page() == LINE
    assert screen(window).line_form.fields["Tempat mengurus"].value() == "Kantor desa"
    keys.press("F9")
    assert newest(window).definition["requirements"][1]["where_to_get"] == "Kantor desa"


def test_the_written_components_are_edited_and_stand_on_the_leaflet(window, keys):
    keys.press("F6")
    assert screen(window).page() == COMPONENTS and focus().accessibleName() == "Sistem, mekanisme, dan prosedur"
    keys.type("Ambil antrean, serahkan berkas, tunggu panggilan.")
    keys.press("Enter")
    keys.type("Kotak saran di gerai.")
    window.wear(language="en", theme="dark")
    assert screen(window).page() == COMPONENTS
    assert screen(window).components_form.words()["complaint_channels"] == "Kotak saran di gerai."
    window.wear(language="id")
    keys.press("F9")
    assert window.feedback.text().startswith("Versi 2 disimpan, berlaku sekarang.")
    assert newest(window).definition["components"] == {
        "procedure": "Ambil antrean, serahkan berkas, tunggu panggilan.", "complaint_channels": "Kotak saran di gerai.",
    }  # fmt: skip
    with window.store.reading() as session:
        facts = handouts.leaflet_facts(session, window.around.desk, service(window))
    for size in ("a5", "58mm"):
        words = squeezed(text_of(make_leaflet(facts, size)))
        assert "tunggupanggilan." in words and "Kotaksarandigerai." in words
    keys.press("F6", "F9")
    assert window.feedback.text() == "Tidak ada yang berubah."


def test_components_keep_to_their_length(window, keys):
    with pytest.raises(UserError) as refused:
        standards.components_changed(screen(window)._definition, {"facilities": "a" * 2001})
    assert refused.value.field == "facilities"


def test_it_speaks_english(window, keys):
    window.wear(language="en")
    assert "New electronic" in screen(window).name_line.text() or screen(window).about.text().startswith("Version 1")
    keys.press("Enter", "Enter")
    assert screen(window).line_form.fields["Lembar"].title == "Sheets"


def test_an_open_intake_is_told_and_shows_the_new_list_with_what_was_found(window, ready_store):
    window.show_screen("intake")
    at = At(window)
    at.fills_person().types("1").types("ktp hil").presses("Enter").types("1").types("*")
    found = at.states()
    with ready_store.saving(officer_id(ready_store, "Siti Rahmawati")) as session:
        key = window.current().offer.service_id
        base = newest_standard(session, key)
        made = standards.line_changed(definition_of(base), "KK_FC", {"Lembar": "3"})
        standards.renew(session, window.around.desk, key, made, base_id=base.id, decree=standards.Decree())
    at.presses("F9")
    assert at.message().startswith("Standar baru berlaku sejak pukul 08.12."), at.message()
    shown = {line.code: line.copies for line in window.current().standard.definition.requirements}
    assert shown["KK_FC"] == 3 and len(at.states()) == len(found)
    at.types("*").presses("F9")
    assert at.is_clear(), at.message()


def renewed_elsewhere(window, name: str) -> None:
    """Another administrator gives the first line another name."""
    base = newest(window)
    definition = definition_of(base)
    lines = [line.model_copy(update={"name_id": name} if place == 0 else {})
             for place, line in enumerate(definition.requirements)]
    made = definition.model_copy(update={"requirements": tuple(lines)})
    with window.store.saving(window.around.desk.officer_id) as session:
        standards.renew(session, window.around.desk, service(window), made, base_id=base.id, decree=standards.Decree())
    Hand(window, pause_ms=0).settle()


def test_a_line_that_is_open_does_not_write_over_a_version_made_elsewhere(window, keys):
    keys.press("Enter", "Enter")
    assert screen(window).page() == LINE
    rewrite(screen(window).line_form.fields["Lembar"], "7")
    renewed_elsewhere(window, "Nama dari tempat lain")
    keys.press("F9")
    assert "baru saja diubah dari tempat lain" in window.feedback.text()
    assert newest(window).version_no == 2 and screen(window).page() == LINE
    assert screen(window).line_form.values()["Lembar"] == "7", "what was typed is still there"
    keys.press("Esc")
    assert names(window)[0] == "Nama dari tempat lain", "and the list shows what is in force"


def test_news_leaves_the_cursor_on_an_older_version(window, keys):
    renewed_elsewhere(window, "Nama baru")
    older = next(one for one in screen(window)._versions if one.number == 1)
    screen(window).tree.go_to(Place(screen(window)._place.agency_id, service(window), older.id))
    assert screen(window).about.text().startswith("Versi 1 ")
    window.store.announce(frozenset({"agency"}))
    keys.settle()
    assert screen(window).about.text().startswith("Versi 1 ")
