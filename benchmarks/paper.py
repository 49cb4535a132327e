"""A visit plan of 200 pages against bare reportlab: the same texts, lines and boxes at places worked out before."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks import books
from benchmarks.figures import Figure, pairs, say
from fieldcrm.base import clock, i18n
from fieldcrm.core.visits import CallPaper, DayPaper, PlanPaper, StopPaper, visit_plan_bytes

LIMIT, STALL_LIMIT_MS = 1.3, 50


def measure(folder: Path, quick: bool) -> Iterator[Figure]:
    i18n.use("zh_CN")
    pages = 20 if quick else 200
    turns = 3 if quick else 7
    plan = _plan(pages)
    say("visit plan")
    bare_plan = replace(plan, days=tuple(_without_codes(day) for day in plan.days))
    for words, asked in (("", plan), (" without QR codes", bare_plan)):
        drawn = _recorded(asked)
        took = pairs(lambda asked=asked: _ours(asked), lambda drawn=drawn: _bare(drawn), turns)  # type: ignore[misc]
        note = "" if words else "the bare side draws QR codes worked out before"
        yield took.figure(f"visit plan of {len(drawn)} pages{words}", LIMIT, "bare reportlab", note)
    yield _stall(folder, plan)


def _ours(plan: PlanPaper) -> None:
    visit_plan_bytes(plan)


def _plan(pages: int) -> PlanPaper:
    """Days of six stops and two calls: a page and a bit each, so that about `pages` come out."""
    monday = date(2026, 11, 23)
    people = books.invented(range(pages * 6))
    days = []
    for number in range(pages // 2):
        stops = []
        for place in range(8):
            person = next(people)
            stops.append(
                StopPaper(
                    slot=f"{9 + place}:00", minutes=45, name=person.name, about="62 岁 • 女", chip="满期 12-03 • 12 万",
                    chip_tone="amber", address=person.address, phone="138 0591 ••32", purpose="年金 D 款方案讲解",
                    bring="计划书 • 红利通知书", policy="千里马两全（分红）12 万",
                    history="上次 11-20 电话：同意看方案",
                    navigate_to=f"{person.address}{number}",
                )
            )  # fmt: skip
        calls = tuple(CallPaper(next(people).name, "满期提醒", "139 0591 ••18", "16:30") for _ in range(2))
        days.append(DayPaper(monday + timedelta(days=number), tuple(stops), calls))
    return PlanPaper(tuple(days), "福州支公司", "林晓", clock.instant(date(2026, 11, 20), 18, 2))


def _without_codes(day: DayPaper) -> DayPaper:
    return replace(day, stops=tuple(replace(stop, navigate_to="") for stop in day.stops))


def _recorded(plan: PlanPaper) -> list[list[tuple[Any, ...]]]:
    """What our pages hold, as plain drawing orders, page by page."""
    from fieldcrm.base.paper import fonts
    from fieldcrm.base.paper.pen import Pen
    from fieldcrm.base.paper.qr import bars

    pages: list[list[tuple[Any, ...]]] = []
    kept = {name: getattr(Pen, name) for name in ("__init__", "_run", "rect", "rule", "qr")}

    def begin(pen: Any, *args: Any) -> None:
        pages.append([])
        kept["__init__"](pen, *args)

    def run(pen: Any, x: float, y: float, run: str, name: str, size: float, colour: Any, embolden: bool) -> None:
        pages[-1].append(("text", x, pen.page_height - y, run, fonts.font(name).fontName, size, colour))

    def rect(pen: Any, x: float, y: float, width: float, height: float, **look: Any) -> None:
        pages[-1].append(("rect", x, pen.page_height - y - height, width, height, look))

    def rule(pen: Any, x: float, y: float, width: float, colour: Any = (0, 0, 0), line: float = 0.75) -> None:
        pages[-1].append(("line", x, pen.page_height - y, width, colour, line))

    def qr(pen: Any, x: float, y: float, side: float, content: str) -> None:
        count, operators = bars(content)
        step, top = side / count, pen.page_height - y
        for column, row, width, _height in re.findall(r"(\d+) (\d+) (\d+) (\d+) re", operators):
            left, bottom = x + int(column) * step, top - (int(row) + 1) * step
            pages[-1].append(("rect", left, bottom, int(width) * step, step, {"ground": (0, 0, 0)}))

    for name, order in (("__init__", begin), ("_run", run), ("rect", rect), ("rule", rule), ("qr", qr)):
        setattr(Pen, name, order)
    try:
        visit_plan_bytes(plan)
    finally:
        for name, order in kept.items():
            setattr(Pen, name, order)
    return pages


def _bare(pages: list[list[tuple[Any, ...]]]) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas: Any = Canvas(io.BytesIO(), pagesize=(595.3, 841.9), pageCompression=1)
    for page in pages:
        for kind, x, y, *more in page:
            if kind == "text":
                words, face, size, colour = more
                canvas.setFont(face, size)
                canvas.setFillColorRGB(*colour)
                canvas.drawString(x, y, words)
            elif kind == "rect":
                _rect(canvas, x, y, *more)
            else:
                width, colour, line = more
                canvas.setStrokeColorRGB(*colour)
                canvas.setLineWidth(line)
                canvas.line(x, y, x + width, y)
        canvas.showPage()
    canvas.save()


def _rect(canvas: Any, x: float, y: float, width: float, height: float, look: dict[str, Any]) -> None:
    if look.get("ground") is not None:
        canvas.setFillColorRGB(*look["ground"])
    if look.get("edge") is not None:
        canvas.setStrokeColorRGB(*look["edge"])
        canvas.setLineWidth(look.get("line", 0.75))
    how = {"stroke": int(look.get("edge") is not None), "fill": int(look.get("ground") is not None)}
    if look.get("radius"):
        canvas.roundRect(x, y, width, height, look["radius"], **how)
    else:
        canvas.rect(x, y, width, height, **how)


def _stall(folder: Path, plan: PlanPaper) -> Figure:
    from benchmarks.driver import Driver

    place = folder / "paper"
    if not place.exists():
        books.empty(place).close()
    driver = Driver(place)
    driver.show()
    driver.unlock()
    ended = threading.Event()
    driver.heart.start()
    job = driver.runner.job("paper", lambda progress: _printed(plan, progress))
    job.finished.connect(ended.set)
    driver.until(ended.is_set)
    stall = driver.heart.stop()
    driver.close()
    return Figure("longest stall of the window while a visit plan is made", stall, limit=STALL_LIMIT_MS)


def _printed(plan: PlanPaper, progress: Any) -> None:
    visit_plan_bytes(plan, progress)
