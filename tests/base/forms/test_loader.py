"""Form definitions: those that ship hold, and a mistake is told with file and field."""

from __future__ import annotations

import pytest

from fieldcrm.base import forms
from fieldcrm.base.forms import Field, FormError, Kind, loader, titles

GOOD = """
zh = "样表"
en = "Sample"
[fields.a]
kind = "choice"
zh = "甲"
en = "A"
choices = [{ code = "x", zh = "一", en = "One" }]
[fields.b]
kind = "text"
zh = "乙"
en = "B"
when = { a = "x" }
"""

SECTION = '[[sections]]\nzh = "节"\nen = "S"\n'


def test_every_form_loads_and_is_cached() -> None:
    found = forms.all_forms()
    assert len(found) == 14
    for kind, form in found.items():
        assert form.kind == kind
        assert forms.get(kind) is form
        assert form.zh
        assert form.en


def test_fields_stand_in_the_order_of_the_sections() -> None:
    for form in forms.all_forms().values():
        if form.sections:
            assert sorted(n for s in form.sections for n in s.fields) == sorted(f.name for f in form.fields)


def test_labels_of_one_form_are_unique() -> None:
    for form in forms.all_forms().values():
        for words in ([f.zh for f in form.fields], [f.en.casefold() for f in form.fields]):
            assert len(set(words)) == len(words), (form.kind, sorted(w for w in words if words.count(w) > 1))


def test_no_such_form() -> None:
    for kind in ("choices", "nobody"):
        with pytest.raises(KeyError):
            forms.get(kind)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('kind = "text"', 'kind = "txt"', "field b: unknown kind 'txt'"),
        ('en = "B"', 'en = "B"\nlabel = "b"', "field b: unknown word 'label'"),
        ('en = "B"', "", "field b: 'en' is missing"),
        ('en = "Sample"', "", "sample.toml: 'en' is missing"),
        ('en = "B"', 'en = "B"\nwidth = "wide"', "field b: 'width' is not a int"),
        ('en = "B"', 'en = "B"\nrequired = 1', "field b: 'required' is not a bool"),
        ('{ a = "x" }', '{ a = "z" }', "expects 'z', which is not a choice of a"),
        ('{ a = "x" }', '{ c = "x" }', "'when' names 'c'"),
        ('code = "x"', 'code = "x", tone = "pink"', "choice x: unknown tone 'pink'"),
        ('en = "One" }', 'en = "One" }, { code = "y", zh = "一", en = "Two" }', "'一' means both 'x' and 'y'"),
        ('choices = [{ code = "x", zh = "一", en = "One" }]', 'choices = "nothing"', "no choices 'nothing'"),
        ('choices = [{ code = "x", zh = "一", en = "One" }]', "", "the kind choice needs choices"),
        ('kind = "text"', 'kind = "list"', "'form' belongs to the kind list"),
        ('kind = "text"', 'kind = "record"', "'of' belongs to the kind record"),
        ('kind = "text"', 'kind = "list"\nform = "rows"', "no [lists.rows] in this file"),
        (
            "[fields.a]",
            SECTION + 'fields = ["a"]\n[fields.a]',
            "field b: stands in 0 sections",
        ),
        ("[fields.a]", SECTION + 'fields = ["c"]\n[fields.a]', "a section names 'c'"),
        ('zh = "样表"', 'zh = "样表"\nzh = "样表"', "not valid TOML"),
    ],
)
def test_a_mistake_names_file_and_field(before: str, after: str, words: str) -> None:
    assert loader.read(GOOD, "sample")["b"].kind is Kind.TEXT
    assert before in GOOD
    with pytest.raises(FormError) as caught:
        loader.read(GOOD.replace(before, after, 1), "sample")
    assert words in str(caught.value)
    assert "forms/sample.toml" in str(caught.value)


def path(kind: str, title: str) -> tuple[str, ...]:
    found: tuple[Field, ...] = titles.of(kind).get(titles.key(title), ())
    return tuple(f.name for f in found)


@pytest.mark.parametrize("title", ["保单号", "保险单号", "保单号码", " 保单 号 ", "Policy No.", "保单号（主险）"])
def test_policy_number_titles(title: str) -> None:
    assert path("policy", title) == ("number",)


@pytest.mark.parametrize(
    ("kind", "title", "expected"),
    [
        ("client", "投保人", ("name",)),
        ("client", "客户姓名", ("name",)),
        ("client", "姓名", ("name",)),
        ("policy", "满期日", ("matures_on",)),
        ("policy", "满期日期", ("matures_on",)),
        ("policy", "到期日", ("matures_on",)),
        ("policy", "保费", ("premium_fen",)),
        ("policy", "保险费（万元）", ("premium_fen",)),
        ("policy", "满期本金", ("principal_fen",)),
        ("policy", "趸交保费", ("principal_fen",)),
        ("client", "联系电话", ("phones", "number")),
        ("client", "手机", ("phones", "number")),
        ("client", "电话", ("phones", "number")),
        ("client", "身份证号", ("id_number",)),
        ("client", "证件号码", ("id_number",)),
        ("policy", "Maturity\nDate", ("matures_on",)),
        ("policy", "没有这一列", ()),
    ],
)
def test_titles_of_core_system_lists(kind: str, title: str, expected: tuple[str, ...]) -> None:
    assert path(kind, title) == expected


# Headings of a maturity list as core systems write them; each means something here.
HEADINGS = """
保单号码 险种名称 险种简称 投保人姓名 投保人性别 投保人出生日期 投保人证件号码
投保人手机号码 投保人固定电话 投保人通讯地址 投保人邮编 被保险人姓名 生效日期
承保时间 签单日期 满期日期 保险期满日 交费方式 缴费间隔 交费年期 缴费期限 保险期间
保费 期缴保费 总保费 累计保费 保额 保单状态 销售渠道 银行名称 网点名称
代理网点名称 满期给付金额 应领满期金 现金价值 手续费 备注 职业 手机1 联系电话2
省 市 区 地址 生日 续保日期 终保日期 客户类型 行业 企业名称 统一社会信用代码
联系人电话 签单保费
"""


@pytest.mark.parametrize("heading", HEADINGS.split())
def test_headings_of_a_maturity_list_are_known(heading: str) -> None:
    assert path("policy", heading) or path("client", heading)


def test_unit_of_a_column() -> None:
    assert titles.unit("保费(万元)") == titles.unit("保险费（单位：万元）") == 10_000
    assert titles.unit("保费(元)") == titles.unit("保费") == titles.unit("万能账户") == 1


def test_a_title_means_one_field_of_a_form() -> None:
    for kind, form in forms.all_forms().items():
        owner: dict[str, str] = {}
        for f in (f for f in form.fields if f.kind not in (Kind.LIST, Kind.RECORD)):
            for word in (f.zh, f.en, f.name, *f.synonyms):
                assert owner.setdefault(titles.key(word), f.name) == f.name, (kind, word)
