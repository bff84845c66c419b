"""How far each lane of the centre was read, what it put aside, and edits that met."""

import sqlalchemy as sa
from alembic import op

from desktop.models import kinds

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_table(
        "lane_position",
        sa.Column("lane", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("arr", sa.BigInteger(), nullable=False),
        sa.Column("dig", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lane_position")),
    )
    op.create_table(
        "refused_entry",
        sa.Column("eid", kinds.Key(), nullable=False),
        sa.Column("state", sa.String(length=5), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("eid", name=op.f("pk_refused_entry")),
    )
    op.create_index("ix_journal_base", "journal", ["base"], sqlite_where=sa.text("base IS NOT NULL"))
