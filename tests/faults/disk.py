"""A disk as any loss of power could have left it: what was not synced is dropped, torn or out of order.

``record`` runs a program under strace; ``Disk`` lives its system calls again, one by one. A sync makes a file's bytes
durable, a sync of a folder its names and what was done to names before them. Until then each sector may hold any of the
contents it was given, and of the changes of names any first part may have happened: a disk may be better than that,
never worse. A folder is there as soon as something lies in it.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
NAMING = ("openat", "rename", "unlink", "unlinkat")
LIVED = (*NAMING, "close", "lseek", "write", "pwrite64", "sendfile", "ftruncate", "fsync", "fdatasync")
# What would change a disk as well, and is not to be done in the folder while nobody has taught it to ``Disk``.
STRANGE = ("creat", "link", "symlink", "renameat", "renameat2", "truncate", "fallocate", "writev", "pwritev",
           "pwritev2", "copy_file_range", "splice")  # fmt: skip
LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)")
SENT = re.compile(r"\d+, (\d+), \[(\d+)\]")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
SECTORS = (512, 4096)


@dataclass(frozen=True)
class Call:
    """A system call that came back well: its name, its file or folder, the texts, numbers and flags it was given."""

    name: str
    handle: int
    texts: tuple[bytes, ...]
    given: str
    result: int

    def number(self, place: int) -> int:
        """The argument so many commas from the end."""
        return int(self.given.rsplit(",", place)[-place].strip())


def record(folder: Path, module: str, *arguments: str) -> list[Call]:
    """Run a module of the tests on this folder, and give every call that could change a disk."""
    told = folder.with_suffix(".strace")
    watched = "trace=" + ",".join((*LIVED, *STRANGE))
    command = ["strace", "-f", "--seccomp-bpf", "-xx", "-s", "4000000", "-e", watched, "-o", str(told)]
    command += [sys.executable, "-m", module, str(folder), *arguments]
    subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    return list(calls(told))


def calls(told: Path) -> Iterator[Call]:
    with told.open(encoding="ascii") as lines:
        for line in lines:
            assert "unfinished" not in line, "a recorded program has one thread"
            found = LINE.match(line)
            if found is None or found[3].startswith("-"):
                continue
            texts = tuple(bytes.fromhex(text.replace("\\x", "")) for text in TEXT.findall(found[2]))
            given = TEXT.sub("", found[2])
            handle = re.match(r"\d+", given)
            yield Call(found[1], int(handle[0]) if handle else -1, texts, given, int(found[3]))


@dataclass(eq=False)
class Content:
    """The bytes of one file: as they are for sure, and what was written since."""

    synced: bytearray = field(default_factory=bytearray)
    now: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes]] = field(default_factory=list)  # each write: where, what
    sizes: list[int] = field(default_factory=list)

    def write(self, at: int, data: bytes) -> None:
        if len(self.now) < at:
            self.now.extend(bytes(at - len(self.now)))
        self.now[at : at + len(data)] = data
        self.since.append((at, data))
        self.sizes.append(len(self.now))

    def cut(self, size: int) -> None:
        del self.now[size:]
        self.now.extend(bytes(size - len(self.now)))
        self.sizes.append(size)

    def sync(self) -> None:
        self.synced = bytearray(self.now)
        self.since, self.sizes = [], []

    def torn(self, luck: random.Random) -> bytes:
        """Each sector as one of the writes since the last sync left it, or as it was before them all."""
        sector, kept = luck.choice(SECTORS), luck.random()
        cache = bytearray(self.synced)
        versions: dict[int, list[bytes]] = {}
        for at, data in self.since:
            end = at + len(data)
            cache.extend(bytes(max(0, end - len(cache))))
            cache[at:end] = data
            for place in range(at // sector, (end - 1) // sector + 1):
                versions.setdefault(place, []).append(bytes(cache[place * sector : (place + 1) * sector]))
        content = bytearray(self.synced)
        for place, came in versions.items():
            if luck.random() < kept:
                chosen = luck.choice(came)
                content.extend(bytes(max(0, place * sector + len(chosen) - len(content))))
                content[place * sector : place * sector + len(chosen)] = chosen
        size = luck.choice([len(self.synced), *self.sizes, len(self.now)])
        return bytes(content[:size]) + bytes(max(0, size - len(content)))


Names = dict[str, Content]


class Disk:
    """A folder whose calls are lived again."""

    def __init__(self, folder: Path) -> None:
        self.root = str(folder)
        self.synced: Names = {}
        for path in folder.rglob("*"):
            if path.is_file():
                self.synced[str(path)] = Content(bytearray(path.read_bytes()), bytearray(path.read_bytes()))
        # Each change of names since a sync: the folders it was in, and the names after it.
        self.steps: list[tuple[set[str], Names]] = []
        self._open: dict[int, tuple[str, Content | None, int]] = {}

    @property
    def names(self) -> Names:
        return self.steps[-1][1] if self.steps else self.synced

    def live(self, call: Call) -> bool:
        """One more call; whether it changed what a power cut would leave."""
        if call.name in STRANGE:
            assert self.root.encode() not in b"".join(call.texts) and call.handle not in self._open, call
            return False
        if call.name in NAMING:
            path = call.texts[0].decode()
            if call.handle in self._open:
                path = os.path.join(self._open[call.handle][0], path)
            return path.startswith(self.root) and (self._opened if call.name == "openat" else self._renamed)(call, path)
        return call.handle in self._open and self._handled(call)

    def _opened(self, call: Call, path: str) -> bool:
        content = self.names.get(path)
        is_new = content is None and "O_CREAT" in call.given
        if is_new:
            content = Content()
            self._step({**self.names, path: content}, path)
        if "O_TRUNC" in call.given and content is not None:
            content.cut(0)
        self._open[call.result] = (path, content, 0)
        return is_new

    def _renamed(self, call: Call, path: str) -> bool:
        if "AT_REMOVEDIR" in call.given:
            return False
        goes = call.texts[1].decode() if call.name == "rename" else ""
        after = {}
        for name, content in self.names.items():
            if name != path and not name.startswith(f"{path}/"):
                after.setdefault(name, content)
            elif goes:
                after[goes + name[len(path) :]] = content
        self._step(after, path, goes)
        return True

    def _step(self, after: Names, *paths: str) -> None:
        self.steps.append(({os.path.dirname(path) for path in paths}, after))

    def _sync_names(self, folder: str) -> None:
        last = max((place for place, (folders, _after) in enumerate(self.steps) if folder in folders), default=-1)
        if last >= 0:
            self.synced = self.steps[last][1]
            del self.steps[: last + 1]

    def _handled(self, call: Call) -> bool:
        path, content, at = self._open[call.handle]
        if call.name == "close":
            del self._open[call.handle]
        elif call.name == "lseek":
            self._open[call.handle] = (path, content, call.result)
        elif content is None:
            self._sync_names(path)  # all that can be done to a folder
        elif call.name in ("write", "sendfile"):
            content.write(at, call.texts[0][: call.result] if call.texts else self._sent(call))
            self._open[call.handle] = (path, content, at + call.result)
        elif call.name == "pwrite64":
            content.write(call.number(1), call.texts[0][: call.result])
        elif call.name == "ftruncate":
            content.cut(call.number(1))
        else:
            content.sync()
        return call.name not in ("close", "lseek")

    def _sent(self, call: Call) -> bytes:
        said = SENT.match(call.given)
        assert said is not None, call.given
        source, at = map(int, said.groups())
        content = self._open[source][1]
        assert content is not None, call.given
        return bytes(content.now[at : at + call.result])

    def written(self) -> dict[str, bytes]:
        """What was written, by path: the content of the disk while the power is on."""
        return {path: bytes(content.now) for path, content in self.names.items()}

    def left(self, luck: random.Random) -> dict[str, bytes]:
        """What one power cut leaves, by path."""
        way = luck.choice(("all", "none", "torn", "torn", "torn"))
        if way == "none":
            return {path: bytes(content.synced) for path, content in self.synced.items()}
        if way == "all":
            return self.written()
        names = luck.choice([self.synced, *(after for _folders, after in self.steps)])
        return {path: content.torn(luck) for path, content in names.items()}


def digest(left: dict[str, bytes]) -> bytes:
    told = hashlib.blake2b(digest_size=16)
    for path, content in sorted(left.items()):
        told.update(f"{path} {len(content)} ".encode() + content)
    return told.digest()


def cuts(disk: Disk, calls: Sequence[Call], states: int, luck: random.Random) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Different disks that a loss of power could have left, about so many, each after so many of the calls.

    One in five is left after the last call, when all was acknowledged.
    """
    seen = set[bytes]()
    for place, call in enumerate(calls, start=1):
        is_last = place == len(calls)
        if not disk.live(call) and not is_last:
            continue
        share = states / 5 if is_last else 2 * (states - len(seen)) / (len(calls) - place + 1)
        for _cut in range(int(share) + (luck.random() < share % 1)):
            left = disk.left(luck)
            if (mark := digest(left)) not in seen:
                seen.add(mark)
                yield place, left


def lay(left: dict[str, bytes], folder: Path) -> None:
    """Let the folder hold this and nothing else."""
    shutil.rmtree(folder)
    for path, content in left.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)
