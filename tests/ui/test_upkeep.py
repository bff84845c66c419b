"""The administrator's page by real keys: each part is read, changed, added to, and says what it altered."""

import pytest
from PIL import Image
from PySide6.QtTest import QTest

from desktop.models.access import Officer
from desktop.models.calendar import Holiday
from desktop.operations import issuing, upkeep
from desktop.ui.upkeep import UpkeepScreen
from desktop.ui.upkeep_sections import SECTIONS, weekday_words
from tests.ui.conftest import focus, officer_id
from tests.ui.desk import Hand

HOLIDAYS, WEEKS, OFFICERS, COUNTERS, LETTERHEAD, PLEDGES = range(1, 7)


@pytest.fixture
def window(make_window, ready_store):
    window = make_window(ready_store)
    window.show_screen("upkeep")
    return window


@pytest.fixture
def keys(window) -> Hand:
    return Hand(window, pause_ms=0)


def screen(window) -> UpkeepScreen:
    made = window.current()
    assert isinstance(made, UpkeepScreen)
    return made


def part(window, keys, digit):
    """Go to a part by its digit; its list gets the cursor."""
    screen(window).part.setFocus()
    keys.type(str(digit))
    return screen(window).section


def rows(section):
    return section.table.rows.rows


def texts(section, column=0):
    return [section.table.rows.columns[column].text(row) for row in rows(section)]


def rewrite(field, text):
    field.setFocus()
    focus().selectAll()
    QTest.keyClicks(focus(), text)


def test_every_part_is_a_digit_and_its_list_gets_the_cursor(window, keys):
    for digit in range(1, len(SECTIONS) + 1):
        section = part(window, keys, digit)
        assert focus() is section.table
        assert rows(section) and section.chosen is not None
        assert screen(window).act("F9").enabled is False, "nothing was typed"


def test_a_day_off_is_added_changed_and_removed(window, keys):
    section = part(window, keys, HOLIDAYS)
    keys.press("F7")
    keys.type("01122026")
    keys.type("3")
    keys.type("Hari jadi")
    keys.press("F9")
    assert window.feedback.text() == "Tidak ada janji tercetak yang terkena."
    assert "Hari jadi" in texts(section, 1)
    section.table.select_key(next(row.id for row in rows(section) if row.name == "Hari jadi"))
    rewrite(section.form.fields["name"], "Hari jadi Kudus")
    keys.press("F9")
    assert "Hari jadi Kudus" in texts(section, 1)
    keys.press("Shift+F7")
    assert "Hapus Selasa, 1 Desember 2026 · Hari jadi Kudus?" in window.feedback._line.text()
    keys.type("1")
    assert "Hari jadi Kudus" not in texts(section, 1)


def test_a_new_year_is_filled_with_one_key_and_estimates_are_marked(window, keys):
    section = part(window, keys, HOLIDAYS)
    keys.press("PgUp")
    assert screen(window).heading() == "Kelola balai · hari libur 2025"
    assert rows(section) == []
    keys.press("F8")
    assert "hari libur tahun 2025 ditambahkan." in window.feedback.text()
    assert len(rows(section)) > 15
    keys.press("PgDown", "PgDown")
    assert "perkiraan" in texts(section, 2)


def test_a_week_is_changed_from_a_day_on(window, keys):
    section = part(window, keys, WEEKS)
    key = next(row for row in rows(section) if row.agency.startswith("Dinas Kependudukan"))
    section.table.select_key((key.id, key.agency_id))
    rewrite(section.form.fields["weekdays"], "1234567")
    keys.press("Enter")
    keys.type("01122026")
    keys.press("F9")
    assert "Senin–Minggu" in texts(section, 1) and "1 Desember 2026" in texts(section, 2)


