"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from fieldcrm.base.data import audit, types
from fieldcrm.base.data.search import index

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("device", sa.String(length=32), nullable=True),
        sa.Column("subject_id", sa.String(length=32), nullable=True),
        sa.Column("codes", types.Json(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "callback",
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("policy_id", sa.String(length=32), nullable=True),
        sa.Column("policy_number", types.Words(), nullable=True),
        sa.Column("product_held", types.Words(), nullable=True),
        sa.Column("called_at", types.Instant(), nullable=False),
        sa.Column("attempt_number", sa.BigInteger(), nullable=True),
        sa.Column("result", types.Words(), nullable=True),
        sa.Column("maturity_explained", sa.Boolean(), nullable=True),
        sa.Column("conversion_explained", sa.Boolean(), nullable=True),
        sa.Column("conversion_offer", types.Words(), nullable=True),
        sa.Column("intention", types.Words(), nullable=True),
        sa.Column("objection", types.Words(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_time", types.Words(), nullable=True),
        sa.Column("next_way", types.Words(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("valid", sa.Boolean(), nullable=True),
        sa.Column("filled_on", sa.Date(), nullable=True),
        sa.Column("serial_number", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.String(length=32), nullable=True),
        sa.Column("next_step_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
    )
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.create_index("ix_callback_called_at", ["deleted_at", "called_at", "id"], unique=False)
        batch_op.create_index("ix_callback_client_id", ["client_id", "called_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_callback_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_callback_policy_id", ["policy_id", "called_at"], unique=False)

    op.create_table(
        "channel",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("name_key", types.Words(), nullable=True),
        sa.Column("type", types.Words(), nullable=False),
        sa.Column("dealer_kind", types.Words(), nullable=True),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("contact_name", types.Words(), nullable=True),
        sa.Column("phone", types.Words(), nullable=True),
        sa.Column("province", types.Words(), nullable=True),
        sa.Column("city", types.Words(), nullable=True),
        sa.Column("district", types.Words(), nullable=True),
        sa.Column("address", types.Words(), nullable=True),
        sa.Column("agreement_number", types.Words(), nullable=True),
        sa.Column("agreement_signed_on", sa.Date(), nullable=True),
        sa.Column("agreement_ends_on", sa.Date(), nullable=True),
        sa.Column("signatories", types.Words(), nullable=True),
        sa.Column("licence_number", types.Words(), nullable=True),
        sa.Column("licence_expires_on", sa.Date(), nullable=True),
        sa.Column("exclusive_team", sa.Boolean(), nullable=True),
        sa.Column("asset_potential", types.Words(), nullable=True),
        sa.Column("staff_potential", types.Words(), nullable=True),
        sa.Column("life_table_model", types.Words(), nullable=True),
        sa.Column("loss_ratio", types.Words(), nullable=True),
        sa.Column("survey", types.Words(), nullable=True),
        sa.Column("score", types.Words(), nullable=True),
        sa.Column("score_class", types.Words(), nullable=True),
        sa.Column("colour", types.Words(), nullable=True),
        sa.Column("stars", sa.BigInteger(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index("ix_channel_list", ["deleted_at", "name_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "channel_premium",
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("line", types.Words(), nullable=True),
        sa.Column("premium_fen", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_premium")),
    )
    with op.batch_alter_table("channel_premium", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_premium_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_premium_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "channel_score",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("quarter", types.Words(), nullable=True),
        sa.Column("scored_on", sa.Date(), nullable=False),
        sa.Column("cooperating", sa.Boolean(), nullable=True),
        sa.Column("score", types.Words(), nullable=True),
        sa.Column("score_class", types.Words(), nullable=True),
        sa.Column("colour", types.Words(), nullable=True),
        sa.Column("stars", sa.BigInteger(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_score")),
    )
    with op.batch_alter_table("channel_score", schema=None) as batch_op:
        batch_op.create_index("ix_channel_score_channel_id", ["channel_id", "scored_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_score_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "channel_score_item",
        sa.Column("dimension", types.Words(), nullable=True),
        sa.Column("item", types.Words(), nullable=False),
        sa.Column("weight", types.Words(), nullable=False),
        sa.Column("score", types.Words(), nullable=True),
        sa.Column("standard", types.Words(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_score_item")),
    )
    with op.batch_alter_table("channel_score_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_score_item_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_score_item_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "client",
        sa.Column("type", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("name_key", types.Words(), nullable=True),
        sa.Column("grade", types.Words(), nullable=True),
        sa.Column("tags", types.Json(), nullable=True),
        sa.Column("wechat", types.Words(), nullable=True),
        sa.Column("email", types.Words(), nullable=True),
        sa.Column("province", types.Words(), nullable=True),
        sa.Column("city", types.Words(), nullable=True),
        sa.Column("district", types.Words(), nullable=True),
        sa.Column("address", types.Words(), nullable=True),
        sa.Column("postcode", types.Words(), nullable=True),
        sa.Column("latitude", types.Words(), nullable=True),
        sa.Column("longitude", types.Words(), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("do_not_call", sa.Boolean(), nullable=True),
        sa.Column("preferred_time", types.Words(), nullable=True),
        sa.Column("source_type", types.Words(), nullable=True),
        sa.Column("source_outlet", types.Words(), nullable=True),
        sa.Column("source_channel", types.Words(), nullable=True),
        sa.Column("referred_by_id", sa.String(length=32), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("sex", types.Words(), nullable=True),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("lunar_birthday", sa.Boolean(), nullable=True),
        sa.Column("id_number", types.Words(), nullable=True),
        sa.Column("occupation", types.Words(), nullable=True),
        sa.Column("income_band", types.Words(), nullable=True),
        sa.Column("family_notes", types.Words(), nullable=True),
        sa.Column("credit_code", types.Words(), nullable=True),
        sa.Column("industry", types.Words(), nullable=True),
        sa.Column("key_industry", types.Words(), nullable=True),
        sa.Column("ranks", types.Json(), nullable=True),
        sa.Column("present_insurers", types.Words(), nullable=True),
        sa.Column("insurance_expires_on", sa.Date(), nullable=True),
        sa.Column("loss_experience", types.Words(), nullable=True),
        sa.Column("survey_notes", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(
            "ix_client_credit_code",
            ["credit_code"],
            unique=False,
            sqlite_where=sa.text("credit_code IS NOT NULL"),
            postgresql_where=sa.text("credit_code IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_client_grade",
            ["grade", "id", "deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.create_index(
            "ix_client_id_number",
            ["id_number"],
            unique=False,
            sqlite_where=sa.text("id_number IS NOT NULL"),
            postgresql_where=sa.text("id_number IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_client_insurance_expires_on",
            ["insurance_expires_on", "id"],
            unique=False,
            sqlite_where=sa.text("insurance_expires_on IS NOT NULL"),
            postgresql_where=sa.text("insurance_expires_on IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_client_list",
            ["name_key", "id", "type", "grade", "deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.create_index(
            "ix_client_birth_on",
            ["birth_on"],
            unique=False,
            sqlite_where=sa.text("birth_on IS NOT NULL"),
            postgresql_where=sa.text("birth_on IS NOT NULL"),
        )
        batch_op.create_index("ix_client_name", ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "client_contact",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("role", types.Words(), nullable=True),
        sa.Column("phone", types.Words(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_contact")),
    )
    with op.batch_alter_table("client_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_contact_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_contact_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "client_phone",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("label", types.Words(), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_phone")),
    )
    with op.batch_alter_table("client_phone", schema=None) as batch_op:
        batch_op.create_index("ix_client_phone_number", ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_phone_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_phone_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "client_relation",
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("role", types.Words(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_relation")),
    )
    with op.batch_alter_table("client_relation", schema=None) as batch_op:
        batch_op.create_index("ix_client_relation_client_id", ["client_id"], unique=False)
        batch_op.create_index("ix_client_relation_other_id", ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_relation_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("policy_id", sa.String(length=32), nullable=True),
        sa.Column("policy_number", types.Words(), nullable=True),
        sa.Column("received_at", types.Instant(), nullable=False),
        sa.Column("source", types.Words(), nullable=True),
        sa.Column("category", types.Words(), nullable=True),
        sa.Column("point", types.Words(), nullable=True),
        sa.Column("severity", types.Words(), nullable=True),
        sa.Column("mis_selling_suspected", sa.Boolean(), nullable=True),
        sa.Column("complex", sa.Boolean(), nullable=True),
        sa.Column("extension_approved", sa.Boolean(), nullable=True),
        sa.Column("estimated_compensation_fen", sa.BigInteger(), nullable=True),
        sa.Column("handling_opinion", types.Words(), nullable=True),
        sa.Column("irregular_surrender", sa.Boolean(), nullable=True),
        sa.Column("compensation_fen", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("status", types.Words(), nullable=False),
        sa.Column("client_opinion", types.Words(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("filled_on", sa.Date(), nullable=True),
        sa.Column("serial_number", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_client_id", ["client_id", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_complaint_status", ["deleted_at", "status", "received_at", "id"], unique=False)

    op.create_table(
        "complaint_pause",
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_pause")),
    )
    with op.batch_alter_table("complaint_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_pause_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_pause_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "complaint_step",
        sa.Column("happened_at", types.Instant(), nullable=False),
        sa.Column("person", types.Words(), nullable=True),
        sa.Column("what", types.Words(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_step")),
    )
    with op.batch_alter_table("complaint_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_step_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_step_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "field", name=op.f("pk_conflict")),
    )
    op.create_table(
        "contact",
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=True),
        sa.Column("result", types.Words(), nullable=True),
        sa.Column("summary", types.Words(), nullable=True),
        sa.Column("objection", types.Words(), nullable=True),
        sa.Column("next_step_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_client_id", ["client_id", "started_at", "deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "ix_contact_started_at",
            ["started_at", "id", "client_id", "deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "diary",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figures", types.Json(), nullable=True),
        sa.Column("happened", types.Words(), nullable=True),
        sa.Column("problems", types.Words(), nullable=True),
        sa.Column("help_wanted", types.Words(), nullable=True),
        sa.Column("plan_tomorrow", types.Words(), nullable=True),
        sa.Column("evening_notes", types.Words(), nullable=True),
        sa.Column("countersigned_at", types.Instant(), nullable=True),
        sa.Column("countersigned_by_id", sa.String(length=32), nullable=True),
        sa.Column("countersign_remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary")),
    )
    with op.batch_alter_table("diary", schema=None) as batch_op:
        batch_op.create_index("ix_diary_day", ["deleted_at", "day", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_diary_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "diary_note",
        sa.Column("written_at", types.Instant(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("words", types.Words(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_note")),
    )
    with op.batch_alter_table("diary_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_diary_note_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_diary_note_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("state", types.Json(), nullable=False),
        sa.Column("saved_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_draft")),
    )
    op.create_table(
        "list_look",
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("state", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "name", name=op.f("pk_list_look")),
    )
    op.create_table(
        "edit",
        sa.Column("operation_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("clock", sa.String(length=36), nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("parents", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "position", name=op.f("pk_edit")),
    )
    with op.batch_alter_table("edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edit_record_id"), ["record_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("requested_at", types.Instant(), nullable=False),
        sa.Column("accepted_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_enrolment")),
    )
    op.create_table(
        "field_head",
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("clock", sa.String(length=36), nullable=False),
        sa.Column("value", types.Json(), nullable=True),
        sa.PrimaryKeyConstraint("record_id", "field", "clock", name=op.f("pk_field_head")),
    )
    op.create_table(
        "goal",
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("measure", types.Words(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("rate", types.Words(), nullable=True),
        sa.Column("base", types.Words(), nullable=True),
        sa.Column("figure", types.Words(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_goal_period", ["deleted_at", "from_on", "to_on"], unique=False)

    op.create_table(
        "handout",
        sa.Column("template_id", sa.String(length=32), nullable=False),
        sa.Column("template_version", types.Words(), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("received_by", types.Words(), nullable=True),
        sa.Column("way", types.Words(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handout")),
    )
    with op.batch_alter_table("handout", schema=None) as batch_op:
        batch_op.create_index("ix_handout_client_id", ["client_id", "given_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_handout_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "handout_template",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("version", types.Words(), nullable=False),
        sa.Column("body", types.Json(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handout_template")),
    )
    with op.batch_alter_table("handout_template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handout_template_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "identity",
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("person_name", types.Words(), nullable=False),
        sa.Column("unit_name", types.Words(), nullable=False),
        sa.Column("last_clock", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_identity")),
    )
    op.create_table(
        "import",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_table(
        "operation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("action", types.Words(), nullable=False),
        sa.Column("mode", sa.String(length=4), nullable=False),
        sa.Column("undoes", sa.String(length=32), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.Column("import_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        sa.UniqueConstraint("device", "seq", name=op.f("uq_operation_device")),
    )
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.create_index("ix_operation_at", ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_operation_import_id"), ["import_id"], unique=False)

    op.create_table(
        "package",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("operations", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("conflicts", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("details", types.Json(), nullable=True),
        sa.Column("tip_seq", sa.BigInteger(), nullable=True),
        sa.Column("tip_hash", sa.String(length=64), nullable=True),
        sa.Column("import_id", sa.String(length=32), nullable=True),
        sa.Column("held", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
    )
    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_package_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_package_device"), ["device"], unique=False)

    op.create_table(
        "peer",
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("relation", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("person_name", types.Words(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("unit_name", types.Words(), nullable=False),
        sa.Column("signing", sa.String(length=64), nullable=False),
        sa.Column("sealing", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", types.Instant(), nullable=False),
        sa.Column("revoked_at", types.Instant(), nullable=True),
        sa.Column("acked", types.Json(), nullable=True),
        sa.Column("audit_head", types.Json(), nullable=True),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_peer")),
    )
    op.create_table(
        "person",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("name_key", types.Words(), nullable=True),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("role", types.Words(), nullable=False),
        sa.Column("title", types.Words(), nullable=True),
        sa.Column("staff_number", types.Words(), nullable=True),
        sa.Column("phone", types.Words(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_person_unit_id", ["unit_id"], unique=False)

    op.create_table(
        "policy",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("product_id", sa.String(length=32), nullable=True),
        sa.Column("product_name", types.Words(), nullable=True),
        sa.Column("line", types.Words(), nullable=True),
        sa.Column("generation", types.Words(), nullable=True),
        sa.Column("pay_mode", types.Words(), nullable=True),
        sa.Column("term_years", sa.BigInteger(), nullable=True),
        sa.Column("insurer", types.Words(), nullable=True),
        sa.Column("applicant_id", sa.String(length=32), nullable=True),
        sa.Column("insured_name", types.Words(), nullable=True),
        sa.Column("insured_id", sa.String(length=32), nullable=True),
        sa.Column("outlet", types.Words(), nullable=True),
        sa.Column("channel", types.Words(), nullable=True),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("matures_on", sa.Date(), nullable=True),
        sa.Column("renews_on", sa.Date(), nullable=True),
        sa.Column("premium_fen", sa.BigInteger(), nullable=True),
        sa.Column("pay_years", sa.BigInteger(), nullable=True),
        sa.Column("instalments_paid", sa.BigInteger(), nullable=True),
        sa.Column("principal_fen", sa.BigInteger(), nullable=True),
        sa.Column("sum_assured_fen", sa.BigInteger(), nullable=True),
        sa.Column("cash_value_fen", sa.BigInteger(), nullable=True),
        sa.Column("expected_maturity_benefit_fen", sa.BigInteger(), nullable=True),
        sa.Column("deposit_value_fen", sa.BigInteger(), nullable=True),
        sa.Column("commission_fen", sa.BigInteger(), nullable=True),
        sa.Column("status", types.Words(), nullable=True),
        sa.Column("converted_into_id", sa.String(length=32), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
    )
    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.create_index(
            "ix_policy_effective_on",
            ["effective_on"],
            unique=False,
            sqlite_where=sa.text("effective_on IS NOT NULL"),
            postgresql_where=sa.text("effective_on IS NOT NULL"),
        )
        batch_op.create_index("ix_policy_applicant_id", ["applicant_id", "deleted_at"], unique=False)
        batch_op.create_index(
            "ix_policy_matures_on",
            ["matures_on", "id", "status", "line", "applicant_id", "deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.create_index("ix_policy_number", ["number", "id", "deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_policy_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "ix_policy_renews_on",
            ["renews_on", "id", "status", "applicant_id", "deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "policy_beneficiary",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("relation", types.Words(), nullable=True),
        sa.Column("share", types.Words(), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_beneficiary")),
    )
    with op.batch_alter_table("policy_beneficiary", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_beneficiary_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_policy_beneficiary_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "policy_claim",
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("reported_at", types.Instant(), nullable=True),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("paid_fen", sa.BigInteger(), nullable=True),
        sa.Column("status", types.Words(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_claim")),
    )
    with op.batch_alter_table("policy_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_claim_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_policy_claim_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("code", types.Words(), nullable=True),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("line", types.Words(), nullable=True),
        sa.Column("generation", types.Words(), nullable=True),
        sa.Column("pay_mode", types.Words(), nullable=True),
        sa.Column("term_years", sa.BigInteger(), nullable=True),
        sa.Column("insurer", types.Words(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index("ix_product_code", ["code"], unique=False)
        batch_op.create_index("ix_product_name", ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("value", types.Json(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
    )
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setting_key"), ["key"], unique=False)
        batch_op.create_index(batch_op.f("ix_setting_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("list_id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=True),
        sa.Column("client_name", types.Words(), nullable=True),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("line", types.Words(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("expected_premium_fen", sa.BigInteger(), nullable=True),
        sa.Column("expected_commission_fen", sa.BigInteger(), nullable=True),
        sa.Column("breakthrough", types.Words(), nullable=True),
        sa.Column("plan", types.Words(), nullable=True),
        sa.Column("stage", types.Words(), nullable=True),
        sa.Column("review", types.Words(), nullable=True),
        sa.Column("review_reason", types.Words(), nullable=True),
        sa.Column("result", types.Words(), nullable=True),
        sa.Column("won_on", sa.Date(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index("ix_target_client_id", ["client_id"], unique=False)
        batch_op.create_index("ix_target_list_id", ["list_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_target_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "target_feedback",
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("words", types.Words(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_feedback")),
    )
    with op.batch_alter_table("target_feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_feedback_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_target_feedback_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "target_list",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("name", types.Words(), nullable=True),
        sa.Column("status", types.Words(), nullable=False),
        sa.Column("issued_at", types.Instant(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_list")),
    )
    with op.batch_alter_table("target_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_list_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_target_list_unit_id", ["unit_id", "year"], unique=False)

    op.create_table(
        "task",
        sa.Column("client_id", sa.String(length=32), nullable=True),
        sa.Column("what", types.Words(), nullable=False),
        sa.Column("way", types.Words(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_time", types.Words(), nullable=True),
        sa.Column("status", types.Words(), nullable=False),
        sa.Column("snoozed_to", sa.Date(), nullable=True),
        sa.Column("snooze_reason", types.Words(), nullable=True),
        sa.Column("made_by_kind", types.Words(), nullable=True),
        sa.Column("made_by_id", sa.String(length=32), nullable=True),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("closed_by_kind", types.Words(), nullable=True),
        sa.Column("closed_by_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_client_id", ["client_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_task_status", ["deleted_at", "status", "due_on", "id"], unique=False)

    op.create_table(
        "unit",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("level", types.Words(), nullable=False),
        sa.Column("parent_unit_id", sa.String(length=32), nullable=True),
        sa.Column("code", types.Words(), nullable=True),
        sa.Column("grade", types.Words(), nullable=True),
        sa.Column("broking_companies", sa.BigInteger(), nullable=True),
        sa.Column("broking_premium_fen", sa.BigInteger(), nullable=True),
        sa.Column("remark", types.Words(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_unit_parent_unit_id", ["parent_unit_id"], unique=False)

    op.create_table(
        "visit",
        sa.Column("client_id", sa.String(length=32), nullable=True),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("slot", types.Words(), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=True),
        sa.Column("purpose", types.Words(), nullable=True),
        sa.Column("bring", types.Words(), nullable=True),
        sa.Column("place", types.Words(), nullable=True),
        sa.Column("status", types.Words(), nullable=False),
        sa.Column("reason", types.Words(), nullable=True),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("contact_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", types.Instant(), nullable=True),
        sa.Column("extra", types.Json(), nullable=True),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_client_id", ["client_id", "planned_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_visit_planned_on", ["deleted_at", "planned_on", "slot", "id"], unique=False)

    index.create(op.get_bind())
    audit.protect(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("a backup is the way back")
