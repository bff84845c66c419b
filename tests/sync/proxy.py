"""A TCP proxy before the server that fails as networks do; by a seed, or as it is told."""

from __future__ import annotations

import contextlib
import random
import select
import socket
import struct
import threading
import time
from collections import Counter

# refuse: no connection; reset: in the middle; half: our direction ends; stall: nothing moves any more, and nobody says
# so; slow: a trickle; deaf: what is asked arrives, the answer never does; cut: the answer is cut in its middle.
FAULTS = ("none", "refuse", "reset", "half", "stall", "slow", "deaf", "cut")


class Proxy:
    """Listens on a port of its own and passes on to ``target``; ``fault`` (or the luck) decides what happens."""

    def __init__(self, target: tuple[str, int], luck: random.Random | None = None) -> None:
        self.target, self.luck = target, luck
        self.fault = "none"
        self.seen: Counter[str] = Counter()
        self._late: tuple[float, float, random.Random] | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._stopping = threading.Event()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._stopping.set()
        self._listener.close()
        self.drop_all()
        for thread in self._threads:
            thread.join(timeout=5)

    def late(self, seconds: float, lost: float, luck: random.Random) -> None:
        """Everything takes so long from now on; such a share is lost on the way, and sent again by the system."""
        self._late = (seconds, lost, luck)

    def drop_all(self) -> None:
        """Every connection is reset now."""
        for pair in list(self._pairs):
            for end in pair:
                _reset(end)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                ready, _w, _x = select.select([self._listener], [], [], 0.2)
                client = self._listener.accept()[0] if ready else None
            except (OSError, ValueError):
                return
            if client is not None:
                fault = self.luck.choice(FAULTS) if self.luck is not None else self.fault
                after = self.luck.randrange(200, 20_000) if self.luck is not None else 0
                thread = threading.Thread(target=self._pass_on, args=(client, fault, after), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass_on(self, client: socket.socket, fault: str, after: int) -> None:
        if fault == "refuse":
            self.seen[fault] += 1
            _reset(client)
            return
        # ValueError: another thread has closed the socket that is waited for.
        with contextlib.suppress(OSError, ValueError):
            server = socket.create_connection(self.target)
            self._pairs.append((client, server))
            self._carry(client, server, fault, after)
            _reset(client)
            _reset(server)

    def _carry(self, client: socket.socket, server: socket.socket, fault: str, after: int) -> None:
        carried = 0
        while not self._stopping.is_set():
            # Whoever is told to heal lets even the stalled ones go on being dead: they stay until the reader gives up.
            ready, _w, _x = select.select([client, server], [], [], 0.2)
            for end in ready:
                data = end.recv(16_384)
                if not data:
                    return
                carried += len(data)
                self._be_late()
                strikes = fault != "none" and carried > after
                if not strikes:
                    (server if end is client else client).sendall(data)
                    continue
                self.seen[fault] += 1
                if fault == "reset":
                    return
                if fault == "half":
                    client.shutdown(socket.SHUT_WR)
                    return
                if fault == "stall":
                    self._until_gone(client)
                    return
                if fault == "cut" and end is server:
                    client.sendall(data[: len(data) // 2])
                    return
                if fault == "deaf" and end is server:
                    return
                if fault == "slow":
                    time.sleep(0.05)
                (server if end is client else client).sendall(data)

    def _be_late(self) -> None:
        if self._late is None:
            return
        seconds, lost, luck = self._late
        self.seen["late"] += 1
        is_lost = luck.random() < lost
        self.seen["lost"] += is_lost
        time.sleep(seconds * 2 if is_lost else seconds)

    def _until_gone(self, client: socket.socket) -> None:
        while not self._stopping.is_set():
            ready, _w, _x = select.select([client], [], [], 0.2)
            if ready and not client.recv(16_384):
                return


def _reset(end: socket.socket) -> None:
    """RST, not FIN: as when the other machine is switched off and on again."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.close()
