import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base.errors import InvalidField
from fieldcrm.base.vault import recovery

SECRETS = st.binary(min_size=20, max_size=20)


@given(SECRETS)
def test_a_printed_code_reads_back(secret: bytes) -> None:
    code = recovery.show(secret)
    assert [len(group) for group in code.split("-")] == [5] * 8
    assert recovery.read(code) == secret


@given(SECRETS, st.integers(0, 39), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_every_single_wrong_character_is_found_and_its_group_named(secret: bytes, at: int, letter: str) -> None:
    letters = list(recovery.show(secret).replace("-", ""))
    if letters[at] == letter:
        return
    letters[at] = letter
    with pytest.raises(InvalidField) as told:
        recovery.read("".join(letters))
    assert told.value.values == {"group": at // 5 + 1}


@given(SECRETS, st.integers(0, 38))
def test_neighbours_swapped_are_found(secret: bytes, at: int) -> None:
    letters = list(recovery.show(secret).replace("-", ""))
    if letters[at] == letters[at + 1]:
        return
    letters[at], letters[at + 1] = letters[at + 1], letters[at]
    with pytest.raises(InvalidField):
        recovery.read("".join(letters))


def test_what_people_do_when_they_copy_does_not_matter() -> None:
    secret = bytes(range(20))
    code = recovery.show(secret)
    spelled = code.replace("0", "O").replace("1", "l").lower().replace("-", "  ")
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code)
    assert recovery.read(spelled) == secret
    assert recovery.read(full_width) == secret


def test_groups_out_of_order_and_short_codes_are_refused() -> None:
    groups = recovery.show(bytes(range(100, 120))).split("-")
    groups[2], groups[5] = groups[5], groups[2]
    with pytest.raises(InvalidField):
        recovery.read("-".join(groups))
    with pytest.raises(InvalidField):
        recovery.read("-".join(groups[:7]))


def test_fresh_codes_differ() -> None:
    assert len({recovery.new()[0] for _ in range(50)}) == 50
