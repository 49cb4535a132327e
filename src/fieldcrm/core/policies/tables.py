"""Tables of products and policies. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Index, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Child, Id, Record
from fieldcrm.core.policies import rules

_LIVE = text("deleted_at IS NULL")
_EFFECTIVE = text("effective_on IS NOT NULL")


class Product(Record, Base):
    """An insurance product."""

    __tablename__ = "product"
    __table_args__ = (Index("ix_product_code", "code"), Index("ix_product_name", "name"))

    code: Mapped[str | None]
    name: Mapped[str]
    line: Mapped[str | None]
    generation: Mapped[str | None]
    pay_mode: Mapped[str | None]
    term_years: Mapped[int | None]
    insurer: Mapped[str | None]
    remark: Mapped[str | None]


class Policy(Record, Base):
    """A policy. Product name, line, term and insurer stand as on the list, whether or not the product is known.

    `principal_fen` is what has been paid (one premium, or the instalments paid so far), never the benefit.
    """

    __tablename__ = "policy"
    __table_args__ = (
        Index("ix_policy_number", "number", "id", "deleted_at"),
        Index("ix_policy_applicant_id", "applicant_id", "deleted_at"),
        Index("ix_policy_effective_on", "effective_on", sqlite_where=_EFFECTIVE, postgresql_where=_EFFECTIVE),
        # carry what views and the clients' list ask of a policy that comes due, so that neither leaves them
        Index(
            "ix_policy_matures_on",
            "matures_on",
            "id",
            "status",
            "line",
            "applicant_id",
            "deleted_at",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "ix_policy_renews_on",
            "renews_on",
            "id",
            "status",
            "applicant_id",
            "deleted_at",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    number: Mapped[str]
    product_id: Mapped[str | None] = mapped_column(Id)
    product_name: Mapped[str | None]
    line: Mapped[str | None]
    generation: Mapped[str | None]
    pay_mode: Mapped[str | None]
    term_years: Mapped[int | None]
    insurer: Mapped[str | None]
    applicant_id: Mapped[str | None] = mapped_column(Id)
    insured_name: Mapped[str | None]
    insured_id: Mapped[str | None] = mapped_column(Id)
    outlet: Mapped[str | None]
    channel: Mapped[str | None]
    channel_id: Mapped[str | None] = mapped_column(Id)
    effective_on: Mapped[date | None]
    matures_on: Mapped[date | None]
    renews_on: Mapped[date | None]
    premium_fen: Mapped[int | None]
    pay_years: Mapped[int | None]
    instalments_paid: Mapped[int | None]
    principal_fen: Mapped[int | None]
    sum_assured_fen: Mapped[int | None]
    cash_value_fen: Mapped[int | None]
    expected_maturity_benefit_fen: Mapped[int | None]
    deposit_value_fen: Mapped[int | None]
    commission_fen: Mapped[int | None]
    status: Mapped[str | None]
    converted_into_id: Mapped[str | None] = mapped_column(Id)
    remark: Mapped[str | None]


class PolicyBeneficiary(Child, Base):
    """A beneficiary of a policy; `share` in per cent as decimal text."""

    __tablename__ = "policy_beneficiary"

    name: Mapped[str]
    relation: Mapped[str | None]
    share: Mapped[str | None]


class PolicyClaim(Child, Base):
    """A claim under a policy."""

    __tablename__ = "policy_claim"

    happened_on: Mapped[date | None]
    reported_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    amount_fen: Mapped[int | None]
    paid_fen: Mapped[int | None]
    status: Mapped[str | None]
    remark: Mapped[str | None]


def of_maturing_line() -> ColumnElement[bool]:
    """What `rules.matures` decides, as a condition on policies."""
    return or_(Policy.line.is_(None), Policy.line.not_in(sorted(rules.WHOLE_LIFE | rules.RENEWING)))
