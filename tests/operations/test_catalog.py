"""The importer: a sound catalogue comes in whole and once; any other is refused by line, and nothing changes."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.models.base import Record, natural_id, record_classes
from desktop.models.catalog import Agency, Service, ServiceStandard
from desktop.models.local import RequirementLine
from desktop.models.standard import Definition
from desktop.operations import catalog_text
from desktop.operations.catalog import (
    Catalogue,
    CatalogueError,
    Imported,
    definition_of,
    import_catalogue,
    read_yaml,
    standard_in_force,
)
from desktop.store import Store
from tests.conftest import Clock

SHIPPED = Path(__file__).parents[2] / "resources" / "catalogue" / "kudus.yaml"

# A small file in the plain format: lists of tags, English notes, switches and marks as tags.
PLAIN = """\
# a comment
meta:
  region_code: '3319'
  region: Kabupaten Kudus
  version: research-1
  agencies: 1
  services: 1
sources:
- key: own
  title: own knowledge, verify
  url: null
facts:
- tag: PROXY
  question_id: Diwakilkan dengan surat kuasa?
  meaning_en: represented by a proxy
- tag: MARRIED
  question_id: Pemohon sudah kawin?
  meaning_en: married
- tag: LOCAL_RULE
  question_id: Diminta standar setempat
  meaning_en: asked by the local standard only
- tag: OPTIONAL
  question_id: Dilampirkan bila ada
  meaning_en: attach when available, never blocks
agencies:
- code: DKC
  name_id: Dinas Kependudukan
  name_en: Civil registry office
  level: regency
  in_mpp_kudus_2022: true
  queue_prefix: A
  source: own
services:
- code: DKC-99
  agency: DKC
  slug: contoh
  name_id: Layanan contoh
  name_en: Sample service
  category: civil_registry
  applicant_types:
  - person
  variants:
  - code: LOST
    name_id: Hilang
    name_en: Lost
  - code: OTHER
    name_id: Lainnya
    name_en: Other
  duration:
    value: 1
    unit: working_days
  fee_idr: 0
  fee_kind: free
  fee_note: free by law
  product: Akta, Kartu Keluarga (dan KTP-el, bila berubah)
  legal_basis:
  - Permendagri 108/2019
  - PP 40/2019
  channel:
  - counter
  proxy_allowed: true
  sources:
  - own
  requirements:
  - code: KTP
    name_id: KTP-el asli
    name_en: ID card
    kind: original
    copies: 0
    handling: shown
    condition: null
    source: own
  - code: REPORT
    name_id: Surat kehilangan
    name_en: loss report
    kind: original
    copies: 1
    handling: filed
    condition: the card was lost
    when:
    - LOST
    source: own
  - code: BOOK
    name_id: Buku nikah
    name_en: marriage book
    kind: copy
    copies: 1
    handling: filed
    condition: married
    when:
    - MARRIED
    source: own
  - code: PHOTO
    name_id: Pas foto
    name_en: photo
    kind: photo
    copies: 2
    handling: filed
    condition: local standard asks
    when:
    - LOCAL_RULE
    source: own
  - code: PROOF
    name_id: 'Salah satu: akta kelahiran, ijazah'
    name_en: 'one of: birth certificate, diploma'
    kind: copy
    copies: 1
    handling: filed
    condition: null
    source: own
  - code: NPWP
    name_id: NPWP
    name_en: tax number
    kind: other
    copies: 0
    handling: given
    condition: applicant has one
    when:
    - OPTIONAL
    source: own
  - code: POWER
    name_id: Surat kuasa
    name_en: power of attorney
    kind: original
    copies: 1
    handling: filed
    condition: by proxy
    when:
    - PROXY
    source: own
