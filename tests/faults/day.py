"""A day of a counter, seen from outside: who comes, what the hall does to the program, and a book of what was seen.

The program runs in a process of its own (officer.py). What is written here comes from its screen, from the printer and
from the plan, never from its data: reckoning.py compares the two.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from desktop import sample, settings
from desktop.operations import access
from desktop.settings import Printer, Settings
from desktop.store import Store
from tests.conftest import MORNING, Clock
from tests.faults.nursery import Life, Nursery
from tests.faults.officer import PIN, WRONG_PIN
from tests.faults.reckoning import Book, File, numbers_printed
from tests.printers.paper_printer import NO_PAPER, OFFLINE, PAPER_STOP, READY, Mood, PaperPrinter

FRIDAY = MORNING - timedelta(days=3)
EARLY, LATE, SUPERVISOR = "Rini Astuti", "Dewi Lestari", "Bambang Santoso"
# Of a hundred who come to the desk.
SHARES = {
    "new": 42, "short": 15, "second": 9, "repeat": 9, "next": 4, "parked": 3, "undone": 2, "corrected": 4, "voided": 2,
    "changed": 2, "reprinted": 3, "visited": 4, "scanned": 1,
}  # fmt: skip
PLAIN = ("new", "short", "repeat")  # what needs no paper of before
SERVICES = (
    "ktp el baru", "ktp el ganti", "kk baru", "kk perubahan", "akta kelahiran", "akta kematian", "kia",
    "pindah keluar", "legalisir", "ikd",
)  # fmt: skip
VISITS = {"1": "konsultasi", "2": "salah loket", "4": "pulang tanpa berkas"}
REPRINTS = {"2": "hilang", "3": "rusak"}
VOIDS = {"2": "berkas ganda", "3": "salah orang"}


class Hall:
    """The world around the counter that was set up in ``folder``: people, printer, tray and mains.

    ``how`` names what of ways.py is done to its program for a negative control or a measurement.
    """

    def __init__(self, folder: Path, nursery: Nursery, seed: int, people: int, *, how: str = "") -> None:
        self.folder, self.tray = folder, folder.with_name(f"{folder.name}-tray")
        self.luck, self.people, self.how = random.Random(seed), people, how
        self.crowd = sample.Hall(seed)
        self.printer = PaperPrinter()
        self.book = Book()
        self.now = FRIDAY
        self.cuts = 0
        self.officer = EARLY
        self.counter: Life | None = None
        self.nursery = nursery
        self.tray.mkdir()
        told = Settings(
            training=True,
            printer=Printer(kind="network", address=self.printer.address, paper="80mm"),
            second_printer=Printer(kind="pdf", folder=str(self.tray), keep_days=365),
        )
        settings.save(folder, told)

    # --- the program

    def start(self) -> None:
        self.counter = self.nursery.start("officer", str(self.folder), self.now.isoformat(), self.how)
        assert self._hear() == {"open": True}, "the next start is clean"
        self.book.lives.append([])

    def order(self, act: str, **given: Any) -> dict[str, Any]:
        """An act of the officer, and what was on the screen after it."""
        self._send(act, given)
        told = self._hear()
        assert told is not None and not told["trouble"], (act, given, told)
        if "kept" in told:
            self.book.f9.append({part: told[part] for part in ("kept", "shown", "by_hand") if part in told})
        return told

    def go_home(self) -> None:
        """Close the program as at the end of a day."""
        assert self.counter is not None and self.counter.end() == 0

    def close(self) -> None:
        self.printer.close()
        if self.counter is not None and not self.counter.is_over:
            self.kill()

    def kill(self) -> list[str]:
        """The mains are cut; what was on the screen until then."""
        assert self.counter is not None
        return self.counter.kill()

    def _send(self, act: str, given: dict[str, Any]) -> None:
        assert self.counter is not None
        self.now += timedelta(seconds=self.luck.randint(5, 20))
        print(json.dumps({"act": act, "at": self.now.isoformat(), **given}), file=self.counter.told, flush=True)
        self.now += timedelta(seconds=given.get("takes", 0))

    def _hear(self) -> dict[str, Any] | None:
        assert self.counter is not None
        line = self.counter.said.readline()
        return json.loads(line) if line else None

    # --- the day

    def live(self) -> Book:
        """Friday's three short files, then Monday from the first PIN to the summary."""
        self.start()
        self.order("sign_in", name=EARLY)
        for _person in range(3):
            self.short()
        self.order("wait")
        self.go_home()
        self.now = MORNING
        self.start()
        (refused,) = self.order("sign_in", name=EARLY, pins=[WRONG_PIN, PIN])["verdicts"]
        assert refused == "PIN salah. Sisa 4 kesempatan."
        for place, kind in enumerate(self.plan()):
            self.happens(place)
            self.comes(kind)
        self.close_day()
        return self.book

    def plan(self) -> list[str]:
        """Kinds of people in a seeded order; at least one of each, and the first few are ordinary."""
        deck = [kind for kind, share in SHARES.items() for _ in range(max(1, round(share * self.people / 100)))]
        self.luck.shuffle(deck)
        return ["new", "short", "new", *deck]

    def happens(self, place: int) -> None:
        """What the hall does to the program, at its share of the day."""
        mood, share = self.printer.mood, place / self.people
        events: dict[float, Callable[[], object]] = {
            0.12: lambda: _set(mood, answers={1: OFFLINE, 2: PAPER_STOP, 3: READY, 4: NO_PAPER}),
            0.22: lambda: _set(mood, answers=dict.fromkeys((1, 2, 3, 4), READY)),
            0.30: self.cut_power,
            0.36: self.look_at_the_figures,
            0.42: self.no_printer_at_all,
            0.55: self.lunch,
            0.70: lambda: _set(mood, dies_after=4000),
            0.78: lambda: _set(mood, dies_after=None),
        }
        before = (place - 1) / self.people
        for at, event in events.items():
            if before < at <= share:
                event()

    def comes(self, kind: str) -> None:
        getattr(self, kind)()
        self.look_at_the_machine()

    def look_at_the_machine(self) -> None:
        """How much memory the program holds, and how long its log is, as the system says."""
        assert self.counter is not None
        pages = int(Path(f"/proc/{self.counter.process}/statm").read_text().split()[1])
        self.book.lives[-1].append(pages * 4096)
        self.book.log_bytes = max(self.book.log_bytes, (self.folder / "loket.db-wal").stat().st_size)

    # --- people

    def person(self) -> dict[str, str]:
        drawn = self.crowd.person(MORNING.date())
        village = self.luck.choice(("baro", "kali"))
        return {"nik": drawn.nik, "name": drawn.name, "phone": drawn.phone, "village": village}

    def takes(self) -> int:
        return self.luck.randint(40, 90)

    def serve(self, person: dict[str, str], *, lacks: int = 0, **more: Any) -> File:
        told = self.order("serve", person=person, service=self.luck.choice(SERVICES), lacks=lacks, takes=self.takes(),
                          **more)  # fmt: skip
        return self.acknowledged(told, person)

    def acknowledged(self, told: dict[str, Any], person: dict[str, str]) -> File:
        """F9 was pressed: the number on the screen is a promise from now on."""
        assert told["is_clear"] and len(told["number"]) == 14, told
        first = "slip" if "LEMBAR KEKURANGAN" in told["promised"] else "receipt"
        file = File(told["number"], person["name"], person["nik"], told["service"], self.officer, first)
        self.book.files.append(file)
        return file

    def new(self) -> File:
        return self.serve(self.person())

    def short(self) -> File:
        return self.serve(self.person(), lacks=self.luck.choice((1, 1, 2)))

    def second(self) -> None:
        """The oldest short file is completed: scanned, or typed as people say it."""
        file = next((file for file in self.book.files if file.state == "RETURNED"), None)
        if file is None:
            self.short()
            return
        self.order("wait")
        told = self.order("come_back", number=file.number, takes=self.takes(), by_scan=self.luck.random() < 0.6)
        assert told["number"] == file.number, "a file keeps its number"
        file.state, file.papers, file.was_completed = "REGISTERED", file.papers + 1, True

    def repeat(self) -> None:
        """Somebody known comes for something else: the name is filled in."""
        known = self.luck.choice(self.book.files)
        self.serve({"nik": known.nik, "name": known.name, "phone": "", "village": "baro"})

    def next(self) -> None:
        """The same person asks for one service more."""
        person = self.person()
        self.serve(person)
        self.serve(person, begins="F6")

    def parked(self) -> None:
        """One is put aside while another is served, and fetched."""
        waiting = self.person()
        self.order("serve", person=waiting, service=self.luck.choice(SERVICES), ends="F7")
        self.new()
        self.acknowledged(self.order("fetch", takes=self.takes()), waiting)

    def undone(self) -> None:
        """F9 came too early: the number is void, and what was typed is finished under another."""
        person = self.person()
        file = self.serve(person)
        self.order("wait")
        told = self.order("undo")
        assert file.short in told["message"] and told["name"] == person["name"]
        file.state, file.void_reason = "VOID", "diurungkan"
        self.acknowledged(self.order("go_on", takes=self.takes(), changes=True), person)

    def corrected(self) -> None:
        """A name misheard: put right, and printed anew."""
        file = self.new()
        self.order("wait")
        right = f"{file.name} Putri"
        told = self.order("correct", number=file.number, name=right)
        assert told["question"].startswith("Data pada kertas berubah."), told
        file.name, file.papers = right, file.papers + 1
        self.book.corrections += 1

    def voided(self) -> None:
        file = self.new()
        self.order("wait")
        self.make_void(file)

    def make_void(self, file: File) -> None:
        digit = self.luck.choice(list(VOIDS))
        told = self.order("void", number=file.number, digit=digit)
        assert told["message"] == f"Berkas {file.short} dibatalkan. Tarik kertas {file.short} dari pemohon.", told
        file.state, file.void_reason = "VOID", VOIDS[digit]

    def changed(self) -> None:
        """The wrong service: a new number for the same people."""
        file = self.new()
        self.order("wait")
        told = self.order("change_service", number=file.number, service=self.luck.choice(SERVICES), takes=self.takes())
        self.acknowledged(told, {"name": file.name, "nik": file.nik})
        assert f"tarik kertas {file.short} dari pemohon" in told["message"]
        file.state, file.void_reason = "VOID", "salah layanan"

    def reprinted(self) -> None:
        file = self.new()
        self.order("wait")
        digit = self.luck.choice(list(REPRINTS))
        told = self.order("reprint", digit=digit)
        assert told["question"].startswith(f"Cetak lagi kertas {file.short}."), told
        file.papers += 1
        self.book.reprints.append(REPRINTS[digit])

    def visited(self) -> None:
        digit = self.luck.choice(list(VISITS))
        assert self.order("visit", digit=digit)["message"] == f"Kunjungan dicatat: {VISITS[digit]}."
        self.book.visits.append(VISITS[digit])

    def scanned(self) -> None:
        """Somebody asks how a file stands."""
        file = next(file for file in reversed(self.book.files) if file.state == "REGISTERED")
        assert file.short in self.order("scan", number=file.number)["answer"]

    # --- what happens to the hall

    def lunch(self) -> None:
        """Locked; somebody else sits down."""
        self.now += timedelta(minutes=40)
        self.change_to(LATE)
        self.officer = LATE

    def no_printer_at_all(self) -> None:
        """Roll and folder fail together: people are served, papers wait, and all of them come with Ctrl+P."""
        mood = self.printer.mood
        _set(mood, answers={1: OFFLINE, 2: READY, 3: READY, 4: READY})
        self.tray.rename(self.tray.with_name("aside"))
        self.tray.write_text("not a folder")
        for kind in self.luck.sample(PLAIN, 2):
            self.comes(kind)
        self.new()
        told = self.order("wait")
        assert "menunggu; tekan Ctrl+P bila sudah siap." in told["message"], told
        assert "Tulis nomor ini dengan tangan" in told["paper_state"], told
        self.tray.unlink()
        self.tray.with_name("aside").rename(self.tray)
        _set(mood, answers=dict.fromkeys((1, 2, 3, 4), READY))
        assert "lembar dikirim ke printer" in self.order("print_waiting")["message"]
        self.order("wait")

    def cut_power(self, within: float = 0.02) -> str:
        """In the middle of an F9: afterwards the file is there, or what was typed; and never both.

        ``within`` so many seconds of the key. The answer says how far it came: "seen" on the screen, "kept" or "typed".
        """
        person = self.person()
        self._send("serve", {"person": person, "service": self.luck.choice(SERVICES), "takes": self.takes(),
                             "is_watched": True})  # fmt: skip
        pressing = self._hear()
        assert pressing is not None
        service = pressing["pressing"]
        time.sleep(self.luck.uniform(0, within))
        said = self.kill()
        self.cuts += 1
        if said:
            told = json.loads(said[0])  # the whole line, or nothing: a line is written at once
            self.acknowledged(told, person)
        self.start()
        told = self.order("sign_in", name=self.officer)
        answers = 0
        while told["is_asking"]:  # a paper was on its way: look whether it came out
            answers += 1
            assert answers < 20, f"asked again and again: {told['message']}"
            number = self._number_of(told["message"].split()[2])
            papers = next((file.papers for file in self.book.files if file.number == number), 1)
            is_out = numbers_printed(self.printer.printed, self.tray, spoiled=self.cuts)[number] >= papers
            told = self.order("answer", digit="1" if is_out else "2")
        assert told["is_clear"] or not said, "what was kept is on the desk once more"
        if not said and told["is_clear"]:
            short, _space, name = told["recent"][0].partition("  ")
            assert name == person["name"], "neither kept nor put back on the desk"
            self.book.files.append(
                File(self._number_of(short), name, person["nik"], service, self.officer, "receipt")
            )
        elif not said:
            assert told["name"] == person["name"] and "sudah dipulihkan (1)" in told["message"], told
            self.acknowledged(self.order("go_on", takes=self.takes()), person)
        self.order("print_waiting")
        self.order("wait")
        return "seen" if said else "kept" if told["is_clear"] else "typed"

    def _number_of(self, short: str) -> str:
        """The whole number of what the screen says in five digits, today and on this PC."""
        return self.book.files[-1].number[6:9].join((f"{MORNING:%y%m%d}", short.replace("-", "")))

    def look_at_the_figures(self) -> None:
        """The supervisor comes by and prints how the day stands."""
        self.order("wait")
        self.change_to(SUPERVISOR)
        self.order("print_summary")
        self.change_to(self.officer)

    def change_to(self, name: str) -> None:
        assert self.order("lock")["locked"]
        assert self.order("sign_in", name=name)["verdicts"] == []

    def close_day(self) -> None:
        """The supervisor makes one of the morning's files void, and prints the summary."""
        self.change_to(SUPERVISOR)
        self.make_void(next(file for file in self.book.of(MORNING) if file.state == "REGISTERED"))
        self.order("wait")
        self.book.summary = Path(self.order("print_summary")["path"])
        self.look_at_the_machine()
        self.go_home()


def set_up(folder: Path) -> None:
    """A counter of the civil registry with three officers more."""
    store = Store.open(folder, clock=Clock(FRIDAY))
    _officer_id, desk = sample.make_hall(store)
    with store.saving(None) as session:
        for name, role in ((EARLY, "officer"), (LATE, "officer"), (SUPERVISOR, "supervisor")):
            access.add_officer(session, name=name, role=role, pin=PIN, agency_id=desk.agency_ids[0])
    store.close()


def _set(mood: Mood, **how: Any) -> None:
    for name, value in how.items():
        setattr(mood, name, value)
