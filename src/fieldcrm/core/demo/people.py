"""Clients and their policies, made by chance from a seed: rows for the bulk road, by record kind."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from fieldcrm.base import clock, ids
from fieldcrm.base.data.search.pinyin import sort_key
from fieldcrm.core.demo import cast, numbers, words

Row = dict[str, Any]
_WAN = 1_000_000  # fen
_DEPOSIT, _DIVIDEND = 0.0275, 0.0228  # a year: a deposit's compound interest, a policy's simple growth
_PRODUCTS = {p[0]: p for p in words.PRODUCTS}
_LIFE_CHOICE = ("QLM05",) * 9 + ("JZH08",) * 4 + ("FMT10",) * 2 + ("JBW00",) * 4 + ("NJD05", "NJA05", "CZN10")
_EXTRA_CHOICE = ("AKZ20", "PAY01", "PAY01", "JCX01", "NJA05")
_FIRM_CHOICE = ("QCZ01", "TCX01", "GZZ01", "TYJ01", "HYX01")
_AMOUNTS = (1, 1, 1, 2, 2, 3, 3, 3, 5, 5, 5.5, 6, 8, 10, 12, 20, 30)
_AGES = ((20, 30), (31, 40), (41, 50), (41, 50), (51, 60), (51, 60), (51, 60), (61, 70), (61, 82))
_GRADES = ("A",) * 7 + ("B",) * 35 + ("C",) * 48 + ("D",) * 10


class People:
    """The clients of a demo book as rows, and for the stories: ids by name, the main policy by client."""

    def __init__(self, clients: int, rng: random.Random, today: date, place: int = 0) -> None:
        self.rng, self.today = rng, today
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.by_name: dict[str, str] = {}
        self.main: dict[str, Row] = {}
        self.persons: list[str] = []
        self.firms: list[str] = []
        self._ids = iter(ids.many(clients * 6 + 400))
        self._products: dict[str, str] = {}
        self._place = place  # of the account manager among several: numbers differ, the cast is the first one's
        self._numbers = 2217 + place * 1_000_000
        self._make_products()
        firms = round(clients * 41 / 412)
        self._make_persons(clients - firms)
        self._make_firms(firms)
        self._relate()

    def id(self) -> str:
        """A fresh id."""
        return next(self._ids, None) or ids.new()

    def _make_products(self) -> None:
        for code, name, line, generation, mode, term, insurer in words.PRODUCTS:
            row: Row = {
                "id": self.id(), "code": code, "name": name, "line": line, "generation": generation, "pay_mode": mode,
                "term_years": term, "insurer": insurer,
            }  # fmt: skip
            self._products[code] = row["id"]
            self.rows["product"].append(row)

    # --- persons ------------------------------------------------------------------------------

    def _make_persons(self, count: int) -> None:
        members = cast.PEOPLE[:count] if self._place == 0 else ()
        for n, member in enumerate(members):
            born = self.today + timedelta(days=member.birthday)
            born = _years_back(born, member.age + 1)
            row = self._person(member.name, member.sex, born, member.grade, member.outlet, n)
            row.update(district=member.district, address=member.address, tags=list(member.tags) or None)
            row.update(postcode=words.POSTCODES[member.district], family_notes=member.family or row["family_notes"])
            row.update(consent=True, do_not_call=None)
            self.by_name[member.name] = row["id"]
            due = None if member.due is None else self.today + timedelta(days=member.due)
            self._life_policy(row, member.product, round(member.amount * _WAN), due)
        quotas = self._maturities(count)
        for n in range(len(members), count):
            self._crowd(n + self._place * 100_000, quotas)

    def _maturities(self, count: int) -> list[int]:
        """Days to maturity for some of the crowd: the months ahead that the demo is about, in fair number."""
        rng = self.rng
        near = [rng.randint(1, 30) for _ in range(round(count * 5 / 371))]
        month = [rng.randint(31, 48) for _ in range(round(count * 48 / 371))]
        past = [-rng.randint(1, 110) for _ in range(round(count * 24 / 371))]
        found = near + month + past
        rng.shuffle(found)
        return found

    def _crowd(self, n: int, quotas: list[int]) -> None:
        rng = self.rng
        sex = "female" if rng.random() < 0.56 else "male"
        surname = rng.choice(words.SURNAMES) if rng.random() > 0.01 else rng.choice(words.DOUBLE_SURNAMES)
        given = rng.choice((words.RARE_GIVEN if n % 57 == 13 else words.GIVEN)[sex])
        low, high = rng.choice(_AGES)
        born = self.today - timedelta(days=int(rng.uniform(low, high + 1) * 365.25))
        outlet = rng.choice(words.OUTLETS)
        row = self._person(surname + given, sex, born, rng.choice(_GRADES), outlet, n)
        if rng.random() < 0.1:
            row.update(source_type="referral", source_outlet=None)
        amount = round(rng.choice(_AMOUNTS) * _WAN)
        if quotas:
            code = rng.choice(("QLM05", "QLM05", "JZH08"))
            self._life_policy(row, code, amount, self.today + timedelta(days=quotas.pop()))
        elif rng.random() < 0.94:
            code = rng.choice(_LIFE_CHOICE)
            yearly = _PRODUCTS[code][4] == "regular"
            self._life_policy(row, code, round(rng.choice((0.3, 0.5, 1, 1, 2)) * _WAN) if yearly else amount, None)
        if rng.random() < 0.22:
            self._life_policy(row, rng.choice(_EXTRA_CHOICE), round(rng.choice((0.02, 0.05, 0.3, 0.6, 1)) * _WAN), None)

    def _person(self, name: str, sex: str, born: date, grade: str, outlet: str, n: int) -> Row:
        rng = self.rng
        district = rng.choice(tuple(words.STREETS))
        chance = rng.random()
        row: Row = {
            "id": self.id(), "type": "person", "name": name, "name_key": sort_key(name), "grade": grade,
            "tags": [rng.choice(words.TAGS)] if chance < 0.25 else None, "sex": sex, "birth_on": born,
            "lunar_birthday": chance > 0.8, "id_number": numbers.resident_id(born, n, sex == "female"),
            "wechat": f"fz{n:06}" if chance < 0.5 else None, "province": "福建省", "city": "福州市",
            "district": district, "address": f"{rng.choice(words.STREETS[district])}{rng.randint(1, 399)}号",
            "postcode": words.POSTCODES[district], "consent": chance > 0.02, "do_not_call": chance > 0.985 or None,
            "preferred_time": rng.choice(words.PREFERRED) if 0.3 < chance < 0.6 else None,
            "source_type": "post", "source_outlet": outlet, "occupation": rng.choice(words.OCCUPATIONS),
            "income_band": rng.choice(words.INCOMES),
            "family_notes": rng.choice(words.FAMILY) if chance > 0.7 else None,
        }  # fmt: skip
        self.rows["client"].append(row)
        self.persons.append(row["id"])
        self._phone(row["id"], numbers.mobile(n + 32), "mobile", 0)
        if chance < 0.12:
            self._phone(row["id"], f"0591{83_000_000 + n:08}", "home", 1)
        return row

    def _phone(self, client_id: str, number: str, label: str, position: int) -> None:
        row = {"id": self.id(), "parent_id": client_id, "position": position, "number": number, "label": label}
        self.rows["client_phone"].append(row)

    def _life_policy(self, client: Row, code: str, amount: int, matures_on: date | None) -> None:
        """`amount` in fen: the single premium, or the premium of a year."""
        rng, today = self.rng, self.today
        _, name, line, generation, mode, term, insurer = _PRODUCTS[code]
        if matures_on is None:
            held = rng.randint(30, 300) if term == 1 else rng.randint(200, (term or 9) * 330)
            effective = today - timedelta(days=held)
            matures_on = _years_back(effective, -term) if term else None
        else:
            effective = _years_back(matures_on, term)
        years = term or max(1, (today - effective).days // 365)
        paid = min(_full_years(effective, today) + 1, 10) if mode == "regular" else 1
        principal = amount * paid
        saving = line in ("participating", "universal", "annuity", "endowment")
        benefit = _even(principal * (1 + _DIVIDEND * years + rng.uniform(-0.004, 0.006)), 1000) if saving else None
        row = {
            "id": self.id(), "number": self._policy_number(effective.year), "product_id": self._products[code],
            "product_name": name, "line": line, "generation": generation, "pay_mode": mode, "term_years": term,
            "insurer": insurer, "applicant_id": client["id"], "insured_name": client["name"],
            "insured_id": client["id"], "outlet": client["source_outlet"], "channel": "中国邮政",
            "effective_on": effective, "matures_on": matures_on,
            "renews_on": _next_anniversary(effective, today) if 1 < paid < 10 else None,
            "premium_fen": amount, "pay_years": 10 if mode == "regular" else 1, "instalments_paid": paid,
            "principal_fen": principal, "sum_assured_fen": _even(amount * 1.1, 1000),
            "cash_value_fen": _even(principal * (0.96 + 0.018 * min(years, 8)), 1000) if saving else None,
            "expected_maturity_benefit_fen": benefit if term else None,
            "deposit_value_fen": _even(principal * (1 + _DEPOSIT) ** years, 1000) if saving else None,
            "commission_fen": _even(amount * 0.03, 100), "status": self._status(matures_on),
        }  # fmt: skip
        self.rows["policy"].append(row)
        if saving and rng.random() < 0.4:
            self.rows["policy_beneficiary"].append(
                {"id": self.id(), "parent_id": row["id"], "position": 0, "name": client["name"][0] + "小宝",
                 "relation": "子女", "share": "100"}
            )  # fmt: skip
        self.main.setdefault(client["id"], row)

    def _status(self, ends_on: date | None) -> str:
        if ends_on is None or ends_on >= self.today:
            return "in_force"
        return self.rng.choice(("matured", "matured", "matured", "surrendered", "renewed"))

    def _policy_number(self, year: int) -> str:
        self._numbers += 1
        return numbers.policy_number(year, self._numbers - 1)

    # --- organisations ------------------------------------------------------------------------

    def _make_firms(self, count: int) -> None:
        firms = cast.FIRMS[:count] if self._place == 0 else ()
        for n, firm in enumerate(firms):
            row = self._firm(firm.name, firm.industry, firm.key_industry, firm.grade, firm.district, firm.address, n)
            row.update(source_type=firm.source, ranks=list(firm.ranks) or None, remark=firm.remark or None)
            row["source_channel"] = firm.outlet or None
            self.by_name[firm.name] = row["id"]
            self._contact_person(row["id"], firm.contact, firm.role, n)
            if firm.due is not None:
                self._firm_policy(row, firm.product, round(firm.premium * _WAN), self.today + timedelta(days=firm.due))
        renewals = [self.rng.randint(2, 90) for _ in range(round(count * 8 / 41))]
        for n in range(len(firms), count):
            self._crowd_firm(n + self._place * 10_000, renewals)

    def _crowd_firm(self, n: int, renewals: list[int]) -> None:
        rng = self.rng
        word, industry, key = rng.choice(words.TRADES)
        name = rng.choice(words.PLACES) + rng.choice(words.HOUSES) + word + rng.choice(words.FORMS_OF_FIRM)
        district = rng.choice(tuple(words.STREETS))
        address = f"{rng.choice(words.STREETS[district])}{rng.randint(1, 399)}号"
        row = self._firm(name, industry, key, rng.choice(("A", "B", "B", "C")), district, address, n)
        surname, sex = rng.choice(words.SURNAMES), rng.choice(("female", "male"))
        self._contact_person(row["id"], surname + rng.choice(words.GIVEN[sex]), rng.choice(words.FIRM_ROLES), n)
        for k in range(rng.choice((1, 1, 1, 2, 3))):
            days = renewals.pop() if renewals and k == 0 else rng.randint(91, 360)
            self._firm_policy(
                row, rng.choice(_FIRM_CHOICE), round(rng.uniform(0.6, 40), 1) * _WAN, self.today + timedelta(days=days)
            )

    def _firm(self, name: str, industry: str, key: str, grade: str, district: str, address: str, n: int) -> Row:
        rng = self.rng
        row: Row = {
            "id": self.id(), "type": "organisation", "name": name, "name_key": sort_key(name), "grade": grade,
            "credit_code": numbers.credit_code(n), "industry": industry, "key_industry": key,
            "ranks": ["well_known"] if rng.random() < 0.15 else None, "province": "福建省", "city": "福州市",
            "district": district, "address": address, "postcode": words.POSTCODES[district], "consent": True,
            "source_type": rng.choice(("direct", "channel", "referral")), "source_channel": None, "source_outlet": None,
            "present_insurers": rng.choice(words.INSURERS), "family_notes": None, "remark": None,
            "insurance_expires_on": self.today + timedelta(days=rng.randint(10, 350)),
            "loss_experience": rng.choice(("近三年无出险", "上年赔付率 42%", "两次小额水渍", None)),
        }  # fmt: skip
        self.rows["client"].append(row)
        self.firms.append(row["id"])
        return row

    def _contact_person(self, client_id: str, name: str, role: str, n: int) -> None:
        self.rows["client_contact"].append(
            {"id": self.id(), "parent_id": client_id, "position": 0, "name": name, "role": role,
             "phone": numbers.mobile(9_900_000 + n)}
        )  # fmt: skip

    def _firm_policy(self, client: Row, code: str, premium: float, renews_on: date) -> None:
        _, name, line, generation, mode, term, insurer = _PRODUCTS[code]
        fen = round(premium)
        row = {
            "id": self.id(), "number": self._policy_number(renews_on.year - 1), "product_id": self._products[code],
            "product_name": name, "line": line, "generation": generation, "pay_mode": mode, "term_years": term,
            "insurer": insurer, "applicant_id": client["id"], "insured_name": client["name"],
            "insured_id": client["id"], "channel": client["source_channel"], "effective_on": _years_back(renews_on, 1),
            "matures_on": None, "renews_on": renews_on, "premium_fen": fen, "pay_years": 1, "instalments_paid": 1,
            "principal_fen": fen, "sum_assured_fen": fen * 250, "commission_fen": _even(fen * 0.12, 100),
            "status": "in_force",
        }  # fmt: skip
        self.rows["policy"].append(row)
        if self.rng.random() < 0.3:
            reported = clock.instant(self.today - timedelta(days=self.rng.randint(20, 300)), 10)
            lost = _even(fen * self.rng.uniform(0.05, 0.5), 1000)
            self.rows["policy_claim"].append(
                {"id": self.id(), "parent_id": row["id"], "position": 0, "happened_on": clock.day_of(reported),
                 "reported_at": reported, "closed_at": reported + timedelta(hours=40), "amount_fen": lost,
                 "paid_fen": _even(lost * 0.9, 100), "status": "paid"}
            )  # fmt: skip
        self.main.setdefault(client["id"], row)

    def _relate(self) -> None:
        rng = self.rng
        for _ in range(len(self.persons) // 8):
            one, other = rng.sample(self.persons, 2)
            kind, role = rng.choice(
                (("family", "配偶"), ("family", "女儿"), ("family", "儿子"), ("referral", "介绍人"))
            )
            self.rows["client_relation"].append(
                {"id": self.id(), "client_id": one, "other_id": other, "kind": kind, "role": role}
            )
        if self.persons and self.firms:
            for person, firm in zip(self.persons[20:30], self.firms, strict=False):
                self.rows["client_relation"].append(
                    {"id": self.id(), "client_id": person, "other_id": firm, "kind": "employer", "role": "任职单位"}
                )


def _even(fen: float, step: int) -> int:
    return round(fen / step) * step


def _years_back(day: date, years: int | None) -> date:
    year = day.year - (years or 0)
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and year % 4 else day.replace(year=year)


def _full_years(since: date, today: date) -> int:
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def _next_anniversary(since: date, today: date) -> date:
    return _years_back(since, -(_full_years(since, today) + 1))
