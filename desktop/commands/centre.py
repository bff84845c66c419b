"""The administrator's acts on a centre: each says what it did, what it would do (``--dry-run``), or why it cannot."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg

from desktop import itself
from desktop.commands import centre_province as province
from desktop.commands import centre_status
from desktop.commands.centre_arguments import to_type
from desktop.errors import UserError
from desktop.i18n import N_, _, number
from desktop.operations import counters, setup
from desktop.operations.setup import APP_VERSION, FirstRun
from desktop.store import Store, utc_now
from desktop.sync import address, backup, central, enrolment, join, retention, server_files
from desktop.sync.address import trouble
from desktop.sync.link import Link
from desktop.sync.site import Site
from desktop.sync.worker import sync_once

ADMIN_DESK = N_("Administrasi")


def run(asked: argparse.Namespace) -> int:
    """Do what was asked of ``main.py centre``; UserError says why not."""
    acts: dict[str, Callable[[argparse.Namespace], None]] = {
        "init": init, "enrol": enrol, "revoke": revoke, "counter": counter, "status": status, "backup": make_backup,
        "restore": restore, "recovery": recovery, "publish": province.publish, "subscribe": province.subscribe,
        "start": start, "stop": stop,
    }  # fmt: skip
    with _said():
        acts[asked.act](asked)
    return 0


def join_hall(profile: Path, file: Path) -> int:
    """Make the PC of this profile what the enrolment file says; the code is asked."""
    code = _ask(_("Kode pendaftaran: "))
    with _said(), _open(profile) as store:
        found = enrolment.take(profile, file, code, now=utc_now())
        print(_("Terhubung. Mengambil data {hall} …").format(hall=found.hall_name), flush=True)
        _join(store, found.address)
    print(_("PC ini sekarang {label} di {hall}. Buka program seperti biasa: {program}").format(
        label=found.label, hall=found.hall_name, program=itself.name_for(profile)
    ))  # fmt: skip
    return 0


def init(asked: argparse.Namespace) -> None:
    """Prepare a centre, or bring an old one up to date; whatever is done already is left as it is."""
    if asked.dry_run:
        _plan(asked)
        return
    plan = FirstRun(counter_name=_(ADMIN_DESK), officer_name=asked.officer, hall_code=asked.hall_code,
                    agency_codes=tuple(code.upper() for code in asked.agency))  # fmt: skip
    plan = replace(plan, hall_name=asked.hall or plan.hall_name, timezone=asked.timezone)
    site = _prepare_site(asked, plan.hall_name)
    if site is None:
        return
    with site.connect() as connection:
        for line in central.plan(connection):
            print(line)
        central.install(connection)
        has_hall = central.status(connection).hall_name is not None
        with _open(site.profile) as store:
            if not has_hall:
                _first_run(store, plan)
            _enrol_own(site, store, connection, plan.counter_name)
            hall_name = central.status(connection).hall_name
    print(_("Pusat data {hall} siap di {hosts}. Berikutnya daftarkan tiap PC:").format(
        hall=hall_name, hosts=", ".join(site.hosts)
    ))  # fmt: skip
    print("  " + to_type(asked.folder, 'enrol "Loket 01" --agency DKC'))


def enrol(asked: argparse.Namespace) -> None:
    """Let a PC in: its counter is written and sent, its login made, its file written, its code shown."""
    site = Site(asked.folder)
    with site.connect() as connection:
        there = [node for node in central.nodes(connection) if node.label == asked.name and node.revoked_at is None]
        if bool(there) != asked.renew:
            raise UserError(
                _("{name} sudah terdaftar. Untuk izin baru bagi PC itu tambahkan --renew.").format(name=asked.name)
                if there
                else _("Tidak ada PC bernama {name} yang masih terdaftar.").format(name=asked.name)
            )
        path = asked.out / (re.sub(r"[^\w .-]", "-", asked.name) + enrolment.SUFFIX)
        if asked.dry_run:
            print(_("Akan mendaftarkan {name} dan menulis {path}.").format(name=asked.name, path=path))
            return
        made = central.renew(connection, asked.name) if asked.renew else _let_in(site, connection, asked)
        where = site.address_for(made.db_role, made.secret, made.node_id, now=utc_now())
        hall_name = central.status(connection).hall_name or ""
    code = enrolment.write(path, enrolment.Enrolment(where, hall_name, asked.name), now=utc_now())
    print(_("{name} terdaftar. Berkas: {path}").format(name=asked.name, path=path))
    print(_("Kode: {code}").format(code=code))
    print(_("Bawa berkas itu ke PC loket dan sebutkan kodenya lewat jalan lain. Di PC loket:"))
    print(f'  {itself.name_for(asked.profile)} join "{path.name}"')
    print(_("Berlaku {days} hari, untuk satu kali.").format(days=enrolment.DAYS))


def revoke(asked: argparse.Namespace) -> None:
    """Shut a PC out at once."""
    site = Site(asked.folder)
    own = address.load(site.profile)
    with site.connect() as connection:
        found = [node for node in central.nodes(connection) if asked.name in (node.label, node.node_id)]
        if own is not None and any(node.db_role == own.role for node in found):
            raise UserError(
                _("{name} adalah meja admin pusat ini sendiri; izinnya tidak dicabut.").format(name=asked.name)
            )
        if asked.dry_run:
            print(_("Akan mencabut izin {count} PC bernama {name}.").format(count=len(found), name=asked.name))
            return
        central.revoke(connection, asked.name)
    print(_("Izin {name} dicabut. Yang sudah dikirimnya tetap ada.").format(name=asked.name))


def counter(asked: argparse.Namespace) -> None:
    """Let a PC serve other agencies than before: what it may write and see, and what is offered at its counter."""
    site = Site(asked.folder)
    with site.connect() as connection, _desk(site) as (store, where):
        found = [node for node in central.nodes(connection) if node.label == asked.name and node.revoked_at is None]
        if not found:
            raise UserError(_("Tidak ada PC bernama {name} yang masih terdaftar.").format(name=asked.name))
        with store.reading() as session:
            serves = counters.agency_ids(session, asked.agency)
            now = counters.codes(session, serves)
            lost = counters.codes(session, set(found[-1].agency_ids) - set(serves))
        if asked.dry_run:
            print(_("Akan membuat {name} melayani {codes}.").format(name=asked.name, codes=", ".join(now)))
        else:
            sync_once(store, where.connect, app_version=APP_VERSION)
            applied = central.serve(connection, asked.name, serves)
            with store.saving(None) as session:
                for counter_id in {node.counter_id for node in found}:
                    counters.serve(session, counter_id, serves)
            sync_once(store, where.connect, app_version=APP_VERSION)
            print(_("{name} sekarang melayani {codes}.").format(name=asked.name, codes=", ".join(now)))
            if applied:
                print(_("{count} catatan yang disisihkan sudah diterapkan.").format(count=applied))
    if lost:
        print(
            _(
                "Data {codes} yang sudah ada di PC itu tetap ada di sana; yang baru tidak dikirim lagi ke sana. "
                "Bila harus hilang, siapkan PC itu dari awal."
            ).format(codes=", ".join(lost))
        )


def status(asked: argparse.Namespace) -> None:
    """How the centre stands and what wants doing."""
    site = Site(asked.folder)
    with site.connect() as connection:
        found = central.status(connection)
    for line in centre_status.lines(found, site, now=utc_now()):
        print(line)


def make_backup(asked: argparse.Namespace) -> None:
    """A backup that was read back to its end; then the centre lets go what it need not keep any longer."""
    site = Site(asked.folder)
    home = asked.out or site.backups
    if asked.dry_run:
        print(_("Akan membuat cadangan di {folder}.").format(folder=home))
        with site.connect() as connection:
            count = retention.let_go(connection, is_trial=True)
        print(_("Sesudah itu isi {count} versi lama akan dikosongkan.").format(count=number(count)))
        return
    made = backup.make(site, now=utc_now(), into=asked.out, programs=asked.programs)
    print(_("Cadangan dibuat dan dibaca kembali sampai habis: {folder} ({count} catatan).").format(
        folder=made.folder, count=made.entries
    ))  # fmt: skip
    print(_("Salin folder itu ke tempat lain. Isinya data pribadi dan kunci: simpan tertutup."))
    # Only now: what it empties is in a backup that was proven a moment ago.
    with site.connect() as connection:
        count = retention.let_go(connection)
    if count:
        words = _("Isi {count} versi yang diganti lebih dari 13 bulan lalu dikosongkan; yang berlaku tetap utuh.")
        print(words.format(count=number(count)))


def restore(asked: argparse.Namespace) -> None:
    """A backup in the place of the centre's database."""
    site = Site(asked.folder)
    if asked.dry_run:
        found = backup.read_about(asked.backup)
        print(_("Akan memulihkan cadangan {moment} ({count} catatan) ke basis data baru, lalu menukarnya.").format(
            moment=centre_status.moment(found.made_at), count=found.entries
        ))  # fmt: skip
        return
    aside = backup.restore(site, asked.backup, now=utc_now(), programs=asked.programs)
    print(_("Pusat data dipulihkan. Loket mengirim sendiri catatan yang belum ada di cadangan."))
    if aside is not None:
        print(_("Basis data lama disimpan sebagai {name} sampai pemulihan berikutnya.").format(name=aside))
    print(
        _("Bila ada PC yang hilang, buka penerimaan catatannya: {command}").format(
            command=to_type(asked.folder, "recovery open")
        )
    )


