"""How alembic writes our own column kinds into a new revision."""

from __future__ import annotations

from typing import Any, Literal

from desktop.models import kinds


def render_item(kind: str, item: Any, context: Any) -> str | Literal[False]:
    """``kinds.Moment()`` and its like, instead of what they are made of."""
    if kind == "type" and type(item).__module__ == kinds.__name__:
        context.imports.add("from desktop.models import kinds")
        return f"kinds.{type(item).__name__}()"
    return False
