"""Files that hold a secret: for this account only, and whole after a power cut."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from desktop.folder import sync


def write(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write ``data`` so that a power cut leaves the old file or the new one, and the new one once this returns.

    OSError where the folder refuses.
    """
    # mkstemp makes the file for this account alone and never follows a link that somebody laid there.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(draft, mode)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    sync(path.parent)
