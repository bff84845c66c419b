"""``centre publish`` at a hall and ``centre subscribe`` at a province (desktop/sync/province.py)."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from desktop.errors import UserError
from desktop.i18n import _
from desktop.sync import private, province
from desktop.sync.address import DATABASE
from desktop.sync.site import Site

FILE_NAME = "province.conn"


def publish(asked: argparse.Namespace) -> None:
    """Publish this hall, and write the file with which a province follows it."""
    site = Site(asked.folder)
    path = asked.folder / FILE_NAME
    if asked.dry_run:
        print(_("Akan menerbitkan data mal tanpa data pribadi dan menulis {path}.").format(path=path))
        return
    with _superuser(site, asked.server) as connection:
        login = province.publish(connection)
        port, database = connection.info.port, connection.info.dbname
    source = make_conninfo(
        host=",".join(site.hosts), port=port, dbname=database, user=login.role, password=login.secret,
        **({} if site.server is not None else {"sslmode": "verify-full"}),
    )  # fmt: skip
    private.write(path, source.encode())
    print(_("Data mal ini diterbitkan. Berkas koneksi: {path}").format(path=path))
    print(_("Isinya rahasia: bawa ke server provinsi dengan aman, lalu hapus di sini."))
    print(_("Di pg_hba.conf server ini tambahkan:"))
    print(f"  hostssl {database} {login.role} <IP provinsi>/32 scram-sha-256")


def subscribe(asked: argparse.Namespace) -> None:
    """Follow a hall from the province's own centre."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", asked.name):
        raise UserError(_("Nama mal terdiri dari huruf kecil, angka dan garis bawah, misalnya kudus."))
    source = _read(asked.source)
    if asked.dry_run:
        host = conninfo_to_dict(source).get("host")
        print(_("Akan mengikuti mal {hall} di {host}.").format(hall=asked.name, host=host))
        return
    with _superuser(Site(asked.folder), asked.server) as connection:
        province.subscribe(connection, asked.name, source)
    print(_("Mal {hall} diikuti. Angka hariannya ada di tampilan province.day.").format(hall=asked.name))


@contextmanager
def _superuser(site: Site, file: Path | None) -> Iterator[psycopg.Connection[Any]]:
    """The packaged server's own superuser, or the one whose connection stands in ``file``."""
    if file is None and site.server is None:
        raise UserError(
            _(
                "Ini memerlukan superuser PostgreSQL. Tulis koneksinya ke sebuah berkas (host=… user=postgres "
                "password=… dbname={database}), lalu tambahkan --server BERKAS."
            ).format(database=DATABASE)
        )
    if file is None:
        site.connect().close()  # starts it where it is down
    told = _read(file) if file is not None else site.server.dsn(DATABASE) if site.server is not None else ""
    with psycopg.connect(told, autocommit=True) as connection:
        yield connection


def _read(path: Path) -> str:
    try:
        told = path.read_text(encoding="utf-8").strip()
        conninfo_to_dict(told)
    except (OSError, UnicodeDecodeError, psycopg.ProgrammingError) as problem:
        raise UserError(_("Berkas koneksi {path} tidak terbaca.").format(path=path)) from problem
    return told
