"""What is half typed: kept on this PC until it is finished, so that neither a call nor a power cut loses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import new_id, now, plain
from desktop.models.local import Draft


def keep(
    session: Session,
    officer_id: str,
    content: Mapping[str, Any],
    *,
    draft_id: str | None = None,
    is_parked: bool = False,
) -> str:
    """Keep or replace a draft and return its id; ``content`` is the screen's own JSON."""
    draft = session.get(Draft, draft_id) if draft_id else None
    if draft is None:
        draft = Draft(id=draft_id or new_id())
        session.add(draft)
    draft.officer_id, draft.at, draft.is_parked, draft.content = officer_id, now(session), is_parked, dict(content)
    return draft.id


def drafts(session: Session, *, is_parked: bool | None = None) -> list[Draft]:
    """The drafts on this PC, newest first; parked ones only, or unfinished ones only, where asked."""
    query = select(Draft).order_by(Draft.at.desc())
    if is_parked is not None:
        query = query.where(Draft.is_parked == is_parked)
    return list(session.scalars(query))


def drop(session: Session, draft_id: str) -> None:
    """The draft became a file, or was emptied on purpose."""
    plain(session, "DELETE FROM draft WHERE id = ?", draft_id, changes="draft")