def recovery(asked: argparse.Namespace) -> None:
    """Open or close the window in which entries of PCs that are gone come in, or take in what one PC brought."""
    until = utc_now() + timedelta(hours=asked.hours)
    with Site(asked.folder).connect() as connection:
        nodes = [node for node in central.nodes(connection) if asked.name and asked.name in (node.label, node.node_id)]
        if asked.what == "admit" and not nodes:
            raise UserError(_("Tidak ada PC bernama {name}.").format(name=asked.name or "-"))
        if asked.dry_run:
            print(_("Pusat data tidak diubah; perintah ini dapat dijalankan."))
        elif asked.what == "open":
            central.open_recovery(connection, until)
            print(_("Catatan PC yang hilang diterima dari PC lain sampai {moment}.").format(
                moment=centre_status.moment(until)
            ))  # fmt: skip
        elif asked.what == "close":
            central.close_recovery(connection)
            print(_("Tiap PC kembali hanya mengirim catatannya sendiri."))
        else:
            count = sum(central.admit(connection, node.node_id) for node in nodes)
            print(_("{count} catatan {name} diterapkan.").format(count=count, name=asked.name))


def start(asked: argparse.Namespace) -> None:
    """Run this PC's own server."""
    site = Site(asked.folder)
    site.connect().close()
    print(_("Pusat data berjalan di {hosts}.").format(hosts=", ".join(site.hosts)))


