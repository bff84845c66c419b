"""What the disk and the file refuse, as a sentence: damaged, not to be written, full, busy (E-02, E-05 to E-07)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from desktop.errors import UserError
from desktop.i18n import _


def cannot_write(folder: Path) -> UserError:
    """The world's fault where the folder of a counter takes nothing (code E-05)."""
    return UserError(
        _(
            "Loket tidak dapat menulis di folder {folder}. Data yang sudah ada tidak berubah. "
            "Periksa izin folder atau ruang disk, lalu buka lagi."
        ).format(folder=folder),
        code="E-05",
    )


def full() -> UserError:
    """The disk has no room for what was just saved (code E-06)."""
    return UserError(
        _(
            "Disk PC ini penuh atau bermasalah. Yang terakhir belum tersimpan; data sebelumnya aman. "
            "Kosongkan ruang disk, lalu ulangi."
        ),
        code="E-06",
    )


def _busy() -> UserError:
    return UserError(
        _(
            "Data sedang dipakai program lain. Yang terakhir belum tersimpan; data sebelumnya aman. "
            "Tunggu sebentar, lalu ulangi."
        ),
        code="E-07",
    )


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Turn what the disk and the file say into a sentence; SQLite has already undone the transaction."""
    try:
        yield
    except PoolTimeout as problem:
        raise _busy() from problem
    except (DatabaseError, driver.DatabaseError) as problem:
        said = str(problem.orig if isinstance(problem, DatabaseError) else problem)
        if "disk is full" in said or "disk I/O" in said:
            raise full() from problem
        if "readonly" in said or "unable to open" in said:
            raise UserError(
                _(
                    "Berkas data tidak dapat ditulis. Yang terakhir belum tersimpan; data sebelumnya aman. "
                    "Periksa izin folder, atau hubungi admin."
                ),
                code="E-05",
            ) from problem
        if "locked" in said or "busy" in said:
            raise _busy() from problem
        if "not a database" in said or "malformed" in said:
            raise UserError(
                _(
                    "Berkas data di PC ini rusak, atau kuncinya bukan miliknya. Jangan hapus apa pun. "
                    "Catat permohonan di formulir darurat dan hubungi admin untuk memulihkan cadangan."
                ),
                code="E-02",
            ) from problem
        raise
