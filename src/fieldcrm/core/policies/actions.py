"""Writing policies: add, change with beneficiaries and claims, status, recycle bin; products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.data.journal import bulk_update
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, define
from fieldcrm.base.i18n import N_
from fieldcrm.core.form_values import write_rows
from fieldcrm.core.policies import rules
from fieldcrm.core.policies.tables import Policy, PolicyBeneficiary, PolicyClaim, Product

GONE = define("policy.gone", N_("This policy is no longer there."))
KNOWN = define("policy.known", N_("There is already a policy with this number."))
NO_CONVERSION = define("policy.no_conversion", N_("Say into which policy it was converted."))

_LISTS: dict[str, type[PolicyBeneficiary] | type[PolicyClaim]] = {
    "beneficiaries": PolicyBeneficiary,
    "claims": PolicyClaim,
}
_OF_PRODUCT = ("line", "generation", "pay_mode", "term_years", "insurer")


def add_policy(session: Session, values: Mapping[str, Any]) -> str:
    """Add a policy from the values of its form; what the product knows is filled in. Gives its id; `InvalidFields`."""
    cleaned = forms.clean(forms.get("policy"), values)
    _check_number(session, cleaned["number"], None)
    own = {name: value for name, value in cleaned.items() if name not in _LISTS}
    _fill(session, own)
    policy = Policy(**own)
    session.add(policy)
    session.flush()
    for name, table in _LISTS.items():
        write_rows(session, table, policy.id, cleaned.get(name) or [])
    return policy.id


def change_policy(session: Session, policy_id: str, values: Mapping[str, Any]) -> None:
    """Change the given fields of a policy, and only those; rows of a list keep their ids. `InvalidFields`."""
    policy = _policy(session, policy_id)
    cleaned = forms.clean(forms.get("policy"), values, partial=True)
    if cleaned.get("number"):
        _check_number(session, cleaned["number"], policy_id)
    given = {name: value for name, value in cleaned.items() if name in values}
    rules.settle_dates(given, given.get("line") or policy.line)
    for name, value in given.items():
        if name in _LISTS:
            write_rows(session, _LISTS[name], policy_id, value or [])
        else:
            setattr(policy, name, value)


def set_status(session: Session, policy_ids: Sequence[str], status: str, converted_into_id: str | None = None) -> int:
    """Give policies a status, in one operation; gives how many changed. `InvalidField(converted_into_id)`."""
    cleaned = forms.clean(forms.get("policy"), {"status": status}, partial=True)
    if cleaned["status"] == "converted" and len(policy_ids) == 1:
        if converted_into_id is None:
            raise InvalidField("converted_into_id", NO_CONVERSION)
        cleaned["converted_into_id"] = converted_into_id
    return len(bulk_update(session, Policy, dict.fromkeys(policy_ids, cleaned)))


def delete_policies(session: Session, policy_ids: Sequence[str]) -> int:
    """Put policies into the recycle bin; gives how many."""
    return len(bulk_update(session, Policy, {id: {"deleted_at": clock.now()} for id in policy_ids}))


def add_product(session: Session, values: Mapping[str, Any]) -> str:
    """Add a product from the values of its form; gives its id. `InvalidFields`."""
    product = Product(**forms.clean(forms.get("product"), values))
    session.add(product)
    session.flush()
    return product.id


def _fill(session: Session, values: dict[str, Any]) -> None:
    """From the product what was left open; the line from the product's name; the principal from what is paid."""
    product = session.get(Product, values["product_id"]) if values.get("product_id") else None
    if product is not None:
        values["product_name"] = values.get("product_name") or product.name
        for name in _OF_PRODUCT:
            if values.get(name) is None:
                values[name] = getattr(product, name)
    if values.get("line") is None:
        values["line"] = rules.line_of(values.get("product_name"))
    rules.settle_dates(values, values["line"])
    values["principal_fen"] = rules.principal(
        values.get("pay_mode"), values.get("premium_fen"), values.get("instalments_paid"), values.get("principal_fen")
    )


def _check_number(session: Session, number: str, own_id: str | None) -> None:
    query = select(Policy.id).where(Policy.number == number, Policy.deleted_at.is_(None))
    if any(id != own_id for id in session.scalars(query)):
        raise InvalidField("number", KNOWN)


def _policy(session: Session, policy_id: str) -> Policy:
    policy = session.get(Policy, policy_id)
    if policy is None or policy.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    return policy
