"""The weeks behind the demo's today: contacts, callbacks, visits, complaints and diary entries, as rows per day."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from fieldcrm.base import clock, workdays
from fieldcrm.core.callbacks.rules import is_valid
from fieldcrm.core.demo import cast, words
from fieldcrm.core.demo.people import People, Row

CONTACT_DAYS, CALLBACK_DAYS, DIARY_DAYS, VISIT_DAYS = 42, 12, 24, 10
_NEGLECTED = 0.05
_RESULTS = ("reached",) * 8 + ("appointment",) * 4 + ("no_answer",) * 4 + ("refused", "off", "wrong_number")
_CALL_RESULTS = ("reached",) * 15 + ("no_answer",) * 3 + ("off", "wrong_number")
_KINDS = ("phone",) * 12 + ("wechat",) * 3 + ("service", "gift", "letter", "seminar")
_INTENTIONS = ("considering", "considering", "interested", "keep", "deposit", "refused")
_OBJECTIONS = ("below_deposit", "below_deposit", "needs_money", "too_long", "family", "comparing")

Day = dict[str, list[Row]]


class Work:
    """What was done on each past working day, rows by record kind; `days` in order."""

    def __init__(self, people: People) -> None:
        self.people, self.rng = people, people.rng
        self.today = people.today
        self.days: dict[date, Day] = {}
        self._touched = self._rotation(set(_skipped(people)))
        called = {id for id, p in people.main.items() if self._is_waiting(p)} | set(_skipped(people))
        self._called = self._rotation(called, people.persons)
        past = list(itertools.islice(_workdays_before(self.today), CONTACT_DAYS))
        everyone = len(people.persons) + len(people.firms)
        contacts = max(1, -(-everyone * 19 // 20 // CONTACT_DAYS))
        callbacks = max(1, min(24, round(everyone / 23)))
        for back, day in enumerate(past if everyone else [], 1):
            rows: Day = defaultdict(list)
            self._contacts(rows, day, contacts)
            if back <= CALLBACK_DAYS:
                self._callbacks(rows, day, callbacks)
            if back <= VISIT_DAYS:
                self._visits(rows, day)
            if back <= DIARY_DAYS:
                rows["diary"].append(self._diary(rows, day))
            self.days[day] = rows
        self.days = dict(sorted(self.days.items()))

    def _rotation(self, left_out: set[str], among: Sequence[str] = ()) -> Iterator[str]:
        """Clients in shuffled turns; some never come up."""
        found = list(among or [*self.people.persons, *self.people.firms])
        self.rng.shuffle(found)
        kept = [id for id in found if id not in left_out]
        kept = kept[: max(1, round(len(found) * (1 - _NEGLECTED)))] or found
        return itertools.cycle(kept)

    def _is_waiting(self, policy: Row) -> bool:
        """Clients who mature in the weeks to come are left to today's queue."""
        ends = policy["matures_on"]
        return ends is not None and 0 <= (ends - self.today).days <= 62

    def _moments(self, day: date, count: int) -> list[datetime]:
        """`count` instants of a working day, in order."""
        minutes = sorted(self.rng.sample(range(0, 500), min(count, 480)))
        return [clock.instant(day, 9) + timedelta(minutes=m) for m in minutes]

    def _contacts(self, rows: Day, day: date, count: int) -> None:
        rng = self.rng
        for at in self._moments(day, count):
            client_id, result, kind = next(self._touched), rng.choice(_RESULTS), rng.choice(_KINDS)
            if kind not in ("phone", "wechat"):
                result = "reached"
            contact: Row = {
                "id": self.people.id(), "client_id": client_id, "kind": kind, "started_at": at,
                "minutes": rng.randint(2, 15), "result": result, "summary": rng.choice(words.SUMMARIES[result]),
                "objection": rng.choice(_OBJECTIONS) if result == "refused" else None,
            }  # fmt: skip
            rows["contact"].append(contact)
            if result in ("reached", "appointment") and rng.random() < 0.2:
                contact["next_step_id"] = self._step(rows, contact["id"], client_id, day)

    def _step(self, rows: Day, contact_id: str, client_id: str, day: date) -> str:
        """A next step of an entry: still open when it is due from today on, and a few that have just become overdue."""
        rng = self.rng
        due = workdays.next_workday(day + timedelta(days=rng.randint(2, 16)))
        is_open = due >= self.today or ((self.today - due).days <= 3 and rng.random() < 0.3)
        row: Row = {
            "id": self.people.id(), "client_id": client_id, "what": rng.choice(words.STEPS),
            "way": rng.choice(("phone", "phone", "visit", "wechat", "outlet")), "due_on": due,
            "due_time": rng.choice((None, "09:30", "10:00", "14:30", "15:30")), "made_by_kind": "contact",
            "made_by_id": contact_id, "status": "open" if is_open else "done",
            "closed_at": None if is_open else min(clock.instant(due, 11), clock.instant(self.today)),
        }  # fmt: skip
        rows["task"].append(row)
        id: str = row["id"]
        return id

    def _callbacks(self, rows: Day, day: date, count: int) -> None:
        for number, at in enumerate(self._moments(day, count), 1):
            client_id = next(self._called)
            rows["callback"].append(self.callback(client_id, at, number, self.rng.choice(_CALL_RESULTS)))

    def callback(self, client_id: str, at: datetime, number: int, result: str) -> Row:
        """A filled callback form, its answers by chance."""
        rng = self.rng
        policy = self.people.main.get(client_id, {})
        reached = result == "reached"
        explained = rng.random() < 0.93 if reached else None
        intention = rng.choice(_INTENTIONS) if reached else None
        converts = reached and intention in ("considering", "interested", "deposit")
        retry = result in ("no_answer", "off")
        return {
            "id": self.people.id(), "client_id": client_id, "policy_id": policy.get("id"),
            "policy_number": policy.get("number"), "product_held": policy.get("product_name"), "called_at": at,
            "attempt_number": 1, "result": result, "maturity_explained": explained,
            "conversion_explained": converts if reached else None,
            "conversion_offer": rng.choice(words.OFFERS) if converts else None, "intention": intention,
            "objection": rng.choice(_OBJECTIONS) if intention in ("considering", "refused") else None,
            "next_on": workdays.next_workday(clock.day_of(at) + timedelta(days=1)) if retry else None,
            "next_time": rng.choice(("09:30", "14:30", "19:00")) if retry else None,
            "next_way": "phone" if retry else None, "remark": rng.choice(words.REMARKS) if rng.random() < 0.4 else None,
            "valid": is_valid(result, explained, intention), "filled_on": clock.day_of(at), "serial_number": number,
        }  # fmt: skip

    def _visits(self, rows: Day, day: date) -> None:
        rng = self.rng
        for n, slot in enumerate(rng.sample(("09:00", "10:30", "14:00", "15:30"), rng.randint(2, 4))):
            client_id = next(self._touched)
            at = clock.instant(day, int(slot[:2]), int(slot[3:]))
            cancelled = n == 3
            visit: Row = {
                "id": self.people.id(), "client_id": client_id, "planned_on": day, "slot": slot, "minutes": 60,
                "purpose": rng.choice(words.PURPOSES), "bring": rng.choice(words.BRING),
                "status": "cancelled" if cancelled else "done", "reason": "客户临时外出" if cancelled else None,
            }  # fmt: skip
            if not cancelled:
                contact = {
                    "id": self.people.id(), "client_id": client_id, "kind": "visit", "started_at": at, "minutes": 60,
                    "result": "reached", "summary": rng.choice(words.SUMMARIES["reached"]), "objection": None,
                }  # fmt: skip
                visit["contact_id"] = contact["id"]
                rows["contact"].append(contact)
            rows["visit"].append(visit)

    def _diary(self, rows: Day, day: date) -> Row:
        rng = self.rng
        calls, visits = rows["callback"], [v for v in rows["visit"] if v["status"] == "done"]
        valid = sum(1 for c in calls if c["valid"])
        happened = f"往来 {len(rows['contact'])} 次，拜访 {len(visits)} 家。"
        if calls:
            happened += f"回访 {len(calls)} 次，有效 {valid} 次；主要异议：收益低于存款。"
        return {
            "id": self.people.id(), "day": day, "happened": happened,
            "problems": rng.choice(words.PROBLEMS) if rng.random() < 0.6 else None,
            "help_wanted": rng.choice(words.HELP) if rng.random() < 0.25 else None,
            "plan_tomorrow": f"回访次月满期客户 20 位，拜访 {rng.randint(2, 5)} 家。",
            "evening_notes": rng.choice(words.EVENING) if rng.random() < 0.7 else None,
        }  # fmt: skip


