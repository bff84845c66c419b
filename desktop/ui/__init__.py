"""What is shown: the only room that knows Qt."""

import ctypes
import sys

if sys.version_info < (3, 12):
    # Every Signal.emit of PySide6 6.12 gives True away without counting the reference, and every method without a
    # result gives None away. Python below 3.12 aborts once none is left: after some hundred signals, in the middle of a
    # day. From 3.12 on these objects are immortal by themselves.
    for _lent in (True, False, None):
        ctypes.c_ssize_t.from_address(id(_lent)).value += 1 << 40
