"""What the plain format means, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop.errors import UserError
from desktop.operations import catalog_text
from desktop.operations.catalog_file import read_yaml
from desktop.operations.catalog_text import CatalogueError
from tests.operations.plain_catalogue import LOST_FACT, PLAIN, changed, definition, line_of, plain, refused


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
