"""Starts what main.py was asked for: the program, or one of the commands beside it. Owns no behaviour."""

from __future__ import annotations

import argparse
import contextlib
import gc
import sys
from collections.abc import Iterator
from pathlib import Path

from desktop import i18n, itself, settings
from desktop.commands import centre_arguments
from desktop.errors import UserError
from desktop.i18n import _


def main(argv: list[str]) -> int:
    """The whole program from its arguments to its exit code."""
    i18n.use(_language(argv))
    asked = _parser().parse_args(argv)
    try:
        if asked.command == "demo":
            if asked.counters > 1:
                from desktop.commands.demo_hall import run as demo_hall

                return demo_hall(asked.counters)
            from desktop.commands.demo import run as demo

            return demo()
        if asked.command == "doctor":
            from desktop.commands.doctor import run as doctor

            return doctor(asked.profile)
        if asked.command == "tour":
            from desktop.commands.tour import run as tour

            return tour(asked.folder)
        if asked.command == "centre":
            from desktop.commands.centre import run as centre

            return centre(asked)
        if asked.command == "join":
            from desktop.commands.centre import join_hall

            return join_hall(asked.profile, asked.file)
        if asked.command == "bench":
            from desktop.commands.bench import run as bench

            return bench(asked.names, quick=asked.quick, into=asked.json)
        with for_good():
            from desktop.commands.window import run as window

        return window(asked.profile, asked.settings, asked.place)
    except UserError as problem:
        print(problem.message, f"({problem.code})" if problem.code else "", file=sys.stderr)
        return 1


@contextlib.contextmanager
def for_good() -> Iterator[None]:
    """What is imported inside stays until the end, and the garbage collector never looks at it.

    It would stop everything, keys and saves as well, for a tenth of a second each time (measured: 172,000 objects).
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _language(argv: list[str]) -> str:
    """The language of this PC, known before the first sentence."""
    finder = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    finder.add_argument("--profile", type=Path, default=itself.PROFILE)
    try:
        return settings.load(finder.parse_known_args(argv)[0].profile).language
    except UserError:
        return "id"  # the window says what is wrong with the settings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=itself.NAME, description=_("Loket: penerimaan permohonan di loket Mal Pelayanan Publik.")
    )
    parser.add_argument(
        "--profile",
        type=Path,
        default=itself.PROFILE,
        metavar="FOLDER",
        help=_("folder data PC ini (bawaan: folder data pengguna)"),
    )
    parser.add_argument(
        "--settings",
        type=Path,
        metavar=_("BERKAS"),
        help=_("berkas yang mengatur PC ini pada pembukaan pertama, tanpa pertanyaan"),
    )
    parser.add_argument("--place", help=argparse.SUPPRESS)  # "2/3": the second of three windows side by side
    commands = parser.add_subparsers(dest="command", metavar=_("PERINTAH"))
    demo = commands.add_parser("demo", help=_("buka loket latihan berisi 45 hari contoh; data Anda tidak disentuh"))
    demo.add_argument("--counters", type=int, default=1, metavar="N",
                      help=_("N loket berdampingan dengan satu pusat data, jaringannya dapat diputus"))
    commands.add_parser("doctor", help=_("periksa data dan sambungan PC ini; tanpa data pribadi, untuk dukungan"))
    tour = commands.add_parser("tour", help=_("jalankan jendela sungguhan dan simpan gambar serta kertasnya di FOLDER"))
    tour.add_argument("folder", type=Path, metavar="FOLDER")
    centre_arguments.add_to(commands)
    if not itself.PACKAGED:
        bench = commands.add_parser(
            "bench", help=_("ukur kecepatan program dan bandingkan dengan yang paling sederhana")
        )
        bench.add_argument("names", nargs="*", metavar=_("NAMA"), help=_("yang diukur; kosong = semua"))
        bench.add_argument("--quick", action="store_true", help=_("lebih sedikit putaran, di bawah dua menit"))
        bench.add_argument("--json", type=Path, metavar="FILE", help=_("simpan angkanya di FILE"))
        # main.py answers these two before it comes here.
        commands.add_parser("test", help=_("jalankan semua pemeriksaan"))
        commands.add_parser("package", help=_("buat paket untuk dipasang di PC lain; package --help"))
    return parser
