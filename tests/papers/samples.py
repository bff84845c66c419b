"""The facts of a few papers: the two of the design, and ones with everything in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from desktop.operations.paperwork import (
    Document,
    EmergencyFacts,
    HourTally,
    LabelFacts,
    LeafletFacts,
    Letterhead,
    Missing,
    MissingTally,
    ReceiptFacts,
    RecoveryFacts,
    SlipFacts,
    SummaryFacts,
    Tally,
    TestPageFacts,
)

WIB = ZoneInfo("Asia/Jakarta")
PHONE = "0291-000000"
HEAD = Letterhead(
    hall="Mal Pelayanan Publik Kabupaten Kudus",
    agency="Dinas Kependudukan dan Pencatatan Sipil",
    place_and_hours="Lantai 1, Loket 5–8 · Senin–Kamis 08.00–15.00, Jumat 08.00–11.00",
)
RECEIPT = ReceiptFacts(
    letterhead=HEAD,
    number="261123-107-0041-3",
    short="0041-3",
    barcode="26112310700413",
    qr="26112310700413331900001",
    complete_at=datetime(2026, 11, 23, 9, 12, tzinfo=WIB),
    service="Penerbitan KTP-el karena hilang",
    applicant="Dwi Prasetyo Nugroho",
    nik_masked="3319 •••• •••• 0003",
    product="KTP-el",
    promise_text="Selasa, 24 November 2026 (1 hari kerja)",
    fee_text=f"GRATIS (Rp0). Bila diminta membayar, lapor: {PHONE}",
    officer="Siti R.",
    counter="Loket 7",
    documents=(
        Document("Surat keterangan kehilangan dari kepolisian", "asli, disimpan"),
        Document("Kartu Keluarga", "fotokopi 1 lembar, dicocokkan dengan asli"),
        Document("Formulir F-1.02", "1 lembar, disimpan"),
    ),
    printed_at=datetime(2026, 11, 23, 9, 12, tzinfo=WIB),
    record_code="7F3A-91C2",
    complaint=f"loket informasi, {PHONE}, lapor.go.id",
    follow_up=PHONE,
)
FULL_RECEIPT = replace(
    RECEIPT,
    service="Pencatatan kelahiran (akta, KK dan KIA)",
    variant="lewat 60 hari",
    applicant="Sri Wahyuni",
    for_whom_text="untuk anak",
    subject="Bayi Muhammad Ma’ruf Al Farisi",
    proxy="Hj. Siti Nur Aini Kusumawardhani, S.Kep.",
    documents=tuple(Document(f"Syarat nomor {n} yang namanya agak panjang", "asli ditunjukkan") for n in range(1, 9)),
    withdrawn=("KTP-el lama atas nama Sri Wahyuni", "Kartu Keluarga lama nomor 3319 •••• •••• 0007"),
    extra=("Surat pengantar RT (diminta petugas, alasan: data tidak sama)",),
    queue_no="A-017",
    visit_no=2,
    standard_text="Standar pelayanan: SK Kepala Disdukcapil 067.1/0344.1/14.00/2020, 2 Januari 2020",
    corrected_at=datetime(2026, 11, 23, 10, 41, tzinfo=WIB),
    copy_no=1,
    copy_from=107,
    two_copies=True,
    training=True,
)
SLIP = SlipFacts(
    letterhead=HEAD,
    number="261123-107-0042-1",
    short="0042-1",
    barcode="26112310700421",
    qr="26112310700421" + "0" * 46,
    missing_count=2,
    asked_count=5,
    service="Pencatatan kelahiran (akta, KK dan KIA)",
    applicant="Siti Aminah",
    for_whom_text="untuk anak",
    checked_at=datetime(2026, 11, 23, 9, 20, tzinfo=WIB),
    officer="Siti R.",
    counter="Loket 7",
    missing=(
        Missing(
            "Surat keterangan kelahiran, asli, 1 lembar",
            "Belum dibawa.",
            "Diminta dari rumah sakit, bidan, atau balai desa tempat lahir.",
            "Syarat 2 · Permendagri 108/2019",
        ),
        Missing(
            "Fotokopi KTP-el dua saksi, 2 lembar",
            "Kurang 1 lembar.",
            "Fotokopi ada di lantai 1, dekat pintu timur.",
            "Syarat 5 · Permendagri 108/2019",
        ),
    ),
    accepted=("Formulir F-2.01", "Kartu Keluarga asli", "Buku nikah orang tua, fotokopi dilegalisasi"),
    come_back="gerai Disdukcapil (lantai 1, Loket 5–8)",
    valid_until=date(2026, 11, 30),
    printed_at=datetime(2026, 11, 23, 9, 20, tzinfo=WIB),
    record_code="52D8-0B6E",
    complaint=f"{PHONE}, lapor.go.id",
)
FULL_SLIP = replace(
    SLIP,
    variant="lewat 60 hari",
    subject="Bayi Muhammad Ma’ruf Al Farisi",
    proxy="Hj. Siti Nur Aini",
    smallest="Supaya lengkap, cukup bawa: surat keterangan kelahiran dan fotokopi KTP-el dua saksi.",
    goes_first=True,
    queue_no="A-017",
    visit_no=2,
    copy_no=2,
    copy_from=107,
    training=True,
    standard_text="Standar pelayanan: SK Kepala Disdukcapil 067.1/0344.1/14.00/2020, 2 Januari 2020",
)
SUMMARY = SummaryFacts(
    letterhead=HEAD,
    day=date(2026, 11, 23),
    as_of=datetime(2026, 11, 23, 14, 5, tzinfo=WIB),
    scope="Angka loket ini saja",
    state="Loket 7 masih buka; data lengkap sampai pukul 14.05.",
    total=Tally("", 58, 44, 11, 3),
    completed_later=6,
    reprints=2,
    corrections=1,
    visits_without_file=9,
    extra_demands=1,
    is_consistent=True,
    by_service=(
        Tally("Penerbitan KTP-el karena hilang", 21, 18, 2, 1),
        Tally("Pencatatan kelahiran (akta, KK dan KIA)", 17, 9, 7, 1),
        Tally("Pindah datang antarkabupaten", 12, 11, 1, 0),
        Tally("Pencatatan kematian", 8, 6, 1, 1),
    ),
    by_officer=(Tally("Siti R.", 34, 27, 5, 2), Tally("Rini", 24, 17, 6, 1)),
    by_hour=(
        HourTally(8, 9, 2),
        HourTally(9, 12, 4),
        HourTally(10, 10, 3),
        HourTally(11, 6, 1),
        HourTally(13, 7, 1),
    ),
    missing=(
        MissingTally("Fotokopi KTP-el dua saksi", "Pencatatan kelahiran (akta, KK dan KIA)", 5),
        MissingTally("Surat keterangan kelahiran", "Pencatatan kelahiran (akta, KK dan KIA)", 4),
        MissingTally("Kartu Keluarga", "Penerbitan KTP-el karena hilang", 2),
    ),
    printed_at=datetime(2026, 11, 23, 14, 6, tzinfo=WIB),
    printed_by="Siti R.",
    usual_minutes=4,
    most_minutes=11,
    place="Kudus",
    signer_position="Kepala Seksi Pelayanan",
    signer_name="Drs. Bambang Sutrisno",
    signer_staff_no="19700101 199503 1 001",
)
TEST_PAGE = TestPageFacts(
    letterhead=HEAD,
    printer="HP LaserJet Loket 7",
    counter="Loket 7",
    barcode="26112310700017",
    qr="26112310700017",
    printed_at=datetime(2026, 11, 23, 7, 45, tzinfo=WIB),
)
RECOVERY = RecoveryFacts(
    letterhead=HEAD,
    counter="Loket 7",
    code="00000111192222833337444465555566664777738888299991",
    printed_at=datetime(2026, 11, 23, 7, 50, tzinfo=WIB),
)
LEAFLET = LeafletFacts(
    letterhead=HEAD,
    service="Pencatatan kelahiran (akta, KK dan KIA)",
    product="Akta kelahiran, Kartu Keluarga, KIA",
    duration="1 hari kerja",
    fee_text=f"GRATIS (Rp0). Bila diminta membayar, lapor: {PHONE}",
    documents=(
        Missing("Surat keterangan kelahiran, asli, 1 lembar", "Dari rumah sakit, bidan, atau balai desa."),
        Missing("Fotokopi buku nikah, 1 lembar", "Hanya bila orang tua sudah kawin."),
        Missing("Surat kuasa, 1 lembar", "Hanya bila pemohon diwakilkan dengan surat kuasa."),
        Missing("Kartu imunisasi", "Bila ada, dari puskesmas."),
    ),
    printed_at=datetime(2026, 11, 23, 9, 12, tzinfo=WIB),
    complaint=f"loket informasi, {PHONE}, lapor.go.id",
    pledge="Kami sanggup melayani sesuai standar, dan bersedia dikenai sanksi bila tidak menepatinya.",
    standard_text="Standar pelayanan SK 067.1/0344.1/14.00/2020",
)
LABEL = LabelFacts(
    letterhead=HEAD,
    number="261123-107-0041-3",
    short="0041-3",
    barcode="26112310700413",
    qr="26112310700413",
    service="Pencatatan kelahiran (akta, KK dan KIA)",
    applicant="Dwi Prasetyo Nugroho",
    subject="Bayi Muhammad Ma’ruf Al Farisi",
    received_at=datetime(2026, 11, 23, 9, 12, tzinfo=WIB),
    counter="Loket 7",
)
EMERGENCY = EmergencyFacts(
    letterhead=HEAD,
    services=(
        "Kartu Identitas Anak", "Kartu Keluarga", "Pencatatan kelahiran (akta, KK dan KIA)", "Pencatatan kematian",
        "Penerbitan KTP-el karena hilang", "Perpindahan penduduk dalam negeri antarkabupaten atau antarprovinsi",
        "Legalisasi dokumen kependudukan",
    ),
    phone=PHONE,
)  # fmt: skip
