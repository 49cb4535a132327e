"""The one table of measures and colours, light and dark; no Qt here, so that tests can prove the contrasts."""

from __future__ import annotations

from typing import NamedTuple

# Measures in device-independent pixels; Qt scales them.
FONT = 13
SMALL = 12
LARGE = 15
TITLE = 17
FIGURE = 25
GAP = 12  # between cards
EDGE = 20  # window edge to content
PAD = 14  # inside a card
ROW = 34
CONTROL = 32
CONTROL_SMALL = 26
RAIL = 168
HEADER = 52
STATUS = 28
CARD_HEAD = 46
RADIUS = 8
RADIUS_CONTROL = 6
RADIUS_CHIP = 4
ICON = 16


class Tone(NamedTuple):
    """A meaning's colours: `text` on `tint` for chips and bars of text, `fill` for progress, edges and dots."""

    text: str
    tint: str
    fill: str


class Colors(NamedTuple):
    """Every colour the program uses, as #RRGGBB."""

    window: str
    card: str
    head: str  # table heads, quiet panels
    line: str  # card borders
    line_soft: str  # between rows
    text: str
    soft: str  # secondary text
    accent: str  # fills
    accent_hover: str
    accent_text: str  # accent as text on cards
    on_accent: str
    selection: str
    hover: str
    control: str
    control_line: str
    field: str  # search box on the header
    track: str  # empty part of a progress bar
    focus: str  # halo
    rail: str
    rail_active: str
    rail_hover: str
    rail_text: str
    rail_strong: str
    rail_soft: str
    rail_badge: str
    rail_badge_text: str
    red: Tone
    amber: Tone
    blue: Tone
    green: Tone
    grey: Tone

    def tone(self, name: str) -> Tone:
        """The tone of a name (red, amber, blue, green); any other is grey."""
        known = {"red": self.red, "amber": self.amber, "yellow": self.amber, "blue": self.blue, "green": self.green}
        return known.get(name, self.grey)


LIGHT = Colors(
    window="#F4F6F9",
    card="#FFFFFF",
    head="#FAFBFD",
    line="#E3E7ED",
    line_soft="#EEF1F5",
    text="#1D2430",
    soft="#667085",
    accent="#1F5FBF",
    accent_hover="#194F9F",
    accent_text="#1F5FBF",
    on_accent="#FFFFFF",
    selection="#EEF5FE",
    hover="#F3F6FA",
    control="#FFFFFF",
    control_line="#CED5DF",
    field="#F7F9FC",
    track="#E8ECF1",
    focus="#BCD4F5",
    rail="#15253B",
    rail_active="#22405F",
    rail_hover="#1C3150",
    rail_text="#C6D2E2",
    rail_strong="#FFFFFF",
    rail_soft="#8FA3BD",
    rail_badge="#2B4366",
    rail_badge_text="#D5DFEC",
    red=Tone("#B3261E", "#FDE9E9", "#C0302B"),
    amber=Tone("#875400", "#FFF3D6", "#D5860B"),
    blue=Tone("#1B55AC", "#E3EEFC", "#1F5FBF"),
    green=Tone("#136C3E", "#E1F3E8", "#1F8A54"),
    grey=Tone("#4A5568", "#EDF0F4", "#AAB5C3"),
)

DARK = Colors(
    window="#12171F",
    card="#1A212C",
    head="#1E2632",
    line="#2C3643",
    line_soft="#252E3A",
    text="#E6EAF0",
    soft="#9BA7B8",
    accent="#2B6BCB",
    accent_hover="#2460BA",
    accent_text="#7FB0F5",
    on_accent="#FFFFFF",
    selection="#22385A",
    hover="#222B37",
    control="#202835",
    control_line="#3D4959",
    field="#161D27",
    track="#2F3947",
    focus="#35578C",
    rail="#0D1520",
    rail_active="#1E344F",
    rail_hover="#162537",
    rail_text="#BAC7D8",
    rail_strong="#FFFFFF",
    rail_soft="#8495AD",
    rail_badge="#25384F",
    rail_badge_text="#CBD6E4",
    red=Tone("#FF9B93", "#452326", "#E0524B"),
    amber=Tone("#F3BE66", "#40321B", "#D99426"),
    blue=Tone("#93BFFB", "#27446F", "#4A8AE8"),
    green=Tone("#76D29F", "#1B3A2B", "#2FA368"),
    grey=Tone("#B5C0CE", "#2B3442", "#64717F"),
)

# Text on ground, as drawn somewhere; the contrast test walks this list.
PAIRS = (
    ("text", "window"),
    ("text", "card"),
    ("text", "head"),
    ("text", "selection"),
    ("text", "hover"),
    ("text", "control"),
    ("text", "field"),
    ("soft", "window"),
    ("soft", "card"),
    ("soft", "head"),
    ("soft", "field"),
    ("soft", "control"),
    ("soft", "selection"),
    ("soft", "hover"),
    ("accent_text", "card"),
    ("accent_text", "window"),
    ("accent_text", "selection"),
    ("accent_text", "hover"),
    ("accent_text", "head"),
    ("accent_text", "control"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("rail_text", "rail"),
    ("rail_text", "rail_hover"),
    ("rail_strong", "rail_active"),
    ("rail_strong", "rail"),
    ("rail_strong", "rail_hover"),
    ("rail_text", "rail_active"),
    ("rail_badge_text", "rail"),
    ("rail_soft", "rail"),
    ("rail_badge_text", "rail_badge"),
)
