"""Standards out to a workbook and in again: unchanged means no difference, and what was changed is told and kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from desktop.errors import Conflict, UserError
from desktop.models.access import Officer
from desktop.models.catalog import Service, ServiceStandard
from desktop.models.standard import COMPONENTS, WRITTEN
from desktop.operations import standard_import, standard_workbook, standards
from desktop.operations.catalog import definition_of, newest_standard
from desktop.operations.rule_words import Names
from desktop.operations.spreadsheet import SpreadsheetError
from desktop.operations.standard_import import Plan
from desktop.operations.standard_rows import CHOICE_CODE, CHOICES, LINES, SERVICES, choices_of, row_of
from desktop.operations.standards import Decree
from tests.conftest import Hall
from tests.operations.forms import service_id
from tests.operations.workbooks import Sheets, put, saved, sheet_like, sheets_of


@pytest.fixture
def admin(hall: Hall) -> Hall:
    with hall.store.saving(None) as session:
        session.get_one(Officer, hall.desk.officer_id).role = "admin"
    return hall


def exported(hall: Hall) -> bytes:
    with hall.store.reading() as session:
        return standard_workbook.export(session)


def plan_of(hall: Hall, data: bytes) -> Plan:
    with hall.store.reading() as session:
        return standard_import.read_plan(session, data)


def carry_out(hall: Hall, plan: Plan, decree: Decree | None = None) -> int:
    with hall.store.saving(hall.desk.officer_id) as session:
        return standard_import.carry_out(session, hall.desk, plan, decree or Decree())


def count(hall: Hall) -> int:
    with hall.store.reading() as session:
        return session.scalar(select(func.count()).select_from(ServiceStandard)) or 0


def told(plan: Plan) -> list[str]:
    return [one.sentence for change in plan.changes for one in change.differences]


# Unchanged


def test_the_whole_catalogue_comes_back_without_a_difference(admin: Hall) -> None:
    data = exported(admin)
    assert plan_of(admin, data) == Plan((), 71)
    assert plan_of(admin, saved(sheets_of(data))) == Plan((), 71), "also after another program saved it"


def test_every_cell_is_a_text_and_nothing_a_formula(admin: Hall) -> None:
    with admin.store.saving(None) as session:
        service = session.scalars(select(Service)).first()
        assert service is not None
        service.name_id = "=1+1"
    with zipfile.ZipFile(io.BytesIO(exported(admin))) as book:
        parts = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(parts) > 20
    assert all(b"<f>" not in part and b"<hyperlink" not in part for part in parts)
    assert all(cell.split(b">")[0].endswith((b't="s"', b"/")) or b't="s"' in cell.split(b">")[0]
               for part in parts for cell in part.split(b"<c ")[1:])  # fmt: skip


def test_the_words_alone_make_the_same_standard(admin: Hall) -> None:
    """Not only is an unchanged cell left alone: read as if everything were new, the words mean the same."""
    data = exported(admin)
    before = {}
    with admin.store.saving(None) as session:
        for service in session.scalars(select(Service)):
            standard = newest_standard(session, service.id)
            assert standard is not None
            before[service.code] = definition_of(standard)
            service.deleted = True
    changes = plan_of(admin, data).changes
    assert len(changes) == 71
    for change in changes:
        old, new = before[change.facts.code], change.definition
        for line, again in zip(old.requirements, new.requirements, strict=True):
            assert (line.when, line.optional, line.optional_when, line.local_rule) == (
                again.when, again.optional, again.optional_when, again.local_rule)  # fmt: skip
            names = Names.of(old)
            assert row_of(LINES, line, names) == row_of(LINES, again, names)
        for part in ("duration", "fee", "products", "groups", "applicant_types", "proxy_allowed", "legal_basis"):
            assert getattr(old, part) == getattr(new, part), part
        code = change.facts.code
        assert [row_of(CHOICES, one, Names()) for one in choices_of(code, old)] == [
            row_of(CHOICES, one, Names()) for one in choices_of(code, new)
        ]


# Changed


def edited(hall: Hall) -> tuple[Sheets, str]:
    """A workbook of which the administrator kept two agencies, to be written in; and the sheet of one of them."""
    sheets = {
        name: [rows[0], *(row for row in rows[1:] if str(row[0])[:3] in ("DKC", "PTS"))]
        for name, rows in sheets_of(exported(hall)).items() if name.split()[0] in ("Layanan", "Pilihan", "DKC", "PTS")
    }  # fmt: skip
    return sheets, sheet_like(sheets, "DKC")


def test_what_was_changed_is_told_in_words_and_becomes_the_next_version(admin: Hall) -> None:
    sheets, dkc = edited(admin)
    head = sheets[dkc][0]
    rows = [row for row in sheets[dkc] if row[0] == "DKC-02"]
    old_name = rows[0][head.index("Syarat")]
    rows[0][head.index("Lembar")] = 3.0  # a spreadsheet makes numbers of what is typed
    rows[0][head.index("Tempat mengurus")] = "  Kantor desa  "
    rows[1][head.index("Dipakai")] = "tidak"
    new = dict.fromkeys(head, "") | {
        "Kode layanan": "DKC-02", "No.": 90.0, "Syarat": "Surat pengantar RT", "Bentuk": "Asli", "Lembar": 1.0,
        "Diminta bila": 'jenis "Hilang"', "Dasar hukum": "Perbup 1/2026",
    }  # fmt: skip
    sheets[dkc].append([new[title] for title in head])
    put(sheets, "Layanan", "DKC-02", "Waktu", 2.0, key="Kode layanan")
    plan = plan_of(admin, saved(sheets))
    assert [change.facts.code for change in plan.changes] == ["DKC-02"]
    words = told(plan)
    assert any("Waktu" in one and "“2”" in one for one in words)
    assert any(one.startswith(f"{old_name}: lembar “1” menjadi “3”") and "“Kantor desa”" in one for one in words)
    assert any("dipakai “ya” menjadi “tidak”" in one for one in words)
    assert "Syarat baru: Surat pengantar RT." in words
    assert carry_out(admin, plan) == 1
    with admin.store.reading() as session:
        service = session.scalars(select(Service).where(Service.code == "DKC-02")).one()
        row = newest_standard(session, service.id)
        assert row is not None and (row.version_no, row.state, row.decree_no) == (2, "sample", None)
        line = definition_of(row).requirements[-1]
        assert (line.code, line.ordinal, line.name_en) == ("SURAT_PENGANTAR_RT", 90, "Surat pengantar RT")
        assert [one.standing for one in standards.versions(session, service.id)] == ["in_force", "replaced"]
    assert plan_of(admin, exported(admin)).changes == ()
    assert told(plan_of(admin, saved(edited(admin)[0]))) == []


def test_a_new_kind_question_and_group_can_be_used_at_once(admin: Hall) -> None:
    sheets, dkc = edited(admin)
    head, lines = sheets["Pilihan"][0], sheets[dkc]
    new_choices = (
        ("jenis", "", "Hilang di luar negeri", ""),
        ("pertanyaan", "", "Ada surat KBRI?", ""),
        ("kelompok", "PAPERS", "Surat", 1.0),
    )
    for sort, code, text, need in new_choices:
        row = dict.fromkeys(head, "") | {"Kode layanan": "DKC-02", "Macam": sort, "Kode": code, "Teks": text,
                                         "Cukup berapa (kelompok)": need}  # fmt: skip
        sheets["Pilihan"].append([row[title] for title in head])
    rule = 'jenis "Hilang di luar negeri" dan jawaban "Ada surat KBRI?" ya'
    for number, name in ((91.0, "Surat KBRI"), (92.0, "Surat kepolisian setempat")):
        new = dict.fromkeys(lines[0], "") | {
            "Kode layanan": "DKC-02", "No.": number, "Syarat": name, "Bentuk": "asli", "Lembar": 0.0,
            "Diminta bila": rule, "Kelompok": "papers", "Dasar hukum": "Perbup 1/2026",
        }  # fmt: skip
        lines.append([new[title] for title in lines[0]])
    words = told(plan_of(admin, saved(sheets)))
    assert "Jenis baru: Hilang di luar negeri." in words
    assert "Pertanyaan baru: Ada surat KBRI?." in words
    assert "Kelompok baru: Surat." in words


def test_a_renamed_kind_keeps_its_rules_and_a_removed_one_is_missed(admin: Hall) -> None:
    sheets, _dkc = edited(admin)
    head = sheets["Pilihan"][0]
    at = next(i for i, row in enumerate(sheets["Pilihan"]) if row[0] == "DKC-02" and row[head.index("Kode")] == "LOST")
    sheets["Pilihan"][at][head.index("Teks")] = "Kehilangan"
    words = told(plan_of(admin, saved(sheets)))
    assert any("“Hilang” menjadi “Kehilangan”" in one for one in words)
    del sheets["Pilihan"][at]
    with pytest.raises(SpreadsheetError):
        plan_of(admin, saved(sheets))


def test_a_line_left_out_is_removed_and_a_service_left_out_stays(admin: Hall) -> None:
    sheets, dkc = edited(admin)
    removed = next(row for row in sheets[dkc] if row[0] == "DKC-03")
    sheets[dkc].remove(removed)
    name = removed[sheets[dkc][0].index("Syarat")]
    assert f"Syarat dihapus: {name}." in told(plan_of(admin, saved(sheets)))
    for sheet in sheets.values():
        sheet[:] = [row for row in sheet if row[0] != "DKC-03"]
    assert plan_of(admin, saved(sheets)) == Plan((), 20)


def test_a_new_service_comes_with_its_standard(admin: Hall) -> None:
    sheets, dkc = edited(admin)
    row = dict.fromkeys(sheets["Layanan"][0], "") | {"Kode layanan": "DKC-90", "Instansi": "DKC",
                                                 "Layanan": "Layanan baru"}  # fmt: skip
    sheets["Layanan"].append([row[title] for title in sheets["Layanan"][0]])
    line = dict.fromkeys(sheets[dkc][0], "") | {
        "Kode layanan": "DKC-90", "No.": "1", "Syarat": "Kartu Keluarga", "Bentuk": "asli", "Lembar": "0",
        "Dasar hukum": "Perbup 1/2026",
    }  # fmt: skip
    sheets[dkc].append([line[title] for title in sheets[dkc][0]])
    plan = plan_of(admin, saved(sheets))
    assert told(plan) == ["Layanan baru dengan 1 syarat."]
    assert carry_out(admin, plan) == 1
    assert plan_of(admin, exported(admin)) == Plan((), 72)


# Rights, races


def test_only_an_admin_carries_it_out(admin: Hall) -> None:
    sheets, dkc = edited(admin)
    sheets[dkc][1][sheets[dkc][0].index("Lembar")] = "7"
    plan = plan_of(admin, saved(sheets))
    with admin.store.saving(None) as session:
        session.get_one(Officer, admin.desk.officer_id).role = "supervisor"
    with pytest.raises(UserError, match="untuk admin"):
        carry_out(admin, plan)
    assert count(admin) == 71
    with admin.store.saving(None) as session:
        session.get_one(Officer, admin.desk.officer_id).role = "admin"
    assert carry_out(admin, plan) == 1, "the control"


def test_a_standard_that_changed_since_the_preview_is_a_conflict_and_nothing_is_kept(admin: Hall) -> None:
    sheets, dkc = edited(admin)
    place = sheets[dkc][0].index("Lembar")
    for row in (sheets[dkc][1], sheets[dkc][-1]):
        row[place] = "7"
    plan = plan_of(admin, saved(sheets))
    assert len(plan.changes) == 2
    carry_out(admin, replace(plan, changes=plan.changes[1:]))
    with pytest.raises(Conflict):
        carry_out(admin, plan)
    assert count(admin) == 72


# Wrong files


def faults(hall: Hall, data: bytes) -> list[str]:
    with pytest.raises(SpreadsheetError) as caught:
        plan_of(hall, data)
    return [fault.words for fault in caught.value.faults]


@pytest.mark.parametrize(("title", "value", "said"), [
    ("Lembar", "dua", "kolom Lembar: tulis bilangan bulat, bukan dua."),
    ("Lembar", 1.5, "kolom Lembar: 1.5 bukan bilangan bulat."),
    ("Lembar", 100.0, "kolom Lembar: paling sedikit 0, paling banyak 99."),
    ("Syarat", "", "kolom Syarat: belum diisi."),
    ("Syarat", "=HYPERLINK(1)", 'kolom Syarat: teks tidak boleh dimulai dengan "=".'),
    ("Syarat", "x" * 301, "kolom Syarat: Paling banyak 300 huruf"),
    ("Bentuk", "kertas", "kolom Bentuk: kertas tidak dikenal. Pilihannya: asli, fotokopi"),
    ("Dipakai", "mungkin", "kolom Dipakai: tulis ya atau tidak, bukan mungkin."),
    ("Diminta bila", 'jenis "Tidak ada"', 'kolom Diminta bila: Jenis permohonan "Tidak ada" tidak dikenal.'),
    ("No.", "", "kolom No.: tulis bilangan bulat, bukan kosong."),
    ("Kelompok", "NIHIL", "Kelompok NIHIL tidak ada."),
    ("Kode layanan", "DKC-77", "kolom Kode layanan: layanan DKC-77 tidak ada pada lembar Layanan."),
    ("Kode layanan", "PTS-01", "kolom Kode layanan: layanan PTS-01 bukan milik lembar ini."),
])  # fmt: skip
def test_a_wrong_cell_is_named_by_sheet_row_and_column(admin: Hall, title: str, value: Any, said: str) -> None:
    sheets, dkc = edited(admin)
    sheets[dkc][4][sheets[dkc][0].index(title)] = value
    words = faults(admin, saved(sheets))
    assert any(said in one and one.startswith(f"Lembar {dkc}, baris 5") for one in words), words
    assert count(admin) == 71


def test_double_numbers_codes_titles_and_services_are_refused(admin: Hall) -> None:
    sheets, dkc = edited(admin)
    head = sheets[dkc][0]
    sheets[dkc][2][head.index("No.")] = sheets[dkc][1][head.index("No.")]
    assert "nomor 1 dipakai dua kali" in faults(admin, saved(sheets))[0]
    sheets, dkc = edited(admin)
    sheets[dkc][2][head.index("Kode syarat")] = sheets[dkc][1][head.index("Kode syarat")]
    assert "dipakai dua kali" in " ".join(faults(admin, saved(sheets)))
    sheets, dkc = edited(admin)
    sheets[dkc][0][head.index("Bentuk")] = "Lembar"
    words = faults(admin, saved(sheets))
    assert f"Lembar {dkc}, baris 1, kolom Bentuk: kolom ini tidak ada." in words
    assert f"Lembar {dkc}, baris 1, kolom Lembar: kolom ini ada dua kali." in words
    sheets, dkc = edited(admin)
    sheets["Layanan"].append(list(sheets["Layanan"][1]))
    assert "dipakai dua kali" in faults(admin, saved(sheets))[0]


@pytest.mark.parametrize("gone", ["Layanan", "Pilihan", "DKC"])
def test_a_missing_sheet_is_named(admin: Hall, gone: str) -> None:
    sheets, _dkc = edited(admin)
    del sheets[sheet_like(sheets, gone)]
    words = faults(admin, saved(sheets))
    assert "tidak" in words[0] and (gone in words[0] or "DKC-01" in words[0])


def test_a_sheet_nobody_knows_is_named(admin: Hall) -> None:
    sheets, _dkc = edited(admin)
    sheets["Sheet1"] = [["apa ini"]]
    assert faults(admin, saved(sheets)) == [
        "Lembar Sheet1: lembar ini tidak dikenal. Namanya harus dimulai dengan kode instansi."
    ]


def test_all_faults_are_told_at_once_and_the_first_in_the_sentence(admin: Hall) -> None:
    sheets, dkc = edited(admin)
    for row in sheets[dkc][1:4]:
        row[sheets[dkc][0].index("Lembar")] = "x"
    with pytest.raises(SpreadsheetError) as caught:
        plan_of(admin, saved(sheets))
    assert len(caught.value.faults) == 3
    assert "tidak ada yang berubah" in caught.value.message and "(dan 2 kesalahan lain)" in caught.value.message


def test_a_code_that_can_name_nothing_is_told_at_its_cell(admin: Hall) -> None:
    sheets, _dkc = edited(admin)
    place = sheets["Pilihan"][0].index(CHOICE_CODE)
    sheets["Pilihan"][1][place] = "¡"
    with pytest.raises(SpreadsheetError) as caught:
        plan_of(admin, saved(sheets))
    fault = caught.value.faults[0]
    assert (fault.sheet, fault.row, fault.column) == ("Pilihan", 2, CHOICE_CODE)


@pytest.mark.timeout(3600)
def test_any_cell_may_hold_anything(admin: Hall, rounds: Callable[[int, int], int]) -> None:
    """Whatever one cell is overwritten with, the file is refused in words or its plan can be carried out."""

    @settings(max_examples=rounds(25, 500), deadline=None)
    @given(st.data())
    def once(data: st.DataObject) -> None:
        sheets, dkc = edited(admin)
        name = data.draw(st.sampled_from([dkc, "Layanan", "Pilihan"]))
        # What is drawn does not depend on the sheets: a plan that was carried out changes them for the next example.
        row = data.draw(st.integers(0, 10_000)) % len(sheets[name])
        place = data.draw(st.integers(0, 100)) % len(sheets[name][0])
        sheets[name][row][place] = data.draw(
            st.one_of(st.text(max_size=40), st.integers(-5, 10**6), st.floats(allow_nan=False, allow_infinity=False),
                      st.booleans())
        )  # fmt: skip
        try:
            plan = plan_of(admin, saved(sheets))
            carry_out(admin, plan)
        except SpreadsheetError as problem:
            assert all(fault.sentence for fault in problem.faults)

    once()


def test_the_columns_of_the_workbook_have_titles_of_their_own() -> None:
    for columns in (LINES, SERVICES, CHOICES):
        titles = [column.title for column in columns]
        assert len(set(titles)) == len(titles)


def test_the_written_components_go_out_come_back_and_are_told(admin: Hall) -> None:
    sheets = sheets_of(exported(admin))
    row = next(row for row in sheets["Layanan"][1:] if row[0] == "DKC-02")
    place = sheets["Layanan"][0].index("Jaminan pelayanan")
    row += [""] * (place + 1 - len(row))
    row[place] = "Selesai sesuai janji, atau diantar ke rumah."
    plan = plan_of(admin, saved(sheets))
    assert told(plan) == ["Jaminan pelayanan kosong menjadi “Selesai sesuai janji, atau diantar ke rumah.”."]
    carry_out(admin, plan)
    assert plan_of(admin, exported(admin)).changes == ()
    # A file of an earlier Loket has no such columns: what stands there stays.
    sheets = sheets_of(exported(admin))
    titles = [COMPONENTS[code] for code in WRITTEN]
    kept = [place for place, title in enumerate(sheets["Layanan"][0]) if title not in titles]
    sheets["Layanan"] = [[row[place] for place in kept if place < len(row)] for row in sheets["Layanan"]]
    assert plan_of(admin, saved(sheets)).changes == ()
    with admin.store.reading() as session:
        definition = definition_of(newest_standard(session, service_id(admin, "DKC-02")))
    assert definition.components == {"service_guarantee": "Selesai sesuai janji, atau diantar ke rumah."}
