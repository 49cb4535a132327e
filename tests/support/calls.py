"""Clients with maturing policies, to be called: for the tests of callbacks and complaints."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.policies.tables import Policy

FRIDAY = date(2026, 11, 20)


def add_client(session: Session, name: str, **values: Any) -> str:
    """A client with a phone and one policy of 120,000 that matures on 3 December; values of both by field name."""
    policy_fields = {c.key for c in Policy.__table__.columns} - {"remark"}
    of_policy = {k: values.pop(k) for k in list(values) if k in policy_fields}
    phone = values.pop("phone", "13805910032")
    client = Client(name=name, **{"name_key": name, "birth_on": date(1974, 3, 16), "sex": "female"} | values)
    session.add(client)
    session.flush()
    session.add(ClientPhone(parent_id=client.id, number=phone, position=0))
    add_policy(session, client.id, **of_policy)
    return client.id


def add_policy(session: Session, client_id: str, **values: Any) -> str:
    """A single-premium participating policy: its deposit is 3,240 yuan above what it pays."""
    standing = {
        "number": "8861202211152217",
        "applicant_id": client_id,
        "product_name": "千里马两全（分红型）",
        "line": "participating",
        "pay_mode": "single",
        "term_years": 5,
        "outlet": "邮政上渡网点",
        "matures_on": date(2026, 12, 3),
        "premium_fen": 12_000_000,
        "expected_maturity_benefit_fen": 13_426_000,
        "deposit_value_fen": 13_750_000,
        "status": "in_force",
    }
    policy = Policy(**standing | values)
    session.add(policy)
    session.flush()
    return policy.id
