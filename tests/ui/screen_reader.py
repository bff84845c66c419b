"""What a screen reader hears of the real window: the accessibility bus is read in a process of its own.

Run within a D-Bus session and an X display; prints one JSON line per step of ``STEPS``: what has the focus, what can be
found by going through the window, and what was announced meanwhile.
"""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from ctypes import POINTER, byref, c_char_p, c_int, c_uint64, c_void_p
from typing import Any

PATIENCE_S = 20
STEPS = (
    "press F2", "type 3319075203890003", "type Siti Aminah", "press Enter", "type 081234567890", "press Enter",
    "press Enter", "press Enter", "type 2", "type 3", "type *", "type -2", "say Berkas 0041-7 tersimpan.",
)  # fmt: skip

atspi = ctypes.CDLL("libatspi.so.0")
gobject = ctypes.CDLL("libgobject-2.0.so.0")
glib = ctypes.CDLL("libglib-2.0.so.0")
for name in ("get_name", "get_description", "get_role_name"):
    getattr(atspi, f"atspi_accessible_{name}").restype = c_void_p
    getattr(atspi, f"atspi_accessible_{name}").argtypes = [c_void_p, c_void_p]
atspi.atspi_get_desktop.restype = c_void_p
atspi.atspi_accessible_get_child_count.argtypes = [c_void_p, c_void_p]
atspi.atspi_accessible_get_child_at_index.restype = c_void_p
atspi.atspi_accessible_get_child_at_index.argtypes = [c_void_p, c_int, c_void_p]
atspi.atspi_accessible_get_state_set.restype = c_void_p
atspi.atspi_accessible_get_state_set.argtypes = [c_void_p]
atspi.atspi_accessible_clear_cache.argtypes = [c_void_p]
atspi.atspi_state_set_contains.argtypes = [c_void_p, c_int]
atspi.atspi_event_listener_new.restype = c_void_p
atspi.atspi_event_listener_register.argtypes = [c_void_p, c_char_p, c_void_p]
gobject.g_value_get_string.restype = c_char_p
gobject.g_value_get_string.argtypes = [c_void_p]
glib.g_free.argtypes = [c_void_p]
FOCUSED, SHOWING = 12, 25  # ATSPI_STATE_*


class Value(ctypes.Structure):
    _fields_ = [("type", c_uint64), ("data", c_uint64 * 2)]


class Event(ctypes.Structure):
    _fields_ = [("type", c_char_p), ("source", c_void_p), ("detail1", c_int), ("detail2", c_int), ("any_data", Value)]


announced: list[str] = []


@ctypes.CFUNCTYPE(None, POINTER(Event), c_void_p)
def heard(event: Any, _data: Any) -> None:
    said = gobject.g_value_get_string(byref(event.contents.any_data))
    announced.append((said or b"").decode())


def word(node: int, of: str) -> str:
    """A text of a node; empty where it is gone by now."""
    pointer = getattr(atspi, f"atspi_accessible_{of}")(node, None)
    if not pointer:
        return ""
    said = ctypes.string_at(pointer).decode()
    glib.g_free(pointer)
    return said


def children(node: int) -> Iterator[int]:
    for place in range(max(0, atspi.atspi_accessible_get_child_count(node, None))):
        child = atspi.atspi_accessible_get_child_at_index(node, place, None)
        if child:
            yield child


def walk(node: int) -> Iterator[dict[str, Any]]:
    """Everything that is shown under a node, as a reader would say it."""
    states = atspi.atspi_accessible_get_state_set(node)
    if not states or not atspi.atspi_state_set_contains(states, SHOWING):
        return
    yield {
        "role": word(node, "get_role_name"), "name": word(node, "get_name"), "about": word(node, "get_description"),
        "focused": bool(atspi.atspi_state_set_contains(states, FOCUSED)),
    }  # fmt: skip
    for child in children(node):
        yield from walk(child)


def wait_for_window() -> int:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for program in children(atspi.atspi_get_desktop(0)):
            if word(program, "get_name") == "Loket":
                for window in children(program):
                    return window
        listen(0.1)
    sys.exit("no window was told of")


def listen(seconds: float) -> None:
    """Let events arrive."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        while glib.g_main_context_iteration(None, False):
            pass
        time.sleep(0.01)


def main() -> None:
    window = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.spoken_window", sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert window.stdin is not None and window.stdout is not None
    window.stdout.readline()
    atspi.atspi_init()
    listener = atspi.atspi_event_listener_new(heard, None, None)
    atspi.atspi_event_listener_register(listener, b"object:announcement", None)
    shown = wait_for_window()
    for step in STEPS:
        announced.clear()
        window.stdin.write(step + "\n")
        window.stdin.flush()
        window.stdout.readline()
        listen(0.3)
        atspi.atspi_accessible_clear_cache(shown)
        print(json.dumps({"step": step, "nodes": list(walk(shown)), "announced": list(announced)}), flush=True)
    window.stdin.close()
    window.wait(PATIENCE_S)


if __name__ == "__main__":
    main()
