"""The echo of a time that is typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fieldcrm.base import clock, i18n
from fieldcrm.base.errors import InvalidField
from fieldcrm.ui.kit.typed_day import parse_when, when_words


def test_a_typed_time_is_said_back() -> None:
    i18n.use("zh_CN")
    with clock.at(datetime(2026, 11, 20, 1, 30, tzinfo=UTC)):
        assert when_words("周一上午10点") == "→ 11-23 周一 10:00"
        assert when_words("3天后") == "→ 11-23 周一"
        assert when_words("看情况") == "…"
        assert when_words(" ") == ""
        assert parse_when(" ") is None
        with pytest.raises(InvalidField):
            parse_when("看情况")
