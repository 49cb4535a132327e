"""The clients that the demo tells stories of; everyone else is made by chance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """A person of the cast. `due` is days from today to maturity (None: for life), `birthday` days from today."""

    name: str
    sex: str
    age: int
    grade: str
    outlet: str
    product: str
    amount: float  # 万
    due: int | None
    district: str
    address: str
    tags: tuple[str, ...] = ()
    birthday: int = 110
    family: str = ""


@dataclass(frozen=True)
class Firm:
    """An organisation of the cast; `due` is days to the renewal of `product` (None: no policy here yet)."""

    name: str
    industry: str
    key_industry: str
    grade: str
    source: str
    outlet: str
    product: str
    premium: float  # 万
    due: int | None
    district: str
    address: str
    contact: str
    role: str
    ranks: tuple[str, ...] = ()
    remark: str = ""


PEOPLE = (
    Member("王淑珍", "female", 52, "A", "邮政 上渡", "QLM05", 12, 13, "台江区", "工业路211号", ("养老规划",),
           family="女儿在厦门工作，孙女三岁"),
    Member("陈国强", "male", 46, "B", "邮政 五四", "QLM05", 3, 8, "鼓楼区", "五四路158号环球广场"),
    Member("郑美玲", "female", 49, "C", "邮政 上渡", "QLM05", 3, 4, "仓山区", "上渡路132号"),
    Member("何志远", "male", 55, "B", "邮政 上渡", "QLM05", 6, 6, "仓山区", "上三路28号"),
    Member("黄丽华", "female", 51, "B", "邮政 台江", "JBW00", 2, None, "台江区", "工业路233号", ("养老规划",), 2),
    Member("吴秀英", "female", 57, "C", "邮政 上渡", "QLM05", 3, 30, "仓山区", "上渡路88号"),
    Member("刘建平", "male", 61, "C", "邮政 上渡", "QLM05", 1, -12, "仓山区", "对湖路17号"),
    Member("周桂兰", "female", 64, "C", "邮政 台江", "JBW00", 1, None, "台江区", "五一中路96号"),
    Member("苏玉兰", "female", 66, "B", "邮政 上渡", "JZH08", 8, 32, "仓山区", "首山路61号", ("存款客户",)),
    Member("郑依妹", "female", 63, "B", "邮政 上渡", "QLM05", 1, 11, "仓山区", "上渡路45号"),
    Member("陈志明", "male", 44, "B", "邮政 五四", "QLM05", 5.5, 19, "鼓楼区", "湖东路168号", ("子女教育",)),
    Member("林美芳", "female", 38, "C", "邮政 台江", "JBW00", 2, None, "台江区", "广达路73号"),
    Member("刘德福", "male", 61, "C", "邮政 上渡", "QLM05", 1, 20, "仓山区", "建新大道109号"),
    Member("李建国", "male", 47, "B", "邮政 台江", "QLM05", 2, 21, "台江区", "八一七中路350号"),
    Member("张丽娟", "female", 35, "C", "邮政 五四", "QLM05", 1, 23, "鼓楼区", "华林路201号", ("房贷",)),
    Member("黄文斌", "male", 29, "C", "邮政 鼓山", "JBW00", 1, None, "晋安区", "岳峰路77号"),
    Member("蔡国栋", "male", 50, "C", "邮政 鼓山", "QLM05", 1, 21, "晋安区", "福新中路88号"),
    Member("许春花", "female", 58, "B", "邮政 金山", "QLM05", 3, 25, "仓山区", "金山大道618号"),
    Member("郭少华", "male", 41, "C", "邮政 金山", "QLM05", 2, 29, "仓山区", "浦上大道272号"),
    Member("林㛃娴", "female", 33, "B", "邮政 五四", "NJA05", 1, None, "鼓楼区", "古田路56号", ("子女教育",)),
    Member("陈䶮", "male", 40, "B", "邮政 台江", "QLM05", 4, 38, "台江区", "国货西路112号"),
    Member("黄𠮷庆", "male", 59, "B", "邮政 马尾", "JZH08", 10, 44, "马尾区", "君竹路83号", ("养老规划",)),
)  # fmt: skip

FIRMS = (
    Firm("福建恒安物流有限公司", "物流", "transport", "A", "direct", "", "TCX01", 38.6, 25, "晋安区",
         "鼓山镇福兴大道12号", "李晓明", "财务经理", ("local_100_overall",), "营运车辆 42 台，大地保险在报价"),
    Firm("闽江水泥股份有限公司", "建材", "construction", "A", "channel", "华泰保险经纪", "QCZ01", 52, 53, "闽侯县",
         "甘蔗大街19号", "赵立峰", "安全科长", ("provincial_100_industrial",)),
    Firm("福州林氏建材有限公司", "建材", "none", "A", "target", "", "", 0, None, "长乐区", "吴航路66号", "林其昌",
         "总经理", ("local_100_tax",)),
    Firm("福州众诚汽车销售有限公司", "汽车销售", "none", "B", "channel", "众诚汽车销售 4S 店", "GZZ01", 4.2, 101,
         "仓山区", "建新大道301号", "潘世杰", "总经理"),
    Firm("长乐纺织集团有限公司", "纺织", "none", "A", "direct", "", "QCZ01", 31, 58, "长乐区", "航城街9号", "薛爱华",
         "财务经理", ("local_100_industrial", "local_100_tax")),
    Firm("马尾船舶修造有限公司", "船舶", "transport", "A", "direct", "", "HYX01", 18, 140, "马尾区", "江滨东大道150号",
         "倪永强", "安全科长", ("local_100_industrial",)),
    Firm("福清电力安装有限公司", "电力", "power", "B", "target", "", "", 0, None, "闽侯县", "学府路20号", "翁建华",
         "采购经理"),
)  # fmt: skip

# today's stops: (slot, client or channel, purpose, what to bring)
TODAY = (
    ("09:00", "陈国强", "满期转保面谈", "计划书、红利通知书"),
    ("10:30", "福建恒安物流有限公司", "团车险续保方案", "续保报价、条款"),
    ("13:30", "黄丽华", "养老规划资料送达", "养老规划手册"),
    ("15:00", "吴秀英", "满期给付说明", "满期给付说明、同期存款对照"),
    ("16:30", "众诚汽车销售 4S 店", "三季度合作星级评定", "评分表"),
)
# next week's: (weekday, slot, client or channel, purpose, what to bring)
NEXT_WEEK = (
    (0, "10:00", "王淑珍", "年金 D 款方案", "计划书、红利通知书、养老规划手册"),
    (0, "14:00", "郑美玲", "满期面谈", "满期给付说明、同期存款对照"),
    (0, "15:30", "邮政 上渡网点", "满期沙龙准备", "横幅、签到表"),
    (1, "09:00", "刘建平", "投诉回复", "分红说明、致歉函"),
    (1, "10:30", "何志远", "满期面谈", "计划书、红利通知书"),
    (1, "15:00", "闽江水泥股份有限公司", "风险查勘", "查勘表、相机"),
    (2, "09:30", "福州林氏建材有限公司", "新拓首访", "公司介绍、财产险方案"),
    (2, "14:00", "黄丽华", "万能维持", "账户价值说明"),
    (3, "09:00", "福建恒安物流有限公司", "续保报价", "正式报价、条款"),
    (3, "13:30", "众诚汽车销售 4S 店", "星级评定", "评分表"),
    (3, "16:00", "吴秀英", "满期给付", "给付申请书"),
    (4, "10:00", "苏玉兰", "满期说明", "满期给付说明、存单对照"),
)
# today's callbacks: (client, result, maturity explained, intention, objection, offer)
CALLBACKS = (
    ("吴秀英", "reached", True, "interested", None, "年金 D 款 3 万"),
    ("郑依妹", "reached", True, "deposit", None, "转存单"),
    ("陈志明", "reached", True, "considering", "below_deposit", "年金 A 款 5 年期交 1 万"),
    ("林美芳", "reached", True, "keep", None, None),
    ("刘德福", "no_answer", None, None, None, None),
    ("陈国强", "reached", True, "interested", None, "年金 A 款 5 年期交 3 万"),
    ("何志远", "reached", True, "considering", "below_deposit", "年金 D 款 5 万"),
    ("郑美玲", "reached", True, "considering", "needs_money", "年金 A 款 5 年期交 1 万"),
)
CHANNELS = (
    # name, type, dealer kind, contact, district, address, colour, class, score, stars
    ("邮政 上渡网点", "part_time_agency", None, "余碧玉", "仓山区", "上渡路88号", "blue_1", "a", "92.5", 5),
    ("邮政 台江网点", "part_time_agency", None, "柯敏", "台江区", "工业路150号", "blue_2", "a", "81", 4),
    ("邮政 五四网点", "part_time_agency", None, "俞静", "鼓楼区", "五四路71号", "blue_2", "a", "77.5", 3),
    ("众诚汽车销售 4S 店", "dealer", "4s", "潘世杰", "仓山区", "建新大道301号", "yellow", "b", "63", 3),
    ("华泰保险经纪", "broker", None, "严宇航", "鼓楼区", "湖东路99号", "blue_1", "a", "90", 4),
    ("闽通保险代理", "professional_agency", None, "魏小玲", "台江区", "五一中路18号", "red", "c", "36", 2),
)
