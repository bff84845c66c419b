"""What is shown: the only room that knows Qt."""

import ctypes
import sys

if sys.version_info < (3, 12):
    # Every Signal.emit of PySide6 6.12 returns True without counting the reference, and Python below 3.12 aborts once
    # none is left: after some hundred signals, in the middle of a day. From 3.12 on True is immortal by itself.
    for _lent in (True, False):
        ctypes.c_ssize_t.from_address(id(_lent)).value += 1 << 40
