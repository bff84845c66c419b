"""From a catalogue's bytes to plain lists, dictionaries and texts: bounded YAML, and the line of every part.

A file is somebody else's: mistyped, cut off by a transfer, or made to harm. Nothing here trusts it: limits on size,
depth and number, no aliases, no tags, and every scalar a text, so that ``no`` and ``012`` stay what was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from desktop.errors import UserError
from desktop.i18n import _, ngettext, number

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
MAX_NODES = 50_000
MAX_TEXT = 2_000
# A file with more faults than this is another kind of file: the first ones tell enough.
MAX_PROBLEMS = 100

Place: TypeAlias = tuple[str | int, ...]
Found: TypeAlias = tuple[int, str]


class CatalogueError(UserError):
    """The file was refused; ``problems`` are (line, sentence) in the order of the file."""

    def __init__(self, problems: list[Found]) -> None:
        self.problems = sorted(problems)[:MAX_PROBLEMS]
        line, sentence = self.problems[0]
        count = len(problems)
        first = _("Baris {line}: {sentence}").format(line=number(line), sentence=sentence)
        more = ngettext(" (dan {count} kesalahan lain)", " (dan {count} kesalahan lain)", count - 1)
        super().__init__(
            _("Katalog ditolak; tidak ada yang berubah. {first}").format(first=first)
            + (more.format(count=number(count - 1)) if count > 1 else ""),
            field="catalogue",
        )


def _decoded(source: Path | bytes) -> str:
    if isinstance(source, Path):
        try:
            with source.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as problem:
            raise UserError(
                _("Berkas katalog tidak dapat dibaca ({reason}). Tidak ada yang berubah.").format(
                    reason=problem.strerror or type(problem).__name__
                ),
                field="catalogue",
            ) from problem
    else:
        data = source
    if len(data) > MAX_BYTES:
        raise CatalogueError([(1, _("Berkas lebih besar dari 1 MiB."))])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise CatalogueError([(line, _("Berkas bukan teks UTF-8."))]) from None


class _Tree:
    """Walks the parser's events once: own limits, no aliases, no tags, every scalar a string."""

    def __init__(self, text: str) -> None:
        # The pure parser is the same grammar, only slower; libyaml is in every wheel.
        loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
        self._nodes = 0
        self.lines: dict[Place, int] = {}
        self.found: list[Found] = []

    def document(self) -> Any:
        next(self._events)  # the stream starts
        if isinstance(event := next(self._events), yaml.StreamEndEvent):
            raise CatalogueError([(1, _("Berkas kosong."))])
        value = self._node(next(self._events), (), 1)
        next(self._events)  # the document ends
        if not isinstance(event := next(self._events), yaml.StreamEndEvent):
            raise CatalogueError([(_at(event), _("Berkas memuat lebih dari satu dokumen YAML."))])
        return value

    def _node(self, event: yaml.Event, path: Place, depth: int) -> Any:
        line = _at(event)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise CatalogueError([(line, _("Berkas memuat lebih dari {count} butir.").format(count=number(MAX_NODES)))])
        if depth > MAX_DEPTH:
            sentence = _("Susunan lebih dalam dari {depth} tingkat.").format(depth=MAX_DEPTH)
            raise CatalogueError([(line, sentence)])
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CatalogueError([(line, _("Tanda & dan * (alias YAML) tidak boleh dipakai."))])
        if (tag := getattr(event, "tag", None)) and not _CORE_TAG.fullmatch(tag):
            raise CatalogueError([(line, _("Jenis {tag} tidak boleh dipakai.").format(tag=tag[:80]))])
        self.lines.setdefault(path, line)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(event, (*path, len(items)), depth + 1))
            return items
        return self._mapping(path, depth)

    def _mapping(self, path: Place, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _at(event)
            key = self._node(event, (*path, ""), depth + 1)
            if not isinstance(key, str):
                raise CatalogueError([(line, _("Nama kunci harus berupa teks."))])
            if key in entries:
                self.found.append((line, _("Kunci {key} ditulis dua kali.").format(key=key[:60])))
            self.lines[(*path, key)] = line
            entries[key] = self._node(next(self._events), (*path, key), depth + 1)
        return entries

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> str | None:
        if event.implicit[0] and event.value in ("", "~", "null", "Null", "NULL"):
            return None
        if len(event.value) > MAX_TEXT:
            sentence = _("Teks lebih panjang dari {count} huruf.").format(count=number(MAX_TEXT))
            self.found.append((line, sentence))
            return None
        text = " ".join(event.value.split())
        if any(unicodedata.category(c) in _HIDDEN for c in text):
            self.found.append((line, _("Teks memuat tanda yang tidak terlihat.")))
        return text


_CORE_TAG = re.compile(r"tag:yaml\.org,2002:(str|int|float|bool|null|seq|map)")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})


def _at(event: yaml.Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1


def plain_tree(source: Path | bytes) -> tuple[Any, dict[Place, int], list[Found]]:
    """The file as plain lists, dictionaries and texts, the line of each of its places, and what was wrong already.

    CatalogueError where it cannot be read on.
    """
    text = _decoded(source)
    tree = _Tree(text)
    try:
        value = tree.document()
    except yaml.YAMLError as problem:
        mark: Any = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
        position = getattr(problem, "position", None)
        before = position if isinstance(position, int) else 0
        line = mark.line + 1 if mark is not None else text.count("\n", 0, before) + 1
        detail = getattr(problem, "problem", None) or getattr(problem, "reason", None) or type(problem).__name__
        sentence = _("Susunan YAML salah ({detail}).").format(detail=detail)
        raise CatalogueError([*tree.found, (line, sentence)]) from None
    return value, tree.lines, tree.found


def line_of(lines: Mapping[Place, int], path: tuple[str | int, ...]) -> int:
    """The line of what the path names, or of the nearest thing around it that is in the file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
