"""Readings of Chinese characters without tones, one memo per character; surnames with all their readings."""

from __future__ import annotations

import os
import re

_ASCII = re.compile(r"[0-9a-z]")
_PIECES = re.compile(r"[0-9a-z]+|\S")

# Characters that read otherwise as a surname, or whose two readings both live; every reading is indexed.
_SURNAMES: dict[str, tuple[str, ...]] = {
    "曾": ("zeng", "ceng"), "单": ("shan", "dan"), "仇": ("qiu", "chou"), "解": ("xie", "jie"),
    "查": ("zha", "cha"), "朴": ("piao", "pu"), "盖": ("ge", "gai"), "翟": ("zhai", "di"),
    "区": ("ou", "qu"), "缪": ("miao", "mou"), "乐": ("yue", "le"), "员": ("yun", "yuan"),
    "覃": ("qin", "tan"), "盛": ("sheng", "cheng"), "召": ("shao", "zhao"), "折": ("she", "zhe"),
    "黑": ("he", "hei"), "秘": ("bi", "mi"), "洗": ("xian", "xi"), "冼": ("xian",),
    "种": ("chong", "zhong"), "繁": ("po", "fan"), "谌": ("chen", "shen"), "祭": ("zhai", "ji"),
    "句": ("gou", "ju"), "隽": ("juan", "jun"), "角": ("jue", "jiao"), "都": ("du", "dou"),
    "石": ("shi", "dan"), "俞": ("yu", "shu"), "牟": ("mou", "mu"), "费": ("fei", "bi"),
    "贾": ("jia", "gu"), "薄": ("bo", "bao"), "藏": ("zang", "cang"), "乜": ("nie", "mie"),
    "褚": ("chu", "zhu"), "柏": ("bai", "bo"), "行": ("xing", "hang"), "尉": ("wei", "yu"),
    "宓": ("mi", "fu"), "能": ("nai", "neng"), "六": ("lu", "liu"), "重": ("chong", "zhong"),
    "长": ("zhang", "chang"), "郗": ("xi", "chi"), "瞿": ("qu", "ju"), "粘": ("nian", "zhan"),
    "沈": ("shen", "chen"), "隗": ("wei", "kui"), "郇": ("xun", "huan"), "宿": ("su", "xiu"),
    "佴": ("nai", "er"), "晟": ("cheng", "sheng"), "参": ("shen", "can"), "大": ("da", "dai"),
    "令": ("ling",), "车": ("che", "ju"), "卜": ("bu",), "幺": ("yao",), "仉": ("zhang",),
    "逄": ("pang",), "眭": ("sui",), "钭": ("tou",), "啜": ("chuai", "chuo"), "阚": ("kan",),
    "尹": ("yin",), "纪": ("ji",), "任": ("ren",), "葛": ("ge",), "那": ("na",), "应": ("ying",),
}  # fmt: skip
_DOUBLE_SURNAMES: dict[str, tuple[str, str]] = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "澹台": ("tan", "tai"),
    "单于": ("chan", "yu"), "令狐": ("ling", "hu"), "宰父": ("zai", "fu"), "夏侯": ("xia", "hou"),
}  # fmt: skip


class _Sounds(dict[str, str]):
    """Character to reading, filled as characters are met."""

    def __missing__(self, char: str) -> str:
        # characters are asked one by one: its phrases would cost 100 ms and 30 MB
        os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
        os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
        from pypinyin import lazy_pinyin

        found = lazy_pinyin(char, errors="ignore")
        sound = self[char] = found[0].replace("ü", "v") if found else ""
        return sound


_sounds = _Sounds()


def reading(char: str) -> str:
    """The usual reading of one Chinese character (`lv` for 吕); empty when it has none."""
    return _sounds[char]


def syllables(name: str) -> list[list[str]]:
    """The ways a cleaned, folded name is spoken, each a list of syllables; runs of ASCII letters are one syllable.

    The first way takes the first character as a surname where it is one.
    """
    if _ASCII.search(name):
        usual = [sound for piece in _PIECES.findall(name) if (sound := piece if piece.isascii() else _sounds[piece])]
    else:
        usual = [sound for char in name if (sound := _sounds[char])]
    if not usual:
        return []
    ways = [usual]
    if (sounds := _SURNAMES.get(name[0])) is not None:
        ways = [[sound, *usual[1:]] for sound in sounds]
        if usual not in ways:
            ways.append(usual)
    if (double := _DOUBLE_SURNAMES.get(name[:2])) is not None:
        ways.insert(0, [*double, *usual[2:]])
    return ways


def sort_key(name: str) -> str:
    """What a name sorts by: its first reading, syllables apart, then the name itself (`wang shu zhen 王淑珍`)."""
    folded = name.casefold()
    ways = syllables(folded)
    return " ".join([*(ways[0] if ways else ()), folded])