def stop(asked: argparse.Namespace) -> None:
    """Stop this PC's own server."""
    site = Site(asked.folder)
    if site.server is None:
        raise UserError(_("Server pusat ini dijalankan di tempat lain; hentikan di sana."))
    site.server.stop()
    print(_("Pusat data berhenti. Loket tetap bekerja dan mengirim bila pusat berjalan lagi."))


def _prepare_site(asked: argparse.Namespace, hall_name: str) -> Site | None:
    """The site with its database reachable; None where somebody first has to set up the server."""
    if asked.here:
        site = Site.make_here(asked.folder, programs=asked.programs, port=asked.port)
        site.make_database()
        return site
    is_first = address.load(asked.folder) is None
    site = Site.make_for(asked.folder, asked.address, asked.port or 5432, hall_name, now=utc_now())
    if not is_first:
        return site
    print(_("Berkas untuk server ditulis di {folder}.").format(folder=site.server_files))
    for line in server_files.steps(site.server_files):
        print(line)
    return None


def _first_run(store: Store, plan: FirstRun) -> None:
    with store.reading() as session:
        if setup.is_ready(session):
            return
    # No later command changes these two; a hall elsewhere has to say so now.
    print(_("Kode wilayah {code}, zona waktu {zone}.").format(code=plan.hall_code, zone=plan.timezone), flush=True)
    while pin := _ask(_("PIN admin (6 angka): ")):
        try:
            with store.saving(None) as session:
                setup.first_run(session, replace(plan, officer_role="admin", pin=pin), setup.shipped_catalogue())
            return
        except UserError as problem:
            if problem.field != "pin":
                raise
            print(problem.message, file=sys.stderr, flush=True)
    raise UserError(_("Tanpa PIN belum ada yang dibuat. Jalankan lagi perintah ini."), field="pin")


