"""Cells of lists in every spelling met: dates, amounts, phones, numbers that name, names, words of choices."""
# fmt: off
# ruff: noqa: E501  (a row of a table is a line)

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from support.strange_lists import (
    ALSO_X,
    CHEN,
    LIN,
    WANG,
    WITH_X,
    ZHENG,
    Strange,
    bad,
    column,
    known,
    stored,
    text,
    xlsx,
)

DAY = date(2026, 1, 5)
NOON = datetime.combine(DAY, datetime.min.time()).replace(hour=14, minute=30)
DATES = [
    "2026/1/5", "2026.01.05", "20260105", "2026年1月5日", "26-1-5", 46027, "46027", NOON, DAY, "2026-01-05 14:30:00",
    "2026/1/5 0:00", "2026-01-05T00:00:00", "２０２６－０１－０５", "2026-1-5 ", 20260105, "2026年01月05日 星期一", "26.1.5",
    "2026-01-05 00:00:00.0", "2026/01/05 09:05", "2026年1月5号", "5-Jan-26", "26/1/5", "26年1月5日",
]
NO_DATES = [
    "9999-12-31", "终身", "0000-00-00", "--", "", "99991231", "长期", "9999/12/31", 2958465, "至终身", 0, "1900-01-01",
    date(9999, 12, 31), "9999年12月31日", "9999-12-31 00:00:00",
]
BAD_DATES = ["2026-13-01", "2026-02-30", "满期", 12345678, "1/5/26", "01/05/2026"]
AMOUNTS: list[tuple[Any, int | None]] = [
    *((cell, 500_000) for cell in (
        "5,000", "５，０００", "￥5,000.00", "5000元", "0.5万", "0.5万元", "人民币5,000元整", 5000, 5000.0, "RMB 5,000",
        " 5 000 ", "5000.00", "¥ 5000", "5000.0000", "5,000.00 CNY", "+5000", "5,000圆",
    )),
    (0.1 + 0.2, 30), (0, 0), ("0", 0), ("0.00", 0), ("", None), ("-", None), ("—", None),
]
PHONES: list[tuple[Any, list[str]]] = [
    ("138-0591-0032", ["13805910032"]), ("+86 13805910032", ["13805910032"]), ("8613805910032", ["13805910032"]),
    ("13805910032/13905910033", ["13805910032", "13905910033"]), (13805910032, ["13805910032"]), ("-", []),
    ("13805910032 13905910033", ["13805910032", "13905910033"]), ("13805910032、0591-28123116", ["13805910032", "059128123116"]),
    ("0591-28123116", ["059128123116"]), ("(0591)28123116", ["059128123116"]), ("１３８０５９１００３２", ["13805910032"]),
    ("13805910032；13905910033", ["13805910032", "13905910033"]), ("\u202d13805910032\u202c", ["13805910032"]),
    ("138 0591 0032", ["13805910032"]), ("\t13805910032", ["13805910032"]), ("13805910032.0", ["13805910032"]),
    ("13805910032（本人）", ["13805910032"]), ("手机：13805910032", ["13805910032"]), ("无", []), ("0", []), (0, []),
    ("13805910032\n13905910033", ["13805910032", "13905910033"]), ("13805910032,", ["13805910032"]), ("28123116", ["28123116"]),
    ("0591-28123116-802", ["059128123116-802"]), ("13805910032;;", ["13805910032"]), ("13805910032转13905910033", ["13805910032", "13905910033"]),
]
NUMBERS: list[tuple[Any, str]] = [
    ("350100123456789", "350100123456789"), (350100123456, "350100123456"), ("0012345678", "0012345678"),
    ("\t3501002222", "3501002222"), ("'3501003333", "3501003333"), (" 3501 0044 44 ", "3501004444"),
    ("Ｐ３５０１", "P3501"), ("\u200b3501005555\ufeff", "3501005555"), ("3501006666.0", "3501006666"),
    ("pt2026-000012", "PT2026-000012"), ("\xa03501007777\xa0", "3501007777"), ("PDAA2026350100123", "PDAA2026350100123"),
]
BROKEN = ["3.50102E+17", 3.50102e17, "3.5E17", 350102196402300018.0, 12.5]
ID_NUMBERS: list[tuple[Any, str]] = [
    (WANG, WANG), (WITH_X.lower(), WITH_X), (ALSO_X[:17] + "Ｘ", ALSO_X), (f" {CHEN[:6]} {CHEN[6:]} ", CHEN),
    (f"\t{ZHENG}", ZHENG), (f"'{LIN}", LIN), ("E12345678", "E12345678"), ("350102640229001", "350102640229001"),
]
BAD_IDS = ["3.50102E+17", 3.50102e17, WANG[:17] + ("0" if WANG[17] != "0" else "1"), "350102197513310019"]
STATUSES = {
    "有效": "in_force", "缴费有效": "in_force", "缴清": "in_force", "自动垫交": "in_force", "失效": "lapsed",
    "永久失效": "lapsed", "退保": "surrendered", "满期": "matured", "终止": "ended", "效力中止": "lapsed",
    "满期终止": "matured", "理赔终止": "ended", "承保": "in_force", "已生效": "in_force",
}
NAMES = ["保单号", "投保人", "证件号码"]

