"""Lists in every shape met: titles, groups, merges, totals, pages, several sheets, text files of every kind."""
# fmt: off
# ruff: noqa: E501  (a row of a table is a line)

from __future__ import annotations

from datetime import date

from support.strange_lists import CHEN, LIN, WANG, ZHENG, Strange, raw, text, xlsx

HEAD = ["保单号", "投保人", "证件号码", "联系电话", "险种名称", "保费", "满期日"]
PRODUCT = "鑫享两全保险（分红型）"
ONE = ["P0000001", "王淑珍", WANG, "13805910032", PRODUCT, "5,000.00", "2026-12-01"]
TWO = ["P0000002", "陈国强", CHEN, "13805910033", PRODUCT, "12,000.00", "2026-12-15"]
THREE = ["P0000003", "郑美玲", ZHENG, "13805910034", PRODUCT, "8,000.00", "2026-12-20"]
ROWS = [ONE, TWO, THREE]
P1 = {"P0000001": {"premium_fen": 500_000, "matures_on": date(2026, 12, 1), "product_name": PRODUCT}}
C1 = {"王淑珍": {"id_number": WANG, "phones": ["13805910032"], "birth_on": date(1949, 12, 31), "sex": "female"}}
GROUPS = [
    ["清单", *[""] * 8],
    ["保单信息", "", "", "投保人信息", "", "", "被保险人信息", "", ""],
    ["保单号码", "险种名称", "保费（元）", "姓名", "证件号码", "联系电话", "姓名", "证件号码", "联系电话"],
    ["P0000001", PRODUCT, "5,000", "王淑珍", WANG, "13805910032", "陈国强", CHEN, "13905910099"],
]
FIT = (3, 0, 0)
CODE = "91350100M000100Y43"
WEB = (
    "<html><head><meta charset='gb2312'></head><body><table><tr><td colspan=3>满期清单</td></tr>"
    "<tr><td>保单号</td><td>投保人</td><td>保费</td></tr><tr><td>0012345678</td><td>王芳</td><td>5,000.00</td></tr>"
    "<tr><td>合计</td><td></td><td>5,000.00</td></tr></table></body></html>"
)

