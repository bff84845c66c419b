"""Indexes for what is asked of a file of ten years."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"


def upgrade() -> None:
    has_reason = sa.text("reason_code IS NOT NULL")
    op.create_index(
        "ix_status_move_reason", "status_move", ["at"], sqlite_where=has_reason,
        postgresql_where=has_reason,
    )  # fmt: skip
    op.create_index("ix_correction_at", "correction", ["at"])
    op.create_index("ix_access_event_application_id", "access_event", ["application_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_application_now_day", "application_now")
        op.create_index("ix_application_now_day", "application_now", ["on_date", "agency_id", "service_id"])