def test_an_admin_adds_an_officer_who_can_sign_in(window, keys, ready_store):
    section = part(window, keys, OFFICERS)
    keys.press("F7")
    keys.type("Dewi Lestari")
    keys.press("Enter")
    keys.type("1")
    keys.press("Enter")
    keys.type("1")
    keys.type("739154")
    keys.type("739154")
    keys.press("F9")
    assert window.feedback.text() == "Dewi Lestari sudah dapat masuk di loket ini."
    assert section.form.values()["name"] == "" and section.form.values()["pin"] == ""
    assert "Dewi Lestari" in texts(section)
    window.lock()
    front = window.current()
    front._choose(next(i for i, one in enumerate(front.people) if one.name == "Dewi Lestari"))
    QTest.keyClicks(front.pin, "739154")
    assert window.around.desk.officer_id == officer_id(ready_store, "Dewi Lestari")


@pytest.mark.parametrize(("field", "typed", "said"), [
    ("name", "D", "paling sedikit 2 huruf"), ("name", "rini astuti", "sudah ada"),
    ("pin_again", "739155", "tidak sama"), ("pin", "123456", "tidak sama"),
])  # fmt: skip
def test_what_is_wrong_with_an_officer_is_said_under_its_field(window, keys, field, typed, said):
    section = part(window, keys, OFFICERS)
    keys.press("F7")
    right = {"name": "Dewi Lestari", "pin": "739154", "pin_again": "739154"}
    for name, value in (right | {field: typed}).items():
        rewrite(section.form.fields[name], value)
    keys.press("F9")
    sentences = " ".join(one.sentence() for one in section.form.fields.values())
    assert said in sentences, sentences
    assert len(rows(section)) == 3


def test_an_officer_is_switched_off_and_the_last_admin_stays(window, keys):
    section = part(window, keys, OFFICERS)
    for name, said in (("Rini Astuti", "tidak dapat masuk lagi"), ("Siti Rahmawati", "")):
        section.table.select_key(next(row.id for row in rows(section) if row.name == name))
        section.form.fields["is_active"].setFocus()
        keys.type("2")
        keys.press("F9")
        if said:
            assert said in window.feedback.text()
    assert "admin yang terakhir" in section.form.fields["is_active"].sentence()
    assert [row.is_active for row in rows(section)] == [True, True, False]


def test_the_counter_moves_and_its_services_follow_after_signing_in_again(window, keys):
    section = part(window, keys, COUNTERS)
    rewrite(section.form.fields["floor"], "Lantai 3")
    rewrite(section.form.fields["agency"], "pts")
    keys.press("F9")
    assert "masuk lagi (Ctrl+L)" in window.feedback.text()
    before = window.around.desk.agency_ids
    keys.press("Ctrl+L")
    QTest.keyClicks(window.current().pin, "482915")
    assert window.around.desk.agency_ids != before
    window.show_screen("intake")
    assert all(offer.agency.startswith("DPMPTSP") or "Penanaman Modal" in offer.agency
               for offer in window.current().panel.offers)


def test_letterhead_and_pledge_are_written_and_shown(window, keys):
    section = part(window, keys, LETTERHEAD)
    rewrite(section.form.fields["hours"], "Senin 08.00")
    keys.press("F9")
    assert "Kertas mulai sekarang memakai kop ini" in window.feedback.text()
    assert texts(section, 1) == ["Senin 08.00"]
    section = part(window, keys, PLEDGES)
    section.table.select_key(window.around.desk.agency_ids[0])
    section.form.fields["pledge"].setFocus()
    QTest.keyClicks(focus(), "Kami sanggup melayani.")
    keys.press("F9")
    window.show_screen("intake")
    assert any("Kami sanggup melayani." in sentence for sentence in window.current().help())