"""


LOST_FACT = "- {tag: LOST, question_id: 'Dokumen lama hilang?', meaning_en: lost}\n"


def changed(old: str, new: str, times: int = 1) -> bytes:
    assert old in PLAIN, old
    return PLAIN.replace(old, new, times).encode()


def line_of(part: str) -> int:
    return PLAIN[: PLAIN.index(part)].count("\n") + 1


def plain() -> Catalogue:
    return read_yaml(PLAIN.encode())


def definition(source: bytes) -> Definition:
    return read_yaml(source).services[0].definition


def refused(source: bytes) -> list[tuple[int, str]]:
    with pytest.raises(CatalogueError) as caught:
        read_yaml(source)
    assert caught.value.field == "catalogue" and "tidak ada yang berubah" in caught.value.message
    return caught.value.problems


# What the plain format means


def rules(source: bytes) -> dict[str, Any]:
    """The rule of each line, as plain JSON."""
    return {line["code"]: line.get("when") for line in definition(source).document()["requirements"]}


def test_tags_are_variants_first_then_facts() -> None:
    plainly = rules(PLAIN.encode())
    assert plainly["KTP"] is None
    assert (plainly["REPORT"], plainly["BOOK"]) == ({"variant": "LOST"}, {"fact": "MARRIED"})


def test_marks_and_switches_are_never_questions() -> None:
    standard = definition(PLAIN.encode())
    lines = {line.code: line for line in standard.requirements}
    assert [question.code for question in standard.questions] == ["MARRIED"]
    assert lines["PHOTO"].local_rule and not lines["PHOTO"].enabled
    assert lines["NPWP"].optional and lines["NPWP"].when is None


def test_what_the_file_leaves_out_is_filled() -> None:
    standard = definition(PLAIN.encode())
    assert {line.clause for line in standard.requirements} == {"Permendagri 108/2019"}
    assert [line.ordinal for line in standard.requirements] == [1, 2, 3, 4, 5, 6, 7]
    assert standard.products == ("Akta", "Kartu Keluarga (dan KTP-el, bila berubah)")
    assert [a.name_id for a in standard.requirements[4].substitutes] == ["Akta kelahiran", "Ijazah"]
    assert [a.name_en for a in standard.requirements[4].substitutes] == ["Birth certificate", "Diploma"]
    assert standard.questions[0].text_en == "married"
    assert standard.default_for_whom == 1
    company = changed("  - person\n", "  - company\n")
    assert definition(company).default_for_whom == 4


def test_a_tree_says_what_a_list_cannot() -> None:
    tree = "      all:\n      - MARRIED\n      - not: {variant: LOST}\n      - any: [{fact: LOST}, LOST]\n"
    source = changed("    - MARRIED\n", tree).replace(b"- tag: MARRIED\n", (LOST_FACT + "- tag: MARRIED\n").encode())
    assert rules(source)["BOOK"] == {
        "all": [
            {"fact": "MARRIED"},
            {"not": {"variant": "LOST"}},
            {"any": [{"fact": "LOST"}, {"variant": "LOST"}]},
        ]
    }
    assert rules(changed("    when:\n    - MARRIED\n", "    when: {not: MARRIED}\n"))["BOOK"] == {
        "not": {"fact": "MARRIED"}
    }


def test_groups_limits_and_ages_are_read() -> None:
    richer = (
        PLAIN.replace(
            "  duration:\n",
            "  groups:\n  - {code: G, name_id: Bukti, name_en: Proof, need: 1}\n  duration:\n",
        )
        .replace(
            "    condition: null\n    source: own\n  - code: NPWP",
            "    condition: null\n    group: G\n    max_age_days: 60\n    age_counts_from: event\n"
            "    faults: [expired]\n    source: own\n  - code: NPWP",
        )
        .replace("  meaning_en: married\n", "  meaning_en: married\n  derive: {age_of: subject, from: 5, below: 17}\n")
    )
    standard = definition(richer.encode())
    proof = standard.requirements[4]
    assert (proof.group, proof.max_age_days, proof.age_counts_from, proof.faults) == ("G", 60, "event", ("expired",))
    assert standard.groups[0].need == 1
    derive = standard.questions[0].derive
    assert derive is not None and (derive.least, derive.below, derive.unit) == (5, 17, "years")


def test_texts_stay_texts() -> None:
    """YAML would turn these into a yes-no, an octal number, a date and a number; here they are what was written."""
    for word in ("no", "012", "2026-11-23", "3319020708150001", "1e3"):
        assert read_yaml(changed("version: research-1", f"version: {word}")).version == word
        assert read_yaml(changed("name_id: Dinas Kependudukan", f"name_id: {word}")).agencies[0].name_id == word


def test_an_empty_text_is_no_text() -> None:
    assert (line_of("name_id: Pas foto"), "name_id belum diisi.") in refused(changed("name_id: Pas foto", "name_id:"))
    assert (line_of("name_id: Pas foto"), "name_id kosong.") in refused(changed("name_id: Pas foto", "name_id: ''"))


# What is refused, with its line


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        ("    - MARRIED\n", "    - MARIED\n", "    - MARRIED\n", "Tanda MARIED tidak dikenal."),
        ("    - MARRIED\n", "      nor: [MARRIED]\n", "    - MARRIED\n", "Aturan tidak terbaca"),
        ("    - MARRIED\n", "      all: []\n", "    - MARRIED\n", "Aturan tanpa isi."),
        ("    - MARRIED\n", "      all: [MARRIED, OPTIONAL]\n", "    - MARRIED\n", "OPTIONAL adalah tanda bila ada"),
        ("  agency: DKC\n", "  agency: XYZ\n", "  agency: DKC\n", "Instansi XYZ tidak ada dalam berkas ini."),
        ("  - code: BOOK\n", "  - code: KTP\n", "  - code: BOOK\n", "Kode KTP dipakai dua kali."),
        ("  - code: OTHER\n", "  - code: LOST\n", "  - code: OTHER\n", "Kode LOST dipakai dua kali."),
        ("- tag: LOCAL_RULE\n", "- tag: MARRIED\n", "- tag: LOCAL", "Kode MARRIED dipakai dua kali."),
        ("    unit: working_days\n", "    unit: fortnights\n", "    unit: working", "unit: fortnights tidak dikenal."),
        ("    kind: photo\n", "    kind: painting\n", "    kind: photo\n", "kind: painting tidak dikenal."),
        ("    name_en: photo\n", "", "  - code: PHOTO\n", "name_en belum diisi."),
        ("  name_en: Sample service\n", "", "- code: DKC-99\n", "name_en belum diisi."),
        (
            "    copies: 2\n",
            "    copies: 02\n",
            "    copies: 2\n",
            "tulis bilangan bulat tanpa nol di depan, bukan 02.",
        ),
        ("    copies: 2\n", "    copies: -2\n", "    copies: 2\n", "tulis bilangan bulat"),
        ("    copies: 2\n", "    copies: 200\n", "    copies: 2\n", "copies: 200 di luar batas."),
        ("  proxy_allowed: true\n", "  proxy_allowed: no\n", "  proxy_allowed", "tulis true atau false, bukan no."),
        (
            "    handling: shown\n",
            "    handling: shown\n    colour: red\n",
            "    condition",
            "Kunci colour tidak dikenal.",
        ),
        ("  slug: contoh\n", "  slug: contoh\n  slug: contoh\n", "  name_id: Layanan", "Kunci slug ditulis dua kali."),
        ("  slug: contoh\n", "  slug: ../contoh\n", "  slug: contoh\n", "slug: ../contoh tidak berbentuk"),
        ("- code: DKC-99\n", "- code: dkc 99\n", "- code: DKC-99\n", "code: dkc 99 tidak berbentuk"),
        (
            "  legal_basis:\n  - Permendagri 108/2019\n  - PP 40/2019\n",
            "  legal_basis: []\n",
            "  legal",
            "legal_basis kosong.",
        ),
        ("name_id: Pas foto", "name_id: [Pas foto]", "    name_id: Pas foto", "name_id salah bentuk."),
        ("name_id: Pas foto", "name_id: {a: b}", "    name_id: Pas foto", "name_id salah bentuk."),
        ("name_id: Pas foto", 'name_id: "Pas\\u202efoto"', "    name_id: Pas foto", "tanda yang tidak terlihat"),
        ("name_id: Pas foto", 'name_id: "Pas\\0foto"', "    name_id: Pas foto", "tanda yang tidak terlihat"),
        ("name_id: Pas foto", "name_id: " + "x" * 301, "    name_id: Pas foto", "lebih panjang dari 300 huruf"),
        ("name_id: Pas foto", "name_id: " + "x" * 2001, "    name_id: Pas foto", "lebih panjang dari 2.000 huruf"),
        ("name_id: Pas foto", "name_id: &a Pas foto", "    name_id: Pas foto", "alias YAML"),
        ("name_id: Pas foto", "name_id: *a", "    name_id: Pas foto", "alias YAML"),
        ("name_id: Pas foto", "name_id: !!python/name:os.system", "    name_id: Pas foto", "tidak boleh dipakai."),
        ("name_id: Pas foto", "name_id: !secret x", "    name_id: Pas foto", "Jenis !secret tidak boleh dipakai."),
        ("name_id: Pas foto", "? [a, b] : c", "    name_id: Pas foto", "Nama kunci harus berupa teks."),
        ("    name_id: Pas foto\n", "   name_id: Pas foto\n", "    name_id: Pas foto", "Susunan YAML salah"),
        ("name_id: Pas foto", "name_id: 'Pas foto", "    name_id: 'Salah satu", "Susunan YAML salah"),
        ("name_id: Pas foto", "name_id: Pas\tfoto: x", "    name_id: Pas foto", "Susunan YAML salah"),
        (
            "version: research-1",
            "version: research-1\n  valid_from: 23-11-2026",
            "  agencies: 1\n",
            "tulis tanggal seperti",
        ),
        ("  - code: PHOTO\n", "  - code: PHOTO\n    group: G\n", "    name_id: Pas foto", "Kelompok G tidak ada."),
        (
            "  duration:\n",
            "  groups:\n  - {code: G, name_id: Bukti, name_en: Proof, need: 2}\n  duration:\n",
            "    value: 1\n",
            "Kelompok G meminta 2, padahal anggotanya 0",
        ),
        (
            "  proxy_allowed: true\n",
            "  proxy_allowed: false\n",
            "",
            'Syarat "Surat kuasa" tidak mungkin pernah diminta.',
        ),
        ("    - MARRIED\n", "    - OTHER\n", "- tag: MARRIED\n", 'Pertanyaan "Pemohon sudah kawin?" tidak dipakai'),
    ],
)
def test_refused_with_line_and_reason(old: str, new: str, at: str, told: str) -> None:
    problems = refused(changed(old, new))
    matching = [line for line, sentence in problems if told in sentence]
    assert matching, problems
    # The line where the fault was put; where the text grew or shrank above it, its neighbour.
    expected = line_of(at) if at else line_of("    - PROXY\n") - 1
    assert min(abs(line - expected) for line in matching) <= 2, (problems, expected)
    assert all(sentence.endswith((".", ")")) or "." in sentence for _line, sentence in problems)


def test_every_problem_is_told_at_once_in_order() -> None:
    both = PLAIN.replace("    unit: working_days\n", "    unit: weeks\n").replace(
        "    copies: 2\n", "    copies: two\n"
    )
    problems = refused(both.encode())
    assert [line for line, _ in problems] == [line_of("    unit: working_days"), line_of("    copies: 2\n")]
    with pytest.raises(CatalogueError, match=r"Baris \d+: .*\(dan 1 kesalahan lain\)"):
        read_yaml(both.encode())


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "Berkas kosong."),
        (b"# only a comment\n", "Berkas kosong."),
        (b"--- a\n--- b\n", "lebih dari satu dokumen"),
        (b"\xff\xfe\x00", "bukan teks UTF-8"),
        (b"meta: \xc3\x28", "bukan teks UTF-8"),
        (b"- 1\n- 2\n", "salah bentuk"),
        (b"just words", "salah bentuk"),
        (b"null", "salah bentuk"),
        (b"%YAML 9.9\n---\na: b", "Susunan YAML salah"),
        (b"a: \x07", "Susunan YAML salah"),
        (b"PK\x03\x04 zip", "Susunan YAML salah"),
        (b"[" * 1000, "lebih dalam dari 20 tingkat"),
        (b"- " * 500 + b"x", "lebih dalam dari 20 tingkat"),
        (b"? " * 500 + b"x", "lebih dalam dari 20 tingkat"),
        (b"{a: " * 300 + b"x" + b"}" * 300, "lebih dalam dari 20 tingkat"),
        (b"[" + b"1," * 60_000 + b"1]", "lebih dari 50.000 butir"),
        (b"x" * (1024 * 1024 + 1), "lebih besar dari 1 MiB"),
        (b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "alias YAML"),
        (b"a: !!python/object/apply:os.system ['true']", "tidak boleh dipakai"),
        (b"a: !!binary aGFsbG8=", "tidak boleh dipakai"),
        (b"<<: {a: b}\n", "Kunci << tidak dikenal."),
    ],
)
def test_files_made_to_harm(source: bytes, told: str) -> None:
    assert any(told in sentence for _line, sentence in refused(source))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(UserError, match="tidak dapat dibaca"):
            read_yaml(path)
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (3 * 1024 * 1024))
    assert refused(big.read_bytes()[: 1024 * 1024 + 1]) == [(1, "Berkas lebih besar dari 1 MiB.")]
    with pytest.raises(CatalogueError):
        read_yaml(big)


def test_a_byte_order_mark_and_windows_lines_are_fine() -> None:
    assert read_yaml(b"\xef\xbb\xbf" + PLAIN.encode()) == plain()
    assert read_yaml(PLAIN.replace("\n", "\r\n").encode()) == plain()


def test_the_slow_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog_text.yaml, "__with_libyaml__", False)
    assert read_yaml(PLAIN.encode()) == plain()
    assert any("Susunan YAML" in sentence for _line, sentence in refused(b"a: 'b"))
    assert any("Susunan YAML" in sentence for _line, sentence in refused(b"a: \x07"))
    assert any("20 tingkat" in sentence for _line, sentence in refused(b"[" * 1000))


# Into the local file


def bring(store: Store, catalogue: Catalogue, *, seed: bool = False, valid_from: datetime | None = None) -> Imported:
    with store.saving(None) as session:
        session.info["seed"] = seed
        return import_catalogue(session, catalogue, hall_id=natural_id("hall", "3319"), valid_from=valid_from)


def contents(store: Store) -> str:
    """A hash of every row that an import could touch, and of how many entries the journal has."""
    digest = hashlib.sha256()
    with store.reading() as session:
        for name in sorted(record_classes()):
            for row in session.execute(text(f'SELECT * FROM "{name}" ORDER BY id')):
                digest.update(repr((name, tuple(row))).encode())
        digest.update(str(session.scalar(text("SELECT count(*) FROM journal"))).encode())
    return digest.hexdigest()


def count(session: Session, kind: type[Record] | type[RequirementLine]) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0


def standard_at(store: Store, code: str, at: datetime) -> ServiceStandard:
    with store.reading() as session:
        row = standard_in_force(session, natural_id("service", code), at)
        assert row is not None
        return row


def test_the_shipped_catalogue_comes_in_whole(store: Store, clock: Clock) -> None:
    counts = bring(store, read_yaml(SHIPPED), seed=True)
    assert (counts.new_agencies, counts.new_services, counts.new_standards) == (28, 71, 71)
    with store.reading() as session:
        assert (count(session, Agency), count(session, Service)) == (28, 71)
        assert count(session, ServiceStandard) == 71 and count(session, RequirementLine) == 487
        assert session.get_one(Agency, natural_id("agency", "DKC")).name_id == "Dinas Kependudukan dan Pencatatan Sipil"
        for row in session.scalars(select(ServiceStandard)):
            assert (row.state, row.decree_no, row.decree_date, row.version_no) == ("sample", None, None, 1)
            assert definition_of(row).requirements and definition_of(row) is definition_of(row)
    row = standard_at(store, "DKC-02", clock())
    assert row.valid_from < clock() and len(definition_of(row).requirements) == 10


def test_the_same_file_again_changes_nothing(store: Store, clock: Clock) -> None:
    catalogue = read_yaml(SHIPPED)
    bring(store, catalogue, seed=True)
    before = contents(store)
    for seed in (True, False):
        clock.forward(days=1)
        again = bring(store, read_yaml(SHIPPED), seed=seed)
        assert again == Imported(unchanged=71)
        assert contents(store) == before


def test_two_pcs_make_the_same_rows(new_store: Callable[[str], Store], clock: Clock) -> None:
    ids = []
    for name in ("one", "two"):
        store = new_store(name)
        bring(store, read_yaml(SHIPPED), seed=True)
        with store.reading() as session:
            ids.append([set(session.scalars(select(kind.id))) for kind in (Agency, Service, ServiceStandard)])
            assert set(session.scalars(select(ServiceStandard.ehlc))) == {0}
            moments = set(session.scalars(select(ServiceStandard.valid_from)))
        ids[-1].append(moments)
        clock.forward(days=30)
    assert ids[0] == ids[1]


def test_a_changed_service_gets_a_new_version(store: Store, clock: Clock) -> None:
    bring(store, plain(), valid_from=clock() - timedelta(days=10))
    first = standard_at(store, "DKC-99", clock())
    more = changed("    copies: 2\n", "    copies: 4\n")
    counts = bring(store, read_yaml(more))
    assert (counts.new_standards, counts.unchanged) == (1, 0)
    second = standard_at(store, "DKC-99", clock())
    assert (first.version_no, second.version_no) == (1, 2) and second.valid_from == clock()
    assert definition_of(first).requirements[3].copies == 2 and definition_of(second).requirements[3].copies == 4
    # A file taken in before keeps its standard: what counted then still counts for that moment.
    assert standard_at(store, "DKC-99", clock() - timedelta(seconds=1)).id == first.id


def test_the_old_standard_counts_until_the_minute(store: Store, clock: Clock) -> None:
    bring(store, plain(), valid_from=clock() - timedelta(days=10))
    start = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # eight o'clock in the hall
    bring(store, read_yaml(changed("    copies: 2\n", "    copies: 4\n")), valid_from=start)
    assert standard_at(store, "DKC-99", start - timedelta(minutes=1)).version_no == 1
    assert standard_at(store, "DKC-99", start + timedelta(minutes=1)).version_no == 2
    with store.reading() as session:
        assert standard_in_force(session, natural_id("service", "DKC-99"), clock() - timedelta(days=11)) is None
        assert standard_in_force(session, natural_id("service", "none"), clock()) is None


def test_a_sample_never_replaces_a_decreed_standard(store: Store, clock: Clock) -> None:
    bring(store, plain(), valid_from=clock() - timedelta(days=10))
    with store.saving(None) as session:
        sample = session.scalars(select(ServiceStandard)).one()
        session.add(
            ServiceStandard(
                service_id=sample.service_id,
                version_no=2,
                state="decreed",
                decree_no="067.1/0344",
                decree_date=date(2026, 11, 1),
                valid_from=clock() - timedelta(days=5),
                definition=sample.definition,
            )
        )
    assert bring(store, plain()).unchanged == 1
    bring(store, read_yaml(changed("    copies: 2\n", "    copies: 4\n")))
    row = standard_at(store, "DKC-99", clock())
    assert (row.state, row.version_no) == ("decreed", 2)
    assert standard_at(store, "DKC-99", clock() - timedelta(days=6)).state == "sample"


def test_a_seed_leaves_an_administrators_work_alone(store: Store, clock: Clock) -> None:
    bring(store, plain(), seed=True, valid_from=clock() - timedelta(days=10))
    with store.saving(None) as session:
        session.get_one(Agency, natural_id("agency", "DKC")).name_id = "Disdukcapil"
        session.get_one(Service, natural_id("service", "DKC-99")).is_open = False
        sample = session.scalars(select(ServiceStandard)).one()
        edited = definition_of(sample).model_copy(update={"notes_id": "Diubah admin"})
        session.add(
            ServiceStandard(
                service_id=sample.service_id,
                version_no=2,
                state="sample",
                valid_from=clock(),
                definition=edited.document(),
            )
        )
    before = contents(store)
    assert bring(store, plain(), seed=True) == Imported(unchanged=1)
    assert contents(store) == before
    # An administrator who imports the file means it: names follow, what the file does not speak of stays.
    counts = bring(store, plain())
    assert (counts.changed_agencies, counts.changed_services, counts.new_standards) == (1, 0, 1)
    with store.reading() as session:
        assert session.get_one(Agency, natural_id("agency", "DKC")).name_id == "Dinas Kependudukan"
        assert not session.get_one(Service, natural_id("service", "DKC-99")).is_open


def test_an_import_that_fails_keeps_nothing(store: Store) -> None:
    before = contents(store)
    catalogue = read_yaml(SHIPPED)
    with pytest.raises(RuntimeError), store.saving(None) as session:
        import_catalogue(session, catalogue, hall_id="x")
        raise RuntimeError("power cut before the commit")
    assert contents(store) == before
    with store.reading() as session:
        assert count(session, Agency) == 0


# A thousand spoilt files


def spoil(data: bytes, chance: random.Random) -> bytes:
    """One random injury, of the kinds that editors, transfers and enemies make."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    match chance.randrange(12):
        case 0:
            position = chance.randrange(len(data))
            return data[:position] + bytes([chance.randrange(256)]) + data[position + 1 :]
        case 1:
            return data[: chance.randrange(len(data))]
        case 2:
            lines[at : at + 1] = []
        case 3:
            lines[at : at + 1] = [lines[at], lines[at]]
        case 4:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 5:
            lines[at] = b" " + lines[at]
        case 6:
            lines[at] = lines[at].replace(b":", b"", 1)
        case 7:
            lines[at] += chance.choice([b" &a", b" *a", b" !!python/name:os", b" |", b" {", b" [", b' "', b" \x00"])
        case 8:
            key = lines[at].partition(b":")[0]
            lines[at] = key + b": " + chance.choice([b"no", b"012", b"null", b"[]", b"{}", b"1e9", b"~", b"-1", b"<<"])
        case 9:
            lines[at] = lines[at].upper()
        case 10:
            lines[at:at] = [b"- " * 30 + b"x", b"x: " + b"[" * 30]
        case 11:
            lines[at] = lines[at][:12] + b"\xe2\x80\xae" + lines[at][12:] * chance.choice([1, 400])
    return b"\n".join(lines)