def _enrol_own(site: Site, store: Store, connection: psycopg.Connection[tuple[object, ...]], label: str) -> None:
    """The centre's own counter file becomes a node of the centre: through it the administrator writes."""
    where = address.load(site.profile)
    if where is None:
        counter_id, agency_ids = _own_desk(store, connection, label)
        made = central.enrol(connection, label=label, agency_ids=agency_ids, is_admin=True, counter_id=counter_id)
        where = address.save(site.profile, site.address_for(made.db_role, made.secret, made.node_id, now=utc_now()))
    _join(store, where)


def _own_desk(
    store: Store, connection: psycopg.Connection[tuple[object, ...]], label: str
) -> tuple[str | None, list[str]]:
    """The administrator's counter and its agencies: just made here, or the one of a folder that was lost."""
    with store.reading() as session:
        desk = counters.named(session, label)
    if desk is not None:
        return desk.id, desk.agency_ids
    former = [node for node in central.nodes(connection) if node.may_write == "admin" and node.counter_id]
    return (former[-1].counter_id, former[-1].agency_ids) if former else (None, [])


def _let_in(
    site: Site, connection: psycopg.Connection[tuple[object, ...]], asked: argparse.Namespace
) -> central.Enrolment:
    with _desk(site) as (store, where):
        sync_once(store, where.connect, app_version=APP_VERSION)
        with store.saving(None) as session:
            serves = counters.agency_ids(session, asked.agency)
            desk = counters.ensure(session, asked.name, serves, booth=asked.booth, floor=asked.floor)
            counter_id = desk.id
        sync_once(store, where.connect, app_version=APP_VERSION)
    return central.enrol(connection, label=asked.name, agency_ids=serves, is_admin=asked.admin, counter_id=counter_id)


@contextmanager
def _desk(site: Site) -> Iterator[tuple[Store, address.Address]]:
    """The administrator's own file, and where its centre is."""
    where = address.load(site.profile)
    if where is None:
        raise UserError(
            _("Pusat data belum selesai disiapkan. Jalankan lagi: {command}").format(
                command=to_type(site.folder, "init")
            )
        )
    with _open(site.profile) as store:
        yield store, where


def _join(store: Store, where: address.Address) -> None:
    link = Link(where.connect())
    try:
        join.join(store, link, where.node_id, app_version=APP_VERSION)
    finally:
        link.close()


def _plan(asked: argparse.Namespace) -> None:
    try:
        site = Site(asked.folder)
    except UserError:
        where = "127.0.0.1" if asked.here else ", ".join(asked.address)
        print(_("Akan menyiapkan pusat data baru di folder {folder} untuk {hosts}.").format(
            folder=asked.folder, hosts=where
        ))  # fmt: skip
        return
    site.refuse_other_kind(is_here=asked.here)
    with site.connect() as connection:
        for line in central.plan(connection) or [_("Pusat data sudah siap; tidak ada yang perlu diubah.")]:
            print(line)


@contextmanager
def _open(profile: Path) -> Iterator[Store]:
    try:
        store = Store.open(profile)
    except UserError as problem:
        if problem.code != "E-01":
            raise
        raise UserError(_("Program sedang terbuka dengan data ini. Tutup jendelanya, lalu ulangi.")) from problem
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _said() -> Iterator[None]:
    """What the network or the server throws, as a sentence."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as problem:
        raise UserError(
            _("Server menolak: akun admin pusat kurang hak. Jalankan lagi owner.sql di server, lalu ulangi.")
        ) from problem
    except psycopg.OperationalError as problem:
        raise trouble(problem) from problem
    except psycopg.Error as problem:
        raise UserError(
            _("PostgreSQL menolak: {reason} Pusat data tidak diubah.").format(
                reason=problem.diag.message_primary or "-"
            )
        ) from problem
    except OSError as problem:
        raise UserError(
            _("{path} tidak dapat dibaca atau ditulis. Periksa izin folder atau ruang disk, lalu ulangi.").format(
                path=problem.filename or "-"
            )
        ) from problem


def _ask(question: str) -> str:
    """Typed unseen at a terminal; otherwise the next line of what is piped in."""
    if sys.stdin.isatty():
        return getpass.getpass(question)
    return sys.stdin.readline().strip()
