"""Policies on a real store: adding, changing, status, the list with its views, the pane's card, what comes due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.listing import Asked, Contains, OneOf, Sort
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import ChangedElsewhere, InvalidField
from fieldcrm.core import clients, policies
from fieldcrm.core.callbacks.tables import Callback

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    with clock.at(clock.instant(TODAY, 9, 0)):
        yield


def add(store: Store, number: str, **values: Any) -> str:
    return store.change(policies.add_policy, {"number": number, "product_name": "千里马两全（分红型）", **values})[0]


def test_the_line_and_the_principal_follow_from_what_is_known(store: Store) -> None:
    id = add(store, "P1", pay_mode="regular", premium_fen=1_000_000, instalments_paid=5)
    values = store.read(policies.policy_values, id)
    assert (values["line"], values["principal_fen"], values["status"]) == ("participating", 5_000_000, "in_force")
    product = store.change(policies.add_product, {"name": "安鑫年金", "line": "annuity", "term_years": 10})[0]
    values = store.read(policies.policy_values, add(store, "P2", product_id=product, product_name=None))
    assert (values["product_name"], values["line"], values["term_years"]) == ("安鑫年金", "annuity", 10)


def test_a_number_is_used_once(store: Store) -> None:
    id = add(store, "P1")
    with pytest.raises(InvalidField) as known:
        add(store, "P1")
    assert known.value.field == "number"
    store.change(policies.change_policy, id, {"number": "P1", "remark": "same"})
    store.change(policies.delete_policies, [id])
    add(store, "P1")
    with pytest.raises(ChangedElsewhere):
        store.change(policies.change_policy, id, {"remark": "gone"})


def test_claims_and_beneficiaries_keep_their_ids(store: Store) -> None:
    claim = {"reported_at": clock.now(), "amount_fen": 300_000}
    id = add(store, "P1", beneficiaries=[{"name": "林晓燕", "share": "100"}], claims=[claim])
    first = store.read(policies.policy_values, id)
    paid = {**first["claims"][0], "status": "paid", "paid_fen": 250_000}
    store.change(policies.change_policy, id, {"claims": [paid]})
    card = store.read(policies.policy_card, id)
    assert [(c.id, c.paid_fen) for c in card.claims] == [(first["claims"][0]["id"], 250_000)]
    assert card.beneficiaries == ("林晓燕 100%",)


def test_status_of_many_at_once_and_conversion_names_its_policy(store: Store) -> None:
    ids = [add(store, f"P{n}") for n in range(3)]
    assert store.change(policies.set_status, ids[:2], "matured")[0] == 2
    with pytest.raises(InvalidField):
        store.change(policies.set_status, ids[2:], "converted")
    store.change(policies.set_status, ids[2:], "converted", ids[0])
    assert store.read(policies.policy_card, ids[2]).converted_into.endswith("P0")
    store.undo()
    assert store.read(policies.policy_card, ids[2]).row.status == "in_force"


def test_views_count_what_they_show(store: Store) -> None:
    client = store.change(clients.add_client, {"type": "person", "name": "王淑珍", "birth_on": date(1974, 3, 16)})[0]
    add(store, "DUE", matures_on=date(2026, 11, 28), applicant_id=client)
    add(store, "NEXT", matures_on=date(2026, 12, 3))
    add(store, "KEPT", line="universal", matures_on=date(2026, 12, 4))
    add(store, "DONE", matures_on=date(2026, 11, 2), status="matured")
    add(store, "RENEW", line="fleet", renews_on=date(2026, 12, 15))
    add(store, "LATER", matures_on=date(2029, 1, 1))
    spec = policies.policies_list()
    asked = {view.key: view.asked for view in policies.policy_views()}
    assert store.read(spec.counts, asked) == {
        "in_force": 5, "all": 6, "this_month": 1, "next_month": 1, "soon": 2, "renewals": 1
    }  # fmt: skip
    rows = store.read(spec.page, asked["soon"], 0, 10).rows
    assert [row.number for row in rows] == ["DUE", "NEXT"]
    assert [row.due.tone for row in rows] == ["amber", "amber"]
    by_applicant = store.read(spec.page, Asked((("applicant", Contains("淑")),)), 0, 10).rows
    assert [(r.number, r.applicant) for r in by_applicant] == [("DUE", "王淑珍")]
    by_number = store.read(spec.page, Asked((("line", OneOf(("fleet", "universal"))),), Sort("number")), 0, 10).rows
    assert [r.number for r in by_number] == ["KEPT", "RENEW"]


def test_the_card_tells_the_policy(store: Store) -> None:
    i18n.use("zh_CN")
    client = store.change(
        clients.add_client,
        {"type": "person", "name": "王淑珍", "birth_on": date(1974, 3, 16), "phones": [{"number": "13805910032"}]},
    )[0]
    id = add(store, "P2217", applicant_id=client, premium_fen=12_000_000, matures_on=date(2026, 12, 3))

    def called(session: Session) -> None:
        session.add(
            Callback(
                client_id=client,
                policy_id=id,
                called_at=clock.now(),
                result="reached",
                intention="interested",
                valid=True,
            )
        )

    store.change(called)
    card = store.read(policies.policy_card, id)
    assert (card.applicant_age, card.applicant_phone, card.row.applicant) == (52, "138 0591 ••32", "王淑珍")
    assert ("满期日", "2026-12-03") in card.facts
    assert [(c.result, c.text, c.valid) for c in card.callbacks] == [("接通", "有意向", True)]


@pytest.mark.parametrize(
    ("status", "line", "matures", "renews", "kind", "tone"),
    [
        ("in_force", "participating", date(2026, 11, 27), None, "matures", "red"),
        (None, "participating", date(2026, 11, 1), None, "matures", "red"),
        ("in_force", "participating", date(2026, 12, 20), None, "matures", "amber"),
        ("in_force", "participating", date(2026, 12, 21), None, "matures", "blue"),
        ("in_force", "universal", date(2026, 11, 27), None, "whole_life", "blue"),
        ("in_force", "universal", None, date(2026, 11, 21), "renews", "red"),
        ("in_force", "participating", date(2030, 1, 1), date(2026, 10, 1), "matures", "blue"),
        ("in_force", "fleet", date(2026, 12, 15), date(2026, 12, 15), "renews", "amber"),
        ("matured", "participating", date(2026, 11, 1), None, "matured", "red"),
        ("in_force", None, None, None, "none", "grey"),
    ],
)
def test_what_comes_due(
    status: str | None, line: str | None, matures: date | None, renews: date | None, kind: str, tone: str
) -> None:
    due = policies.due_of(status, line, matures, renews, TODAY)
    assert (due.kind, due.tone) == (kind, tone)