def excerpt(services: set[str]) -> bytes:
    """The shipped catalogue with these services only, and the questions that they use."""
    tree = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    tree["services"] = [service for service in tree["services"] if service["code"] in services]
    owners = {service["agency"] for service in tree["services"]}
    tree["agencies"] = [agency for agency in tree["agencies"] if agency["code"] in owners]
    tree["sources"] = []
    words = set(re.findall(r"[A-Z0-9_]{3,}", repr([service["requirements"] for service in tree["services"]])))
    tree["facts"] = [fact for fact in tree["facts"] if fact["tag"] in words]
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True).encode()


def test_a_thousand_spoilt_files_change_nothing_or_are_sound(store: Store) -> None:
    """Each is either refused with lines, the file as before to the byte, or is a catalogue that can be imported."""
    whole = excerpt({"DKC-05", "POL-01", "SMS-01"})
    bring(store, read_yaml(whole))
    before = contents(store)
    chance = random.Random(3319)
    refusals = 0
    for number in range(1000):
        injured = spoil(whole, chance)
        try:
            catalogue = read_yaml(injured)
        except CatalogueError as error:
            refusals += 1
            last = injured.count(b"\n") + injured.count(b"\r") + 2
            assert error.problems and all(1 <= line <= last and told for line, told in error.problems)
        else:
            if number % 10 == 0:
                with pytest.raises(RuntimeError), store.saving(None) as session:
                    import_catalogue(session, catalogue, hall_id="x")
                    session.flush()
                    raise RuntimeError("looked at, not kept")
    assert refusals > 500
    assert contents(store) == before


def test_the_whole_catalogue_spoilt(store: Store) -> None:
    data = SHIPPED.read_bytes()
    chance = random.Random(132)
    for _number in range(20):
        try:
            read_yaml(spoil(data, chance))
        except CatalogueError as error:
            assert error.problems
