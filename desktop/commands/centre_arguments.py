"""What ``main.py centre`` and ``main.py join`` can be asked; reading it costs nothing of what doing it needs."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from desktop import itself
from desktop.i18n import _

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def add_to(commands: Any) -> None:
    """Add ``centre`` and ``join`` to the program's commands."""
    join = commands.add_parser("join", help=_("gabungkan PC ini ke pusat data dengan berkas pendaftaran"))
    join.add_argument("file", type=Path, metavar="FILE.loket")
    centre = commands.add_parser("centre", help=_("pusat data: siapkan, daftarkan PC, cadangkan, pulihkan"))
    centre.add_argument(
        "--folder",
        type=Path,
        default=default_folder(),
        metavar="FOLDER",
        help=_("folder pengelolaan pusat data (bawaan: {folder})").format(folder=default_folder()),
    )
    acts = centre.add_subparsers(dest="act", metavar=_("PERINTAH"), required=True)
    _init(acts)
    _enrol(acts)
    revoke = _act(acts, "revoke", _("cabut izin sebuah PC seketika; yang sudah dikirimnya tetap ada"), changes=True)
    revoke.add_argument("name", metavar=_("NAMA"), help=_("nama PC seperti di centre status"))
    counter = _act(acts, "counter", _("ubah instansi yang dilayani sebuah PC"), changes=True)
    counter.add_argument("name", metavar=_("NAMA"), help=_("nama PC seperti di centre status"))
    counter.add_argument(
        "--agency",
        nargs="+",
        required=True,
        metavar=_("KODE"),
        help=_("semua instansinya sesudah ini, misalnya DKC PTS"),
    )
    _act(acts, "status", _("keadaan pusat data, tiap PC, dan yang perlu dikerjakan"))
    _backup(acts)
    recovery = _act(
        acts, "recovery", _("terima catatan PC yang sudah tidak ada dari PC lain yang masih menyimpannya"), changes=True
    )
    recovery.add_argument(
        "what", choices=["open", "close", "admit"], help=_("buka, tutup, atau terapkan milik satu PC")
    )
    recovery.add_argument("name", nargs="?", default="", metavar=_("NAMA"), help=_("untuk admit: nama PC"))
    recovery.add_argument("--hours", type=_hours, default=48, help=_("untuk open: lamanya dalam jam (bawaan 48)"))
    publish = _act(acts, "publish", _("terbitkan data mal ini, tanpa data pribadi, untuk satu provinsi"), changes=True)
    publish.add_argument("--server", type=Path, metavar="FILE", help=_("berkas berisi koneksi superuser server mal"))
    subscribe = _act(acts, "subscribe", _("ikuti sebuah mal dari basis data provinsi"), changes=True)
    subscribe.add_argument("name", metavar=_("NAMA"), help=_("nama singkat mal, misalnya kudus"))
    subscribe.add_argument("source", type=Path, metavar="FILE", help=_("berkas koneksi dari centre publish"))
    subscribe.add_argument("--server", type=Path, metavar="FILE", help=_("berkas berisi koneksi superuser provinsi"))
    _act(acts, "start", _("jalankan server pusat di PC ini (centre init --here)"))
    _act(acts, "stop", _("hentikan server pusat di PC ini"))


def default_folder() -> Path:
    """Where a centre is looked after from; root's own home is closed to the account that runs its server."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/loket-centre")
    return user_data_path("loket-centre", appauthor=False)


def to_type(folder: Path, act: str) -> str:
    """What the administrator of the centre in this folder types for an act."""
    where = "" if folder == default_folder() else f'--folder "{folder}" '
    return f"{itself.NAME} centre {where}{act}"


def _init(acts: Any) -> None:
    init = _act(acts, "init", _("siapkan pusat data baru, atau perbarui yang ada"), changes=True)
    where = init.add_mutually_exclusive_group(required=True)
    where.add_argument("--here", action="store_true", help=_("server di PC ini, hanya untuk program di PC ini"))
    where.add_argument(
        "--address",
        nargs="+",
        metavar="HOST",
        help=_("server PostgreSQL di jaringan: nama atau alamatnya, satu atau lebih"),
    )
    init.add_argument("--port", type=_port, help=_("port server (bawaan: 5432 di jaringan)"))
    init.add_argument("--programs", type=Path, metavar="FOLDER", help=_("folder program PostgreSQL lain untuk --here"))
    init.add_argument("--hall", default="", help=_("nama Mal Pelayanan Publik"))
    init.add_argument("--hall-code", default="3319", help=_("kode wilayahnya (bawaan 3319)"))
    init.add_argument("--timezone", choices=ZONES, default=ZONES[0], help=_("zona waktu mal: WIB, WITA atau WIT"))
    init.add_argument(
        "--agency", nargs="+", default=["DKC"], metavar=_("KODE"), help=_("instansi meja admin (bawaan DKC)")
    )
    init.add_argument("--officer", default="Admin", help=_("nama admin pertama; PIN ditanyakan"))


def _enrol(acts: Any) -> None:
    enrol = _act(acts, "enrol", _("daftarkan satu PC: menulis berkas pendaftaran dan mencetak kodenya"), changes=True)
    enrol.add_argument("name", metavar=_("NAMA"), help=_('nama loket, misalnya "Loket 07"'))
    enrol.add_argument(
        "--agency", nargs="+", default=[], metavar=_("KODE"), help=_("instansi yang dilayani, misalnya DKC")
    )
    enrol.add_argument("--booth", default="", help=_("gerai"))
    enrol.add_argument("--floor", default="", help=_("lantai"))
    enrol.add_argument("--admin", action="store_true", help=_("PC admin: boleh mengubah standar, petugas, dan loket"))
    enrol.add_argument(
        "--renew", action="store_true", help=_("izin baru untuk PC yang sudah terdaftar; yang lama gugur")
    )
    enrol.add_argument(
        "--out", type=Path, default=Path(), metavar="FOLDER", help=_("tempat berkasnya (bawaan: di sini)")
    )


def _backup(acts: Any) -> None:
    backup = _act(acts, "backup", _("buat cadangan dan baca kembali sampai habis"), changes=True)
    backup.add_argument(
        "--out", type=Path, metavar="FOLDER", help=_("tempat cadangan (bawaan: backups di folder pusat)")
    )
    restore = _act(acts, "restore", _("pulihkan cadangan ke basis data baru, lalu tukar"), changes=True)
    restore.add_argument("backup", type=Path, metavar="FOLDER", help=_("folder cadangan"))
    for one in (backup, restore):
        one.add_argument("--programs", type=Path, metavar="FOLDER", help=_("folder pg_dump dan pg_restore"))


def _act(acts: Any, name: str, said: str, *, changes: bool = False) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=said, description=said)
    if changes:
        parser.add_argument("--dry-run", action="store_true", help=_("hanya katakan apa yang akan dilakukan"))
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError("no port")
    return port


def _hours(text: str) -> int:
    hours = int(text)
    if not 0 < hours <= 24 * 31:
        raise ValueError("no span of a recovery")
    return hours
