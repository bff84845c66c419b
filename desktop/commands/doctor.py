"""What support asks of a PC, as text without a person: are file, rows and chains whole, what does the centre lack."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from desktop.errors import UserError
from desktop.folder import FILE_NAME
from desktop.i18n import _, clock_time, ngettext, number, short_date
from desktop.models import journal
from desktop.operations import hall, setup
from desktop.safekeeping import health
from desktop.store import Store
from desktop.sync import address

# A finding that wants somebody, and one that is as it should be.
BAD, GOOD = "!", "·"
Finding = tuple[str, str]


def run(folder: Path) -> int:
    """Print what was found; 0 if all of it is as it should be. Works while the program is closed."""
    if not (folder / FILE_NAME).exists():
        print(_("Di folder {folder} belum ada data Loket.").format(folder=folder), file=sys.stderr)
        return 1
    try:
        store = Store.open(folder)
    except UserError as problem:
        sentence = problem.message if problem.code != "E-01" else _(
            "Program sedang terbuka dengan data ini. Tutup jendelanya, lalu ulangi.")  # fmt: skip
        print(BAD, sentence, f"({problem.code})" if problem.code else "", file=sys.stderr)
        return 1
    try:
        found = list(examine(store))
    finally:
        store.close()
    for mark, words in found:
        print(mark, words)
    return int(any(mark == BAD for mark, _words in found))


def examine(store: Store) -> Iterator[Finding]:
    """Everything, the worst not first: the order is the same each time, so that two can be compared."""
    yield GOOD, _("Loket {version}, folder {folder}").format(version=setup.APP_VERSION, folder=store.folder)
    with store.reading() as session:
        here = hall.this_pc(session)
        label = hall.label_here(session)
        entries = journal.read_entries(session.connection())
    if here is None:
        yield GOOD, _("PC ini belum diatur.")
        return
    codes = ", ".join(str(code) for code in here.codes)
    yield GOOD, _("{counter} di {hall}, kode nomor {codes}").format(counter=here.counter, hall=here.hall, codes=codes)
    size = (store.folder / FILE_NAME).stat().st_size
    yield GOOD, _("Berkas data: {size} MB, {count} catatan").format(
        size=number(round(size / 1e6)), count=number(here.entries))  # fmt: skip
    if health.is_whole(store):
        yield GOOD, _("Berkas data utuh.")
        yield from _rows(store, here)
    else:
        yield BAD, _("Berkas data rusak. Jangan hapus apa pun; pulihkan dari cadangan (kode E-02).")
    yield _chains(entries)
    for state, count in sorted(here.refused.items()):
        yield BAD, hall.refusal_words(state, count, label)
    yield from _centre(store, here)


def _rows(store: Store, here: hall.Self) -> Iterator[Finding]:
    with store.reading() as session:
        before = health.compared(session)
    if before is not None:
        last = health.words(before, lambda moment: moment.astimezone(here.zone))
        yield GOOD, _("Isi data sebelum ini: {words}").format(words=last)
    found = health.finding(health.compare_all(store))
    yield BAD if found else GOOD, found or _("Isi data cocok dengan jurnal.")


def _chains(entries: list[dict[str, object]]) -> Finding:
    found = journal.verify(entries)
    # A gap is an entry that has not come yet, a fork a copied disk: both are told, neither is tampering.
    broken = [one for one in found if one.kind in ("body", "link")]
    if broken:
        words = ngettext("{count} catatan berubah sesudah disimpan: {eids}",
                         "{count} catatan berubah sesudah disimpan: {eids}", len(broken))  # fmt: skip
        return BAD, words.format(count=number(len(broken)), eids=", ".join(one.eid for one in broken[:5]))
    return GOOD, _("Rantai {count} catatan utuh.").format(count=number(len(entries)))


def _centre(store: Store, here: hall.Self) -> Iterator[Finding]:
    try:
        where = address.load(store.folder)
    except UserError as problem:
        yield BAD, f"{problem.message} ({problem.code})"
        return
    if where is None:
        yield GOOD, _("PC ini berdiri sendiri.")
        return
    # psycopg is only loaded where there is somebody to call.
    from desktop.sync import inspection

    try:
        told = inspection.compare(store, where.connect)
    except UserError as problem:
        yield BAD, f"{problem.message} ({problem.code})"
        return
    yield GOOD, _("Pusat data menjawab di {hosts}.").format(hosts=", ".join(where.hosts))
    skew = abs(told.skew_ms) / 60_000
    off = skew * 60 > hall.MOST_SKEW.total_seconds()
    yield BAD if off else GOOD, _("Selisih jam: {count} menit.").format(count=number(round(skew)))
    yield GOOD, _("Belum terkirim: {count}.").format(count=number(told.pending))
    yield BAD if told.lacking else GOOD, _("Pernah diterima pusat, sekarang tidak ada di sana: {count}.").format(
        count=number(told.lacking))  # fmt: skip
    with store.reading() as session:
        around = hall.neighbours(session)
    for pc in around.pcs if around is not None else ():
        if pc.heard_at is not None:
            heard = pc.heard_at.astimezone(here.zone)
            yield GOOD, _("{counter}: terakhir terhubung {date} {time}, belum terkirim {count}").format(
                counter=pc.name, date=short_date(heard.date()), time=clock_time(heard), count=number(pc.pending)
            )  # fmt: skip