def test_a_logo_is_named_by_its_file_stays_and_goes(window, keys, tmp_path):
    Image.new("RGB", (900, 600), "#b01020").save(tmp_path / "logo.jpg")
    section = part(window, keys, LETTERHEAD)
    rewrite(section.form.fields["logo"], str(tmp_path / "logo.png"))
    keys.press("F9")
    assert section.form.fields["logo"].sentence().startswith("Gambar tidak dapat dibaca.")
    rewrite(section.form.fields["logo"], str(tmp_path / "logo.jpg"))
    keys.press("F9")
    assert section.form.values()["logo"] == "terpasang"
    rewrite(section.form.fields["hours"], "Senin 08.00")
    keys.press("F9")
    assert logo(window) is not None
    window.wear(language="en")
    section = screen(window).section
    assert section.form.values()["logo"] == "in place"
    rewrite(section.form.fields["hours"], "Senin 09.00")
    keys.press("F9")
    assert logo(window) is not None
    section.form.fields["logo"].setFocus()
    focus().selectAll()
    keys.press("Del", "F9")
    assert logo(window) is None


def logo(window):
    with window.store.reading() as session:
        return issuing.test_page_facts(session, window.around.desk, "x").letterhead.logo


def test_esc_takes_back_what_was_typed_and_nothing_else(window, keys):
    section = part(window, keys, COUNTERS)
    rewrite(section.form.fields["counter_name"], "Loket X")
    assert screen(window).act("F9").enabled
    keys.press("Esc")
    assert section.form.values()["counter_name"] == "Loket 07"
    keys.press("Esc")
    assert focus() is screen(window).part.editor


def test_what_is_half_typed_survives_another_theme_and_news_from_elsewhere(window, keys, ready_store):
    section = part(window, keys, COUNTERS)
    rewrite(section.form.fields["booth"], "Gerai Baru")
    window.wear(theme="dark")
    section = screen(window).section
    assert section.form.values()["booth"] == "Gerai Baru"
    with ready_store.saving(None) as session:
        upkeep.counters(session)[0].floor = "Lantai 9"
    window.changes._tell()
    assert section.form.values()["booth"] == "Gerai Baru", "an open form is never overwritten"


def test_what_was_changed_elsewhere_is_not_taken_back_by_a_form_that_was_open(window, keys, ready_store):
    rini = officer_id(ready_store, "Rini Astuti")
    section = part(window, keys, OFFICERS)
    section.table.select_key(rini)
    rewrite(section.form.fields["name"], "Rini Astuti Dewi")
    with ready_store.saving(None) as session:
        session.get_one(Officer, rini).is_active = False
    keys.settle()
    keys.press("F9")
    with ready_store.reading() as session:
        kept = session.get_one(Officer, rini)
        assert (kept.display_name, kept.is_active) == ("Rini Astuti Dewi", False), window.feedback.text()


def asked_to_remove(window, keys):
    """The question is about the third day off, which another administrator has removed meanwhile."""
    section = part(window, keys, HOLIDAYS)
    keys.press("Down", "Down")
    first, asked = rows(section)[0], section.chosen
    keys.press("Shift+F7")
    with window.store.saving(window.around.desk.officer_id) as session:
        upkeep.remove_holiday(session, window.around.desk, asked.id)
    keys.settle()
    return first, section


@pytest.mark.parametrize("clicks", [False, True])
def test_only_the_day_that_was_asked_about_is_removed(window, keys, clicks):
    first, section = asked_to_remove(window, keys)
    if clicks:  # another row, while the question stands
        section.table.selectRow(0)
    window.feedback.setFocus()
    keys.type("1")
    with window.store.reading() as session:
        assert not session.get_one(Holiday, first.id).deleted
    assert first.id in [row.id for row in rows(section)]


@pytest.mark.parametrize(("days", "words"), [
    ((1, 2, 3, 4, 5), "Senin–Jumat"), ((1, 3), "Senin, Rabu"), ((6, 7), "Sabtu, Minggu"), ((2,), "Selasa"),
])  # fmt: skip
def test_the_days_of_a_week_in_words(days, words):
    assert weekday_words(days) == words
