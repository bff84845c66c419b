"""The receipt: the citizen's proof says everything it must, whatever was typed."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.operations.paperwork import Document, ReceiptFacts
from desktop.papers.lettering import printable
from desktop.papers.receipt import make_receipt
from tests.papers.reading import faults, scans, squeezed, text_of
from tests.papers.samples import FULL_RECEIPT, HEAD, RECEIPT

SIZES = ["a5", "80mm"]
LONG_NAME = "Raden Roro Sri Endang Wahyuningsih Kusumaningrum Hadiningrat"


def _pages(pdf: bytes) -> int:
    return len(pypdfium2.PdfDocument(pdf))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [LONG_NAME, "Suharto", "Ma'ruf", "Ma’ruf", "W" * 60, "I"])
def test_a_name_is_printed_whole_wherever_it_stands(size: Any, name: str) -> None:
    facts = replace(RECEIPT, applicant=name, subject=name, proxy=name, officer=name, withdrawn=(name,))
    pdf = make_receipt(facts, size)
    assert squeezed(text_of(pdf)).count(squeezed(name)) >= 5 or name == "I"
    assert faults(pdf) == []
    assert _pages(pdf) <= 2


@pytest.mark.parametrize("size", SIZES)
def test_a_usual_receipt_is_one_page_even_with_child_proxy_and_withdrawn_card(size: Any) -> None:
    withdrawn = ("KTP-el lama",)
    facts = replace(RECEIPT, subject="Ahmad Fauzi", proxy="Siti Nur Aini", withdrawn=withdrawn, standard_text=None)
    assert _pages(make_receipt(facts, size)) == 1


def test_a_few_lines_too_many_are_made_to_fit_in_slightly_smaller_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = tuple(Document(f"Fotokopi surat keterangan ke-{number}", "1 lembar") for number in range(1, 8))
    facts = replace(RECEIPT, documents=documents, withdrawn=("Kartu Keluarga asli",), subject="Bayi Siti")
    assert _pages(make_receipt(facts, "a5")) == 1
    # The control: in its own letters the same paper needs a second page.
    monkeypatch.setattr("desktop.papers.formats.Format.tightened", property(lambda form: form))
    assert _pages(make_receipt(facts, "a5")) == 2


def test_twenty_documents_flow_to_a_second_page_with_a_short_head() -> None:
    documents = tuple(Document(f"Syarat ke-{n} yang harus dibawa", "asli ditunjukkan") for n in range(1, 21))
    pdf = make_receipt(replace(RECEIPT, documents=documents), "a5")
    first, second = text_of(pdf).split("\n\n")
    assert "Halaman 1 dari 2" in first
    assert second.startswith("TANDA TERIMA BERKAS 261123-107-0041-3 Halaman 2 dari 2\n")
    assert second.count("Petugas") == 1  # signed once, on the last page
    for n in range(1, 21):
        assert f"{n}. Syarat ke-{n} yang harus dibawa asli ditunjukkan" in first + second
    assert faults(pdf) == []


def test_a_roll_is_as_long_as_its_content() -> None:
    documents = tuple(Document(f"Syarat ke-{n}", "asli ditunjukkan") for n in range(1, 31))
    short, long = make_receipt(RECEIPT, "80mm"), make_receipt(replace(RECEIPT, documents=documents), "80mm")
    heights = [pypdfium2.PdfDocument(pdf)[0].get_height() for pdf in (short, long)]
    assert _pages(long) == 1 and heights[1] > heights[0] + 27 * 20
    assert scans(long, 203, dots=True) == scans(short, 203, dots=True)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_not_known_is_left_out(size: Any) -> None:
    text = text_of(make_receipt(replace(RECEIPT, follow_up="", complaint="", nik_masked=""), size))
    for word in (
        "NIK",
        "Tanya perkembangan",
        "Pengaduan",
        "Atas nama",
        "Diwakili",
        "Standar",
        "LATIHAN",
        "CETAK ULANG",
        "Diperbaiki",
        "Lembar 1",
        "ditarik",
        "di luar daftar",
        "antrean",
        "kunjungan",
    ):
        assert word not in text


@pytest.mark.parametrize("size", SIZES)
def test_withdrawn_originals_are_the_boldest_lines_of_the_list(size: Any) -> None:
    document = pypdfium2.PdfDocument(make_receipt(FULL_RECEIPT, size))
    fonts = {}
    for page in document:
        for thing in page.get_objects(filter=[1], textpage=page.get_textpage()):
            fonts[thing.extract().strip()] = thing.get_font().get_base_name()
    assert fonts["KTP-el lama atas nama Sri Wahyuni"].endswith("Bold")
    assert fonts["1."].endswith("Regular")  # the negative control: ordinary documents are not
    assert "Lembar ini bukti penyerahannya." in text_of(make_receipt(FULL_RECEIPT, size)).replace("\n", " ")


def test_only_a_sheet_has_lines_to_sign() -> None:
    assert "\nPemohon Petugas\n" in text_of(make_receipt(RECEIPT, "a5"))
    assert "\nWakil pemohon Petugas\n" in text_of(make_receipt(FULL_RECEIPT, "a5"))
    assert "\nPemohon Petugas\n" not in text_of(make_receipt(RECEIPT, "80mm"))


def test_a_logo_takes_the_place_of_the_round_mark_and_a_broken_one_stops_nothing() -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 20), "#aa2211").save(out, "PNG")
    pdf = make_receipt(replace(RECEIPT, letterhead=replace(HEAD, logo=out.getvalue())), "a5")
    assert "MPP" not in text_of(pdf) and b"/Image" in pdf
    assert pdf == make_receipt(replace(RECEIPT, letterhead=replace(HEAD, logo=out.getvalue())), "a5")
    for broken in (b"", b"no picture", out.getvalue()[:60]):
        pdf = make_receipt(replace(RECEIPT, letterhead=replace(HEAD, logo=broken, accent="red; DROP")), "a5")
        assert "MPP" in text_of(pdf)


# --- whatever is typed --------------------------------------------------------------------------------------------

_HOSTILE = st.sampled_from(
    [
        "<b>Budi</b>",
        "<img src='/etc/passwd'/>",
        "</para><font color=red>",
        "&amp;&#0;&lt;",
        "';DROP TABLE party;--",
        "=HYPERLINK(1)",
        "%s %d {0} ${x}",
        "\\) Tj ET Q BT",
        "()<<>>[]/",
        "\u202egnirts",
        "Budi\x00Santoso",
        "\ud800",
        "😀 Siti 👨‍👩‍👧",
        "محمد",
        "ﬁ ﬂ",
        "Z̸̢̧̛a̶l̷g̵o̸",
        "A" * 300,
        "a b " * 60,
        "-" * 90,
        "•" * 40,
        "Ấ" * 50,
        " ",
        "\n\n",
        "",
    ]
)
_TEXTS = st.one_of(_HOSTILE, st.text(st.characters(codec=None), max_size=70), st.text("Siti Nur'’.-WIil", max_size=70))
_MAYBE = st.one_of(st.none(), _TEXTS)
_RECEIPTS = st.builds(
    replace,
    st.sampled_from([RECEIPT, FULL_RECEIPT]),
    service=_TEXTS,
    applicant=_TEXTS,
    product=_TEXTS,
    promise_text=_TEXTS,
    fee_text=_TEXTS,
    officer=_TEXTS,
    counter=_TEXTS,
    documents=st.lists(st.builds(Document, _TEXTS, _TEXTS), max_size=30).map(tuple),
    withdrawn=st.lists(_TEXTS, max_size=3).map(tuple),
    extra=st.lists(_TEXTS, max_size=3).map(tuple),
    variant=_MAYBE,
    for_whom_text=_MAYBE,
    subject=_MAYBE,
    proxy=_MAYBE,
    queue_no=_MAYBE,
    standard_text=_MAYBE,
    complaint=_TEXTS,
    follow_up=_TEXTS,
    letterhead=st.builds(replace, st.just(HEAD), agency=_TEXTS, place_and_hours=_TEXTS),
)


@settings(deadline=None, max_examples=40)
@given(_RECEIPTS, st.sampled_from(SIZES))
def test_whatever_was_typed_is_printed_whole_and_nothing_overlaps(facts: ReceiptFacts, size: Any) -> None:
    pdf = make_receipt(facts, size)
    text = squeezed(text_of(pdf))
    names = (facts.applicant, facts.subject, facts.proxy, *(document.name for document in facts.documents))
    for name in names:
        assert squeezed(printable(name or "")) in text
    assert faults(pdf) == []
    assert scans(pdf, 203, dots=True)[0] == {"Code 128": facts.barcode, "QR Code": facts.qr}


@settings(deadline=None, max_examples=25)
@given(_TEXTS)
def test_text_is_never_an_instruction(text: str) -> None:
    make_receipt(RECEIPT, "a5")  # loads fonts and modules, so that what follows touches no file at all
    with _watched() as touched:
        make_receipt(replace(RECEIPT, applicant=text, complaint=text), "a5")
    assert touched == []


def test_the_watch_sees_a_file_that_is_opened() -> None:
    with _watched() as touched, open(__file__):
        pass
    assert touched


class _watched:
    """Notes every file and connection that is opened inside the block (an audit hook cannot be taken away again)."""

    _note: list[str] | None = None
    _is_hooked = False

    def __enter__(self) -> list[str]:
        if not _watched._is_hooked:
            sys.addaudithook(_watched._hear)
            _watched._is_hooked = True
        _watched._note = []
        return _watched._note

    def __exit__(self, *_exc: object) -> None:
        _watched._note = None

    @staticmethod
    def _hear(event: str, about: tuple[Any, ...]) -> None:
        if _watched._note is not None and event in ("open", "socket.connect", "subprocess.Popen", "os.system"):
            _watched._note.append(f"{event} {about[0]!r}")
