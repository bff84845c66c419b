"""The one thread that keeps this PC and the centre in step, and says in words how that stands."""

from __future__ import annotations

import contextlib
import logging
import random
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.models.base import record_classes
from desktop.store import Store
from desktop.sync import heal, memory, neighbours
from desktop.sync.address import UNREACHABLE, trouble
from desktop.sync.join import join
from desktop.sync.link import Link, Refused
from desktop.sync.pull import ask_for, pull, take_healed
from desktop.sync.push import push
from desktop.sync.seat import is_seated

log = logging.getLogger("loket.sync")

# Seconds. The bell usually rings first; a poll that finds nothing costs the centre a quarter of a millisecond.
POLL = 5.0
HELLO = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# After the bell: whoever rang it may still be committing, and one pull then serves several bells.
AFTER_THE_BELL = 0.12
# After news: a push that found the bell being rung may commit long after it, and rings no more.
ECHO = 0.5
# PostgreSQL lets every login ring: after so many bells in a row that brought nothing, one in so many seconds is heard.
FALSE_BELLS, DEAF = 3, 1.0

NOT_KEPT = N_(
    "Data dari pusat tidak dapat disimpan di PC ini: disk penuh atau berkas data bermasalah. Yang sudah tersimpan "
    "aman, dan pertukaran dicoba lagi. Periksa ruang disk; bila tetap begini, hubungi admin."
)
MISTAKE = N_(
    "Pertukaran data dengan pusat terhenti oleh kesalahan program, dan dicoba lagi. Pelayanan tetap jalan dan data "
    "aman di PC ini. Hubungi admin, sebutkan kode E-33."
)

# Address.connect: its UserError says why there is no connection.
Connect = Callable[[], psycopg.Connection[Any]]


@dataclass(frozen=True)
class Standing:
    """How this PC stands with its centre, for the status line (screens.md section 10).

    ``kind``: connecting, joining, in_step, sending, offline, refused, broken (by this PC's own disk, file or program).
    ``at``: when it was last in step; ``since``: when the network was lost, the centre refused or it broke off;
    ``pending``: entries the centre has not acknowledged; ``problem``: why it is refused or broken; ``skew_ms``: how far
    this PC's clock is ahead; ``parted``: this file went on under a new number code; ``came``: entries of the hall that
    have come while joining.
    """

    kind: str = "connecting"
    pending: int = 0
    at: datetime | None = None
    since: datetime | None = None
    skew_ms: int = 0
    problem: UserError | None = None
    refused_entries: int = 0
    parted: bool = False
    came: int = 0


