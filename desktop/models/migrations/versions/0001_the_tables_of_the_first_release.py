"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

from desktop.models import kinds

revision = "0001"
down_revision = None


def upgrade() -> None:
    records()
    # What only a PC keeps has no place at the centre.
    if op.get_bind().dialect.name == "sqlite":
        local_tables()


def records() -> None:
    op.create_table(
        "access_event",
        sa.Column("officer_id", sa.String(length=36), nullable=False),
        sa.Column("at", kinds.Moment(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.String(length=36), nullable=True),
        sa.Column("filter", kinds.Tree(), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_event")),
    )
    op.create_table(
        "agency",
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("queue_prefix", sa.String(length=4), nullable=True),
        sa.Column("week_days", kinds.Tree(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("policies", kinds.Tree(), nullable=False),
        sa.Column("pledge", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
    )
    op.create_table(
        "application",
        sa.Column("number", sa.String(length=14), nullable=False),
        sa.Column("device_code", sa.Integer(), nullable=False),
        sa.Column("on_date", kinds.Day(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("standard_id", sa.String(length=36), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=True),
        sa.Column("for_whom", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.String(length=36), nullable=False),
        sa.Column("received_at", kinds.Moment(), nullable=False),
        sa.Column("received_by", sa.String(length=36), nullable=False),
        sa.Column("previous_id", sa.String(length=36), nullable=True),
        sa.Column("batch_id", sa.String(length=36), nullable=True),
        sa.Column("is_outage_entry", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_on_date"), ["on_date"], unique=False)
    op.create_table(
        "clock_event",
        sa.Column("node_id", sa.String(length=36), nullable=False),
        sa.Column("at", kinds.Moment(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("step_ms", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_event")),
    )
    op.create_table(
        "correction",
        sa.Column("application_id", sa.String(length=36), nullable=False),
        sa.Column("about_table", sa.String(length=30), nullable=False),
        sa.Column("about_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("reason_code", sa.String(length=30), nullable=False),
        sa.Column("officer_id", sa.String(length=36), nullable=False),
        sa.Column("at", kinds.Moment(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_application_id"), ["application_id"], unique=False)
    op.create_table(
        "counter",
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("agency_ids", kinds.Tree(), nullable=False),
        sa.Column("booth", sa.String(length=80), nullable=True),
        sa.Column("floor", sa.String(length=40), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
    )
    op.create_table(
        "device_code",
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.String(length=36), nullable=False),
        sa.Column("since", kinds.Moment(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_code")),
    )
    op.create_table(
        "document_check",
        sa.Column("application_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("requirement_code", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("fault_code", sa.String(length=20), nullable=True),
        sa.Column("form", sa.String(length=12), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("is_extra", sa.Boolean(), nullable=False),
        sa.Column("due_on", kinds.Day(), nullable=True),
        sa.Column("checked_by", sa.String(length=36), nullable=False),
        sa.Column("checked_at", kinds.Moment(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_check")),
    )
    with op.batch_alter_table("document_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_check_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_check_checked_at"), ["checked_at"], unique=False)
    op.create_table(
        "hall",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=13), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("letterhead", kinds.Tree(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall")),
    )
    op.create_table(
        "holiday",
        sa.Column("on_date", kinds.Day(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decree_no", sa.String(length=120), nullable=True),
        sa.Column("is_tentative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
    )
    with op.batch_alter_table("holiday", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holiday_on_date"), ["on_date"], unique=False)
    op.create_table(
        "intake_detail",
        sa.Column("application_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("answers", kinds.Tree(), nullable=False),
        sa.Column("vulnerable_group", sa.String(length=20), nullable=True),
        sa.Column("help_needed", sa.String(length=20), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_detail")),
    )
    with op.batch_alter_table("intake_detail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_detail_application_id"), ["application_id"], unique=False)
    op.create_table(
        "node",
        sa.Column("counter_id", sa.String(length=36), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("app_version", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
    )
    op.create_table(
        "note",
        sa.Column("application_id", sa.String(length=36), nullable=False),
        sa.Column("about_table", sa.String(length=30), nullable=False),
        sa.Column("about_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("officer_id", sa.String(length=36), nullable=False),
        sa.Column("at", kinds.Moment(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_application_id"), ["application_id"], unique=False)
    op.create_table(
        "officer",
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column("initials", sa.String(length=4), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
    )
    op.create_table(
        "officer_private",
        sa.Column("officer_id", sa.String(length=36), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("staff_no", sa.String(length=30), nullable=True),
        sa.Column("position", sa.String(length=120), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_private")),
    )
    op.create_table(
        "paper_print",
        sa.Column("application_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("paper", sa.String(length=20), nullable=False),
        sa.Column("issue_no", sa.Integer(), nullable=False),
        sa.Column("copy_no", sa.Integer(), nullable=False),
        sa.Column("device_code", sa.Integer(), nullable=False),
        sa.Column("at", kinds.Moment(), nullable=False),
        sa.Column("officer_id", sa.String(length=36), nullable=False),
        sa.Column("reason_code", sa.String(length=30), nullable=True),
        sa.Column("salted_hash", sa.String(length=64), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_print")),
    )
    with op.batch_alter_table("paper_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_print_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_print_at"), ["at"], unique=False)
    op.create_table(
        "party",
        sa.Column("application_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("titles", sa.String(length=60), nullable=True),
        sa.Column("nik", sa.String(length=16), nullable=True),
        sa.Column("no_nik_reason", sa.String(length=20), nullable=True),
        sa.Column("id_kind", sa.String(length=20), nullable=True),
        sa.Column("id_no", sa.String(length=60), nullable=True),
        sa.Column("birth_date", kinds.Day(), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("village_code", sa.String(length=13), nullable=True),
        sa.Column("place_text", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("rt", sa.String(length=3), nullable=True),
        sa.Column("rw", sa.String(length=3), nullable=True),
        sa.Column("nib", sa.String(length=13), nullable=True),
        sa.Column("npwp", sa.String(length=22), nullable=True),
        sa.Column("seen_on_card", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_nik"), ["nik"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_phone"), ["phone"], unique=False)
    op.create_table(
        "service",
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_agency_id"), ["agency_id"], unique=False)
    op.create_table(
        "service_standard",
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decree_no", sa.String(length=120), nullable=True),
        sa.Column("decree_date", kinds.Day(), nullable=True),
        sa.Column("valid_from", kinds.Moment(), nullable=False),
        sa.Column("definition", kinds.Tree(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_standard")),
    )
    with op.batch_alter_table("service_standard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_standard_service_id"), ["service_id"], unique=False)
    op.create_table(
        "status_move",
        sa.Column("application_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("at", kinds.Moment(), nullable=False),
        sa.Column("reason_code", sa.String(length=30), nullable=True),
        sa.Column("officer_id", sa.String(length=36), nullable=False),
        sa.Column("authorised_by", sa.String(length=36), nullable=True),
        sa.Column("complete_at", kinds.Moment(), nullable=True),
        sa.Column("promised_at", kinds.Moment(), nullable=True),
        sa.Column("is_conditional", sa.Boolean(), nullable=False),
        sa.Column("replaced_by", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_move")),
    )
    with op.batch_alter_table("status_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_status_move_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_status_move_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_status_move_complete_at"), ["complete_at"], unique=False)
    op.create_table(
        "visit",
        sa.Column("application_id", sa.String(length=36), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.String(length=36), nullable=False),
        sa.Column("officer_id", sa.String(length=36), nullable=False),
        sa.Column("served_with", sa.String(length=36), nullable=True),
        sa.Column("standard_id", sa.String(length=36), nullable=True),
        sa.Column("queue_no", sa.String(length=12), nullable=True),
        sa.Column("called_at", kinds.Moment(), nullable=True),
        sa.Column("started_at", kinds.Moment(), nullable=False),
        sa.Column("parked_s", sa.Integer(), nullable=False),
        sa.Column("finished_at", kinds.Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=14), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_finished_at"), ["finished_at"], unique=False)
    op.create_table(
        "working_week",
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("from_date", kinds.Day(), nullable=False),
        sa.Column("weekdays", kinds.Tree(), nullable=False),
        sa.Column("hours", kinds.Tree(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("extra", kinds.Tree(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_week")),
    )


def local_tables() -> None:
    op.create_table(
        "application_now",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=14), nullable=False),
        sa.Column("said", sa.String(length=5), nullable=False),
        sa.Column("on_date", kinds.Day(), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=True),
        sa.Column("counter_id", sa.String(length=36), nullable=False),
        sa.Column("received_at", kinds.Moment(), nullable=False),
        sa.Column("received_by", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("state_at", kinds.Moment(), nullable=True),
        sa.Column("complete_at", kinds.Moment(), nullable=True),
        sa.Column("promised_at", kinds.Moment(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("first_outcome", sa.String(length=14), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("applicant", sa.String(length=200), nullable=True),
        sa.Column("nik", sa.String(length=16), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_now")),
    )
    with op.batch_alter_table("application_now", schema=None) as batch_op:
        batch_op.create_index("ix_application_now_counter", ["counter_id", "received_at"], unique=False)
        batch_op.create_index("ix_application_now_day", ["on_date", "agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_now_nik"), ["nik"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_now_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_now_said"), ["said"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_now_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_now_state"), ["state"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("officer_id", sa.String(length=36), nullable=False),
        sa.Column("at", kinds.Moment(), nullable=False),
        sa.Column("is_parked", sa.Boolean(), nullable=False),
        sa.Column("content", kinds.Tree(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_table(
        "journal",
        sa.Column("eid", sa.String(length=36), nullable=False),
        sa.Column("lane", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=True),
        sa.Column("origin", sa.String(length=36), nullable=False),
        sa.Column("start_id", sa.String(length=36), nullable=False),
        sa.Column("hlc", sa.BigInteger(), nullable=False),
        sa.Column("ehlc", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("op", sa.String(length=8), nullable=False),
        sa.Column("base", sa.String(length=36), nullable=True),
        sa.Column("schema_v", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.String(length=36), nullable=True),
        sa.Column("payload", sa.String(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("arr", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("eid", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_hash"), ["hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_lane"), ["lane"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_row_id"), ["row_id"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", kinds.Tree(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "officer_secret",
        sa.Column("officer_id", sa.String(length=36), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("wait_until", kinds.Moment(), nullable=True),
        sa.Column("last_sign_in_at", kinds.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_officer_secret")),
    )
    op.create_table(
        "print_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("print_id", sa.String(length=36), nullable=False),
        sa.Column("at", kinds.Moment(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_job_print_id"), ["print_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_print_job_state"), ["state"], unique=False)
    op.create_table(
        "requirement_line",
        sa.Column("standard_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name_id", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("standard_id", "code", name=op.f("pk_requirement_line")),
    )
    op.create_table(
        "search_row",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party_id", sa.String(length=36), nullable=False),
        sa.Column("application_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_search_row")),
        sa.UniqueConstraint("party_id", name=op.f("uq_search_row_party_id")),
    )
    op.create_table(
        "serial",
        sa.Column("device_code", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on_date", kinds.Day(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device_code", "on_date", name=op.f("pk_serial")),
    )
    op.create_table(
        "village",
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=False),
        sa.Column("postal_code", sa.String(length=5), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_village")),
    )
