"""The board of conflicts: what is decided is always readable."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

from fieldcrm.base import clock
from fieldcrm.core.sync import ConflictRow
from fieldcrm.ui.kit import fonts
from fieldcrm.ui.rooms.conflicts.board import heading


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("width", [179, 260, 365])
def test_a_long_name_gives_way_to_the_field(width: int) -> None:
    """Who decides between two values must see of what."""
    row = ConflictRow(
        "client",
        "r",
        "valid_until",
        "福建恒安物流与供应链管理（集团）股份有限公司福州分公司",
        "身份证有效期",
        (),
        clock.now(),
    )
    words = heading(row, width)
    assert words.endswith(" · 身份证有效期")
    assert words.startswith("福建")
    assert QFontMetrics(fonts.font()).horizontalAdvance(words) <= width