class Worker:
    """``begin`` starts the thread; ``tell`` hears every change of the standing, in that thread.

    ``node_id`` is what the address says this PC is: a file that is not that node yet, or was cut off while it became
    it, joins first.
    """

    def __init__(self, store: Store, connect: Connect, tell: Callable[[Standing], None], *, app_version: str,
                 node_id: str = "", luck: random.Random | None = None) -> None:  # fmt: skip
        self._store, self._connect, self._tell, self._version = store, connect, tell, app_version
        self._node_id = node_id
        self._luck = luck or random.Random()
        self._records = frozenset(record_classes())
        self._stopping = threading.Event()
        self._looking = threading.Event()
        self._asked: list[tuple[str, Callable[[bool], None]]] = []
        # A pair of sockets, because ``select`` on Windows hears nothing else.
        self._bell, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._link: Link | None = None
        # Whether another PC's bell led to this turn, and how many such turns in a row brought nothing.
        self._was_rung, self._false_bells = False, 0
        # time.monotonic: when to look again after news.
        self._echo_at: float | None = None
        self.standing = Standing()

    def begin(self) -> None:
        """Start keeping in step."""
        self._store.listen(self._heard)
        self._thread.start()

    def close(self) -> None:
        """Stop; what is on its way is finished or will be sent again."""
        self._stopping.set()
        self.wake()
        if (link := self._link) is not None:
            link.shut()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._bell.close()
        self._wake.close()

    def wake(self) -> None:
        """Look at once: somebody saved, or asks to try again."""
        with contextlib.suppress(OSError):
            self._wake.send(b".")

    def look(self) -> None:
        """Learn now how the other PCs of the hall stand."""
        self._looking.set()
        self.wake()

    def ask(self, number: str, answer: Callable[[bool], None]) -> None:
        """Fetch a file that is not here; ``answer(found)`` in the sync thread, or False at once without a network."""
        if self.standing.kind in ("offline", "refused", "broken"):
            answer(False)
            return
        self._asked.append((number, answer))
        self.wake()

    # --- the thread

    def _heard(self, tables: frozenset[str]) -> None:
        if threading.current_thread() is not self._thread and tables & self._records:
            self.wake()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        with contextlib.suppress(UserError):
            self._note_start()
        while not self._stopping.is_set():
            was_in_step_at = self.standing.at
            try:
                self._turn()
            except UserError as problem:
                # This PC's own disk or file, which must not look as if all were in step.
                log.warning("the local file refused: %s", problem.code)
                self._break_off(UserError(_(NOT_KEPT), code=problem.code))
            except Exception:
                # A mistake of this program: without the thread nothing would be sent until the next start.
                log.exception("the exchange with the centre broke off")
                self._break_off(UserError(_(MISTAKE), code="E-33"))
            if self.standing.at != was_in_step_at:
                pause = FIRST_PAUSE
            self._answer_all(False)
            if self._stopping.is_set():
                return  # the window is gone, and perhaps the bell
            self._rest(pause * self._luck.uniform(0.8, 1.2))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _turn(self) -> None:
        """Connect, and keep in step until the link or the centre fails. UserError where this PC's own file does."""
        try:
            link = self._link = Link(self._connect())
        except UserError as problem:
            return self._down(problem)
        try:
            self._serve(link)
        except Refused as refused:
            self._down(refused)
        except psycopg.Error as problem:
            self._down(trouble(problem))
        finally:
            self._link = None
            link.close()

    def _note_start(self) -> None:
        with self._store.arriving() as connection:
            known = memory.read(connection)
            if known is not None and self._store.start_id not in known.starts:
                known.note_start(self._store.start_id)
                memory.write(connection, known)

    def _serve(self, link: Link) -> None:
        if self._stopping.is_set():
            return
        if not is_seated(self._store, self._node_id):
            self._join(link)
        link.listen()
        greet_at = 0.0
        while not self._stopping.is_set():
            moment = time.monotonic()
            greets = moment >= greet_at
            if greets:
                heal.greet(self._store, link)
                greet_at = moment + HELLO
            self._once(link, greets=greets)
            if greets:
                take_healed(self._store, link)
            if greets or self._looking.is_set():
                self._looking.clear()
                neighbours.take(self._store, link)
            self._answer(link)
            self._wait(link)

    def _join(self, link: Link) -> None:
        self._say(kind="joining", came=0, problem=None)
        with self._store.reading() as session:
            known = memory.read(session.connection())
        was_cut_off = known is not None and self._node_id in ("", *known.nodes)
        node_id = known.node if known is not None and was_cut_off else self._node_id
        join(self._store, link, node_id, app_version=self._version, progress=lambda came: self._say(came=came))

    def _once(self, link: Link, *, greets: bool) -> None:
        pending = self._pending()
        if pending and self.standing.kind != "sending":
            self._say(kind="sending", pending=pending)
        pushed = push(self._store, link, app_version=self._version, is_greeting=greets)
        if pushed.is_fork:
            heal.part(self._store, link, app_version=self._version)
            self._say(parted=True)
            push(self._store, link, app_version=self._version, is_greeting=True)
        came = pull(self._store, link)
        if came or self._was_rung:
            self._false_bells = 0 if came else self._false_bells + 1
        if came:
            self._echo_at = time.monotonic() + ECHO
        skew = pushed.skew_ms if pushed.skew_ms is not None else self.standing.skew_ms
        pending = self._pending()
        self._say(
            kind="sending" if pending else "in_step", pending=pending, at=self._store.clock(), since=None, skew_ms=skew,
            problem=None, refused_entries=self._refused_entries(),
        )  # fmt: skip

    def _wait(self, link: Link) -> None:
        """Until somebody saves here, the bell rings, or it is time to look."""
        self._was_rung = False
        if self._false_bells >= FALSE_BELLS and self._rest(DEAF):
            return
        # A bell that came with an answer is not heard at the door any more.
        if not (ringers := link.ringers()):
            doors = [self._bell.fileno(), link.fileno()]
            ready, _w, _x = select.select(doors, [], [], self._patience())
            if doors[0] in ready:
                self._drain()
            ringers = link.ringers()
        if ringers:
            select.select([self._bell], [], [], AFTER_THE_BELL)
            # What has rung by now is answered by the same pull.
            self._was_rung = bool((ringers | link.ringers()) - {link.number})

    def _patience(self) -> float:
        """Seconds until a look that nobody asks for."""
        usual = POLL * self._luck.uniform(0.8, 1.2)
        if self._echo_at is None:
            return usual
        left = self._echo_at - time.monotonic()
        if left <= 0:
            self._echo_at = None
            return 0.0
        return min(usual, left)

    def _rest(self, seconds: float) -> bool:
        """Wait so long, or until somebody saves here: whether that was first."""
        ready, _w, _x = select.select([self._bell], [], [], seconds)
        if ready:
            self._drain()
        return bool(ready)

    def _drain(self) -> None:
        with contextlib.suppress(OSError):
            self._bell.recv(4096)

    def _answer(self, link: Link) -> None:
        while self._asked:
            number, answer = self._asked[0]
            found = ask_for(self._store, link, number)
            self._asked.pop(0)
            self._call(answer, found)

    def _answer_all(self, found: bool) -> None:
        while self._asked:
            self._call(self._asked.pop(0)[1], found)

    def _down(self, problem: UserError) -> None:
        if self._stopping.is_set():
            return  # the file may be closed already
        log.info("no centre: %s", problem.code)
        since = self.standing.since or self._store.clock()
        if problem.code == UNREACHABLE:
            self._say(kind="offline", pending=self._pending(), since=since, problem=None)
        elif self.standing.problem is None or self.standing.problem.code != problem.code:
            self._say(kind="refused", pending=self._pending(), since=since, problem=problem)
        else:
            self._say(pending=self._pending())

    def _break_off(self, problem: UserError) -> None:
        if not self._stopping.is_set():
            self._say(kind="broken", since=self.standing.since or self._store.clock(), problem=problem)

    def _pending(self) -> int:
        with self._store.reading() as session:
            known = memory.read(session.connection())
            return memory.pending(session.connection(), known) if known is not None else 0

    def _refused_entries(self) -> int:
        with self._store.reading() as session:
            return memory.refused_own(session.connection())

    def _say(self, **changes: object) -> None:
        after = replace(self.standing, **changes)  # type: ignore[arg-type]
        if after != self.standing:
            self.standing = after
            self._call(self._tell, after)

    @staticmethod
    def _call(listener: Callable[[Any], None], news: object) -> None:
        try:
            listener(news)
        except Exception:
            log.exception("a listener failed")


def sync_once(store: Store, connect: Connect, *, app_version: str) -> int:
    """Push and pull to the end, once, in this thread; how many entries still wait. Raises as the link does."""
    link = Link(connect())
    try:
        heal.greet(store, link)  # a centre that was restored lacks what this PC sent since the backup
        push(store, link, app_version=app_version, is_greeting=True)
        pull(store, link)
    finally:
        link.close()
    with store.reading() as session:
        known = memory.read(session.connection())
        return memory.pending(session.connection(), known) if known is not None else 0