CELLS = [
    Strange("dates", xlsx(column("生效日期", DATES)), (len(DATES), 0, 0), policies=stored("effective_on", [DAY] * len(DATES))),
    Strange("no dates", xlsx(column("满期日", NO_DATES)), (len(NO_DATES), 0, 0),
            policies=stored("matures_on", [None] * len(NO_DATES))),
    Strange("bad dates", xlsx(column("满期日", BAD_DATES)), (0, 0, len(BAD_DATES)),
            bad("C", "forms.not_a_date", len(BAD_DATES)), people=0),
    Strange("dates of birth with two digits", text(column("出生日期", ["65-3-2", "1965.3.2", "04-12-31", "19650302"])),
            (4, 0, 0),
            clients=known("birth_on", [date(1965, 3, 2), date(1965, 3, 2), date(2004, 12, 31), date(1965, 3, 2)])),
    Strange("plain numbers of the 1904 system", xlsx(column("满期日", [44984, "44984", 20270301, 45046.5]), mac_dates=True),
            (4, 0, 0), policies=stored("matures_on", [date(2027, 2, 28), date(2027, 2, 28), date(2027, 3, 1),
                                                      date(2027, 5, 1)])),
    Strange("dates of the 1904 system", xlsx(column("满期日", [NOON, DAY]), mac_dates=True), (2, 0, 0),
            policies=stored("matures_on", [DAY, DAY])),
    Strange("amounts", xlsx(column("保费", [cell for cell, _ in AMOUNTS])), (len(AMOUNTS), 0, 0),
            policies=stored("premium_fen", [fen for _, fen in AMOUNTS])),
    Strange("bad amounts", xlsx(column("保费", ["(5,000)", -5000, "-5,000.00", "约五万", "5.00E+3x"])), (0, 0, 5),
            [*bad("C", "forms.too_small", 3), ("C5", "forms.not_an_amount"), ("C6", "forms.not_an_amount")]),
    Strange("amounts in 万元", xlsx(column("保费（万元）", ["0.5", 0.5, "5,000元", "1.2万"])), (4, 0, 0),
            policies=stored("premium_fen", [500_000, 500_000, 500_000, 1_200_000])),
    Strange("phones", xlsx(column("联系电话", [cell for cell, _ in PHONES])), (len(PHONES), 0, 0),
            clients=known("phones", [numbers for _, numbers in PHONES])),
    Strange("bad phones", xlsx(column("联系电话", ["1380591", "138059100321", "1380591 张三"])), (0, 0, 3),
            bad("C", "forms.not_a_phone", 3)),
    Strange("words for a phone", xlsx(column("联系电话", ["空号", "停机", "张三"])), (3, 0, 0), bad("C", "no_phone", 3)),
    Strange("policy numbers", xlsx([NAMES[:2], *([cell, f"客户{n}"] for n, (cell, _) in enumerate(NUMBERS))]),
            (len(NUMBERS), 0, 0), policies={number: {} for _, number in NUMBERS}),
    Strange("broken policy numbers", xlsx([NAMES[:2], *([cell, f"客户{n}"] for n, cell in enumerate(BROKEN))]),
            (0, 0, 5), bad("A", "forms.broken_number", 5), people=0),
    Strange("ID numbers", xlsx(column("证件号码", [cell for cell, _ in ID_NUMBERS])), (8, 0, 0),
            clients=known("id_number", [number for _, number in ID_NUMBERS])),
    Strange("bad ID numbers", xlsx(column("证件号码", BAD_IDS)), (0, 0, 4),
            [*bad("C", "forms.broken_number", 2), ("C4", "forms.id_check_digit"), ("C5", "forms.id_birth")]),
    Strange("one ID in several spellings",
            xlsx([NAMES, *([f"A{n}", "王芳", cell] for n, cell in enumerate(
                (WITH_X, WITH_X.lower(), WITH_X[:17] + "ｘ", f"{WITH_X[:6]} {WITH_X[6:]}"), 1001))]), (4, 0, 0), people=1),
    Strange("numbers hidden by the bank",
            xlsx([[*NAMES, "联系电话", "保费"], ["A1001", "王淑珍", "350102********0029", "138****0032", "5,000"],
                  ["A****2", "陈国强", "", "", 1]]),
            (1, 0, 1), [("C2", "masked"), ("D2", "masked"), ("A3", "masked")], policies={"A1001": {"premium_fen": 500_000}},
            clients={"王淑珍": {"id_number": None, "phones": []}}),
    Strange("invisible characters and blanks around",
            xlsx([[" 保单号 ", "投保人\n姓名", "证 件 号 码", "\u200b联系电话\u3000", "保费", "满期日"],
                  ["A1001\u200b", "王淑珍\u3000", f"{WANG}\xa0", "\ufeff13805910032", " 5,000 ", "2026-01-05\u200e"]]),
            (1, 0, 0), policies={"A1001": {"premium_fen": 500_000, "matures_on": DAY}},
            clients={"王淑珍": {"id_number": WANG, "phones": ["13805910032"]}}),
    Strange("names set with blanks",
            xlsx([NAMES, ["A1001", "王　芳", WANG], ["A1002", "王芳", WANG], ["A1003", "王 芳", WANG]]),
            (3, 0, 0), clients={"王芳": {}}, people=1),
    Strange("rare characters", xlsx([NAMES[:2], ["A1001", "㛃䶮"], ["A1002", "𠮷田"], ["A1003", "王䶮"]]), (3, 0, 0),
            clients={"㛃䶮": {}, "𠮷田": {}, "王䶮": {}}),
    Strange("rare characters in GB18030", text([NAMES[:2], ["A1001", "㛃䶮"], ["A1002", "𠮷田"]]), (2, 0, 0),
            clients={"㛃䶮": {}, "𠮷田": {}}),
    Strange("rare characters lost to GBK",
            text([NAMES[:2], ["A1001", "㛃䶮"], ["A1002", "王芳"], ["A1003", "陈𠮷"]], "gbk"),
            (1, 0, 2), [("B2", "broken_text"), ("B4", "broken_text")], people=1),
    Strange("statuses of core systems", xlsx(column("保单状态", list(STATUSES))), (len(STATUSES), 0, 0),
            policies=stored("status", list(STATUSES.values()))),
    Strange("a status that nobody knows", xlsx(column("保单状态", ["X9"])), (0, 0, 1),
            [("C2", "forms.not_a_choice")], people=0),
    Strange("unknown words of choices",
            xlsx([["保单号", "投保人", "性别", "险种类别", "交费方式", "客户类型", "险种名称"],
                  ["A1001", "王芳", "未知", "特种险", "不详", "VIP客户", "没听说过的产品"]]),
            (1, 0, 0), [("D2", "forms.not_a_choice"), ("F2", "forms.not_a_choice")],
            policies={"A1001": {"product_name": "没听说过的产品", "line": None}}, clients={"王芳": {"type": "person"}}),
    Strange("years of cover and of payment",
            xlsx([["保单号", "投保人", "保险期间", "交费年期"], ["A1001", "王芳", "10年", "5年交"], ["A1002", "王芳", "至105岁", "趸交"],
                  ["A1003", "王芳", "2016-01-01至2026-01-01", "10Y"], ["A1004", "王芳", "五年", "10年期"]]), (4, 0, 0), [("C5", "forms.not_a_number")],
            policies={"A1001": {"term_years": 10, "pay_years": 5}, "A1002": {"term_years": None, "pay_years": None},
                      "A1003": {"term_years": None, "pay_years": 10}, "A1004": {"term_years": None, "pay_years": 10}}),
    Strange("a month of birth", xlsx(column("出生年月", ["1965.03", "196503", "1965-3-2"])), (3, 0, 0), bad("C", "forms.not_a_date", 2),
            clients=known("birth_on", [None, None, date(1965, 3, 2)])),
    Strange("error cells", xlsx([["保单号", "投保人", "保费"], ["A1001", "王芳", "#N/A"], ["A1002", "李芳", 1]]),
            (1, 0, 1), [("C2", "error_cell")]),
    Strange("formulas never worked out", xlsx([["保单号", "投保人", "保费"], ["A1001", "王芳", "=2*3"], ["A1002", "李芳", 1]]),
            (1, 0, 1), [("C2", "no_value")]),
]