SHEETS = [
    Strange("plain", xlsx([HEAD, *ROWS]), FIT, policies=P1, clients=C1, people=3),
    Strange("titles and notes above, total and signatures below",
            xlsx([["2026年12月满期客户清单", *[""] * 6], ["机构：福州中支", "", "", "统计期间：2026-12", "", "", "单位：元"],
                  [""] * 7, HEAD, *ROWS, [""] * 7, ["合计", "3", "", "", "", "25,000.00", ""],
                  ["制表人：李芳", "", "审核人：张", "", "打印时间：2026-11-26 10:00", "", ""]], ["A1:G1"]),
            FIT, policies=P1, clients=C1, people=3),
    Strange("header over two rows with groups", xlsx(GROUPS, ["A1:I1", "A2:C2", "D2:F2", "G2:I2"]), (1, 0, 0),
            policies={"P0000001": {"insured_name": "陈国强", "premium_fen": 500_000}}, clients=C1, people=1),
    Strange("cells merged over the policies of one client",
            xlsx([["投保人", "证件号码", "联系电话", "保单号", "保费"], ["王淑珍", WANG, "13805910032", "A1001", 1],
                  ["", "", "", "A1002", 2], ["", "", "", "A1003", 3], ["陈国强", CHEN, "", "A1004", 4]],
                 ["A2:A4", "B2:B4", "C2:C4"]), (4, 0, 0), policies={"A1003": {"premium_fen": 300}}, clients=C1, people=2),
    Strange("blank columns and rows",
            xlsx([[""] * 9, ["", *HEAD[:3], "", *HEAD[3:]], ["", *ONE[:3], "", *ONE[3:]], [""] * 9, [""] * 9,
                  ["", *TWO[:3], "", *TWO[3:]], ["", *THREE[:3], "", *THREE[3:]]]), FIT, policies=P1, clients=C1),
    Strange("totals of every kind",
            xlsx([HEAD, ONE, ["小计", "", "", "", "", 5000, ""], TWO, ["", "小计：", "", "", "", 12000, ""], THREE,
                  ["本页合计", "", "", "", "", 25000, ""], ["合　计", "3件", "", "", "", 25000, ""],
                  ["总计（元）", "", "", "", "", 25000, ""], ["", "", "", "", "", 25000, ""],
                  ["Total:", "", "", "", "", 25000, ""]]), FIT, policies=P1, people=3),
    Strange("pages with repeated headers, titles and page numbers",
            xlsx([["满期清单", *[""] * 6], HEAD, ONE, ["第1页 共3页", *[""] * 6], ["满期清单", *[""] * 6], HEAD, TWO,
                  ["第 2 页，共 3 页", *[""] * 6], ["满期清单", *[""] * 6], HEAD, THREE, ["Page 3 of 3", *[""] * 6],
                  ["打印日期：2026-11-26", "", "打印人：001", *[""] * 4]]), FIT, policies=P1, people=3),
    Strange("one sheet of several is a list",
            xlsx([HEAD, *ROWS], more={"说明": [["本表每月更新"], ["1. 数据来源：核心系统"]],
                                      "汇总": [["网点", "件数", "保费"], ["五一支行", 2, 17000], ["合计", 3, 25000]]},
                 before=("说明", "汇总")), FIT, policies=P1, people=3),
    Strange("a list on each sheet, one policy on both", xlsx([HEAD, ONE, TWO], more={"东街支行": [HEAD, TWO, THREE]}),
            (3, 1, 0), policies=P1, people=3),
    Strange("hidden rows, columns and sheets",
            xlsx([HEAD, *ROWS], more={"旧": [HEAD, ["P9", "李四", *[""] * 5]]}, hidden_rows=[3], hidden_columns=["C"],
                 hidden_sheets=["旧"]), FIT, clients=C1, people=3),
    Strange("English",
            xlsx([["Policy No.", "Applicant Name", "ID No", "Mobile", "Product Name", "Premium (CNY)", "Maturity Date",
                   "Status"], [*ONE, "In force"]]), (1, 0, 0), policies=P1, clients=C1),
    Strange("other words for everything",
            xlsx([["保险单号码", "客户姓名", "身份证号", "手机号码", "产品名称", "趸交保费", "到期日", "保单状态", "开户网点"],
                  [*ONE, "有效", "五一支行"]]), (1, 0, 0), clients=C1,
            policies={"P0000001": {"principal_fen": 500_000, "matures_on": date(2026, 12, 1), "status": "in_force"}}),
    Strange("doubles in the list", xlsx([HEAD, ONE, ONE, [*ONE[:5], "6,000", ONE[6]], TWO]), (2, 1, 1),
            [("A4", "twice")], policies=P1, people=2),
    Strange("one client with several policies, and namesakes",
            xlsx([HEAD, ONE, ["P0000008", *ONE[1:]], ["P0000009", "王淑珍", LIN, "13805910099", *ONE[4:]]]), FIT, people=2),
    Strange("applicant and insured",
            xlsx([["保单号", "投保人姓名", "投保人证件号码", "投保人手机", "被保险人姓名", "被保险人证件号码", "被保险人手机", "受益人"],
                  ["P0000001", "王淑珍", WANG, "13805910032", "陈国强", CHEN, "13905910099", "法定"]]),
            (1, 0, 0), policies={"P0000001": {"insured_name": "陈国强"}}, clients=C1, people=1),
    Strange("organisations among persons",
            xlsx([["保单号", "投保人", "证件类型", "证件号码", "联系电话"],
                  ["A1001", "福州晨光电力有限公司", "统一社会信用代码", CODE, "0591-28123116"],
                  ["A1002", "王淑珍", "身份证", WANG, "13805910032"]]),
            (2, 0, 0), clients={"福州晨光电力有限公司": {"type": "organisation", "credit_code": CODE, "id_number": None}, **C1}),
    Strange("only a header", xlsx([HEAD]), (0, 0, 0), people=0),
    Strange("two columns of one name", xlsx([["保单号", "投保人", "保费", "保费"], ["A1001", "王芳", 1, 2]]), (1, 0, 0),
            policies={"A1001": {"premium_fen": 100}}),
    Strange("numbered rows left empty",
            xlsx([["序号", *HEAD], [1, *ONE], [2, *TWO], [3, *THREE], [4, *[""] * 7], [5, *[""] * 7]]), FIT, people=3),
    Strange("the header again in other words", xlsx([HEAD, ONE, ["保险单号", "客户姓名", "身份证号", "手机", "产品名称", "保险费", "到期日"], TWO, THREE]),
            FIT, policies=P1, people=3),
    Strange("another list below on the same sheet",
            xlsx([HEAD, ONE, TWO, [""] * 7, ["退保清单", *[""] * 6], ["客户姓名", "保单号", "退保日期", "联系电话", "险种名称", "", ""],
                  ["李芳", "P0000077", "2026-01-05", "13805910077", PRODUCT, "", ""], ["合计", 1, "", "", "", "", ""]]),
            (2, 0, 1), [("A7", "other_columns")], policies=P1, people=2),
    Strange("names that look like totals and notes",
            xlsx([["投保人", "保单号", "保费"], ["合计商贸有限公司", "A1001", 1], ["Note Printing Co", "A1002", 2],
                  ["Page One Ltd", "A1003", 3], ["日期 1", "A1004", 4]]), (4, 0, 0), people=4),
    Strange("text with tabs", text([HEAD, *ROWS], "gbk", "\t", ".txt"), FIT, policies=P1, clients=C1),
    Strange("text in UTF-8", text([HEAD, *ROWS], "utf-8"), FIT, policies=P1, clients=C1),
    Strange("text in UTF-8 with a mark and semicolons", text([HEAD, *ROWS], "utf-8-sig", ";"), FIT, policies=P1, clients=C1),
    Strange("text in UTF-16", text([HEAD, *ROWS], "utf-16", "\t"), FIT, policies=P1, clients=C1),
    Strange("text in UTF-16 without a mark", text([HEAD, *ROWS], "utf-16-le", "\t"), FIT, policies=P1, clients=C1),
    Strange("text with bars", text([HEAD, *ROWS], "gb18030", "|", ".txt"), FIT, policies=P1, clients=C1),
    Strange("text that names its sign", text([HEAD, *ROWS], "utf-8-sig", ";", before="sep=;\r\n"), FIT, policies=P1, clients=C1),
    Strange("text as a spreadsheet program must not read it",
            raw(f'{",".join(HEAD)}\r\n="P0000001",王淑珍,="{WANG}",\t13805910032,"{PRODUCT}","5,000.00",2026-12-01\t\r\n', "gb18030"),
            (1, 0, 0), policies=P1, clients=C1),
    Strange("text with lines inside cells and commas at the end",
            raw('保单号,投保人,"联系\n电话",地址,,\n"A1001",王芳,13805910032,"五四路\n1 号",,\n"A1002","李芳","","东街,2号",,'),
            (2, 0, 0), clients={"王芳": {"phones": ["13805910032"], "address": "五四路 1 号"}, "李芳": {"address": "东街,2号"}}),
    Strange("a web table named .xls", raw(WEB, "gb18030", ".xls"), (1, 0, 0), policies={"0012345678": {"premium_fen": 500_000}}),
]
