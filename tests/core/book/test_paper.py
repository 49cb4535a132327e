"""The sheet with the recovery code."""

from __future__ import annotations

import pytest

from fieldcrm.base import i18n
from fieldcrm.base.paper.preview import Pages
from fieldcrm.core.book.paper import recovery_bytes

LINES = ["7KQM2-D4XPN-8RWH3-T6VBC", "9FGA7-KQM24-X8NRW-H3T6V"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_sheet_has_the_code_whole_and_says_whose_it_is(language: str) -> None:
    i18n.use(language)
    with Pages(recovery_bytes(LINES, "林晓", "福州支公司")) as pages:
        assert len(pages) == 1
        text = pages.text(0)
    for words in (*LINES, "福州支公司 • 林晓"):
        assert words in text
    if language == "zh_CN":
        assert "机密" in text