def _skipped(people: People) -> list[str]:
    """Clients of the cast who have their own story."""
    names = (
        "福州林氏建材有限公司",
        "福清电力安装有限公司",
        "王淑珍",
        "李建国",
        "张丽娟",
        "黄文斌",
        "蔡国栋",
        "许春花",
        "郭少华",
    )
    return [people.by_name[name] for name in names if name in people.by_name]


def _workdays_before(day: date) -> Iterator[date]:
    while True:
        day -= timedelta(days=1)
        if workdays.is_workday(day):
            yield day


def complaints(people: People) -> list[tuple[Row, list[Row], list[Row]]]:
    """Complaints with their steps and pauses, oldest first: closed ones, and the two of the cast that are open."""
    rng, today = people.rng, people.today
    found = []
    for n in range(min(9, len(people.persons) // 6)):
        received = clock.instant(today - timedelta(days=118 - 12 * n), 9 + n % 7, 20)
        found.append(_complaint(people, rng.choice(people.persons), received, words.POINTS[n % 7], is_open=False))
    for name, back, hour in (("周桂兰", 3, 15), ("刘建平", 6, 10)):
        if name in people.by_name:
            point = words.POINTS[2] if name == "周桂兰" else words.POINTS[0]
            received = clock.instant(today - timedelta(days=back), hour, 40)
            found.append(_complaint(people, people.by_name[name], received, point, is_open=True))
    return sorted(found, key=lambda c: c[0]["received_at"])


def _complaint(
    people: People, client_id: str, received: datetime, point: tuple[str, str], is_open: bool
) -> tuple[Row, list[Row], list[Row]]:
    rng = people.rng
    policy = people.main.get(client_id, {})
    answered = None if is_open else received + timedelta(days=rng.randint(1, 6), hours=3)
    closed = None if answered is None else answered + timedelta(days=rng.randint(0, 4), hours=2)
    irregular = rng.random() < 0.2
    row: dict[str, Any] = {
        "id": people.id(), "client_id": client_id, "policy_id": policy.get("id"),
        "policy_number": policy.get("number"), "received_at": received,
        "source": rng.choice(("client", "client", "outlet", "hotline", "head_office")), "category": point[0],
        "point": point[1], "severity": "high" if point[0] in ("signature", "mis_selling") else "normal",
        "mis_selling_suspected": point[0] in ("signature", "mis_selling"),
        "handling_opinion": rng.choice(words.OPINIONS),
        "estimated_compensation_fen": 50_000 if is_open else None, "answered_at": answered, "closed_at": closed,
        "irregular_surrender": None if is_open else irregular,
        "compensation_fen": None if is_open else (80_000 if irregular else 0),
        "status": "open" if is_open else "closed",
        "client_opinion": None if is_open else rng.choice(("satisfied", "satisfied", "accepted", "unsatisfied")),
    }  # fmt: skip
    told = [("受理登记，电话安抚客户", 1), ("调取投保书与双录", 20)]
    told += [] if is_open else [("当面答复客户，客户确认", 60)]
    steps = [
        {"id": people.id(), "parent_id": row["id"], "position": n, "what": what, "person": "林晓",
         "happened_at": received + timedelta(hours=hours)}
        for n, (what, hours) in enumerate(told)
    ]  # fmt: skip
    pauses = []
    if not is_open and rng.random() < 0.3:
        began = received + timedelta(hours=26)
        pauses.append(
            {"id": people.id(), "parent_id": row["id"], "position": 0, "reason": "客户外出，约定返回后面谈",
             "started_at": began, "ended_at": began + timedelta(hours=20)}
        )  # fmt: skip
    return row, steps, pauses


def channels(people: People) -> dict[str, list[Row]]:
    """Channels with a year of premiums and the score card of the last quarter."""
    rng, today = people.rng, people.today
    rows: dict[str, list[Row]] = defaultdict(list)
    last = date(today.year, (today.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    quarter = f"{last.year}Q{(last.month - 1) // 3 + 1}"
    for n, (name, type_, dealer, contact, district, address, colour, class_, score, stars) in enumerate(cast.CHANNELS):
        channel_id = people.id()
        people.by_name[name] = channel_id
        rows["channel"].append(
            {"id": channel_id, "name": name, "name_key": f"{n}", "type": type_, "dealer_kind": dealer,
             "contact_name": contact, "phone": f"0591{83_700_000 + n:08}", "province": "福建省", "city": "福州市",
             "district": district, "address": address, "agreement_number": f"XY{today.year - 1}{n:04}",
             "agreement_signed_on": date(today.year - 1, 3, 1), "agreement_ends_on": date(today.year + 1, 2, 28),
             "licence_number": f"350199{n:06}", "licence_expires_on": today + timedelta(days=40 + 130 * n),
             "exclusive_team": n % 3 != 2, "life_table_model": str(n % 4 + 1), "loss_ratio": f"{48 + 7 * n}.5",
             "score": score, "score_class": class_, "colour": colour, "stars": stars}
        )  # fmt: skip
        month = today.replace(day=1)
        for position in range(12):
            month = (month - timedelta(days=1)).replace(day=1)
            rows["channel_premium"].append(
                {"id": people.id(), "parent_id": channel_id, "position": position, "month_on": month,
                 "line": "fleet" if type_ == "dealer" else "participating",
                 "premium_fen": rng.randint(20, 300) * 100_000}
            )  # fmt: skip
        card = people.id()
        rows["channel_score"].append(
            {"id": card, "channel_id": channel_id, "quarter": quarter, "scored_on": last, "cooperating": True,
             "score": score, "score_class": class_, "colour": colour, "stars": stars}
        )  # fmt: skip
        for position, (dimension, item, weight) in enumerate(
            (("业务", "保费规模", "40"), ("质量", "赔付率", "30"), ("合作", "专属团队", "20"), ("服务", "配合度", "10"))
        ):
            rows["channel_score_item"].append(
                {"id": people.id(), "parent_id": card, "position": position, "dimension": dimension, "item": item,
                 "weight": weight, "score": score}
            )  # fmt: skip
    return rows
