"""The answer letter: what it says, in both languages, and when there is none."""

from __future__ import annotations

import pytest

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import Refused
from fieldcrm.base.paper.preview import Pages
from fieldcrm.core import complaints
from support.calls import FRIDAY, add_client

pytest_plugins = ["support.stores"]


CHINESE = (
    "投诉答复函",
    "尊敬的王淑珍女士：",
    "您于 2026 年 11 月 20 日就我们的服务提出的投诉",
    "代签名㛃",
    "已核对签名",
)
ENGLISH = ("Answer to your complaint", "Dear Ms 王淑珍,", "On 20 November 2026 you complained about our service")


@pytest.mark.parametrize(("language", "words"), [("zh_CN", CHINESE), ("en", ENGLISH)])
def test_the_letter_says_complaint_and_answer(book: Store, language: str, words: tuple[str, ...]) -> None:
    i18n.use(language)
    with clock.at(clock.instant(FRIDAY, 10)):
        client, _ = book.change(add_client, "王淑珍", sex="female")
        made, _ = book.change(complaints.register_complaint, client_id=client, point="代签名㛃", source="client")
        with pytest.raises(Refused):
            book.read(complaints.answer_letter, made)
        book.change(complaints.answer_complaint, made, handling_opinion="已核对签名")
        with Pages(complaints.letter_bytes(book.read(complaints.answer_letter, made))) as pages:
            text = pages.text(0)
    for word in words:
        assert word in text.replace("\n", "").replace("\r", ""), word
    assert "Internal" not in text
    assert "内部资料" not in text
