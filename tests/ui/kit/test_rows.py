"""The rows model: pages on demand, placeholders, the true length, and staying with a record after changes."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from fieldcrm.base.data.listing import Asked, Contains
from fieldcrm.ui.kit.rows import KEPT_PAGES, OPENING, PAGE, STEP, IdRole, LoadedRole, RowsModel
from support.lists import NextTurn, People, people_columns

MILLION = 1_000_000


def _model(size: int) -> tuple[People, RowsModel]:
    people = People(size)
    reader = NextTurn()
    model = RowsModel(people, reader, people_columns())
    reader.setParent(model)
    return people, model


def test_a_million_rows_open_with_two_pages(qtbot: QtBot) -> None:
    people, model = _model(MILLION)
    with qtbot.waitSignal(model.counted) as counted:
        model.ask(Asked())
    assert counted.args == [MILLION]
    assert model.rowCount() == MILLION
    assert people.pages_read == OPENING
    assert model.index(0, 0).data().startswith("王淑珍")


def test_a_far_row_is_a_placeholder_until_its_page_arrives(qtbot: QtBot) -> None:
    people, model = _model(MILLION)
    with qtbot.waitSignal(model.counted):
        model.ask(Asked())
    far = model.index(900_000, 0)
    assert far.data() is None
    assert far.data(LoadedRole) is False
    with qtbot.waitSignal(model.arrived):
        pass
    assert far.data(IdRole) == f"{900_000:032x}"
    assert people.pages_read == OPENING + 1


def test_a_jump_anywhere_is_a_short_way_from_a_mark(qtbot: QtBot) -> None:
    people, model = _model(MILLION)
    with qtbot.waitSignal(model.counted):
        model.ask(Asked())
    qtbot.waitUntil(lambda: bool(model._marks))
    for row in (500_000, 123_456, 999_000):
        with qtbot.waitSignal(model.arrived):
            model.index(row, 0).data()
        assert model.id_of(row) == f"{row:032x}"
    assert people.farthest <= STEP, "or from the end"
    people.removed.add(0)
    with qtbot.waitSignal(model.reset_to):
        model.reload()
    assert not model._marks, "they are of rows that stood a place lower"
    qtbot.waitUntil(lambda: bool(model._marks))
    assert model._marks[1].id == f"{STEP + 1:032x}"


def test_a_row_wanted_meanwhile_does_not_stop_a_new_question(qtbot: QtBot) -> None:
    _people, model = _model(MILLION)
    with qtbot.waitSignal(model.counted):
        model.ask(Asked())
    with qtbot.waitSignal(model.opened):
        model.ask(Asked((("name", Contains("0999990")),)))
        assert model.row(700_000) is None, "a repaint of the old rows"
    assert model.rowCount() == 1


def test_what_is_seen_is_read_before_what_is_read_ahead(qtbot: QtBot) -> None:
    people, model = _model(MILLION)
    with qtbot.waitSignal(model.counted):
        model.ask(Asked())
    top = 5_000 * PAGE - 30
    with qtbot.waitSignal(model.arrived):
        model.set_sight(top, top + 25)
        assert model.row(top) is None
    assert model.row(top) is not None
    assert top // PAGE + 1 not in model._pages
    with qtbot.waitSignal(model.arrived):
        pass
    assert top // PAGE + 1 in model._pages
    assert people.pages_read <= 4


def test_what_flies_past_is_not_read_and_few_pages_are_kept(qtbot: QtBot) -> None:
    people, model = _model(MILLION)
    with qtbot.waitSignal(model.counted):
        model.ask(Asked())
    with qtbot.waitSignal(model.arrived):
        for row in range(0, MILLION, 1000):  # the scroll bar is dragged over everything in one go
            model.index(row, 0).data()
    assert people.pages_read <= 6
    for number in range(40):
        if model.row(number * PAGE) is None:
            with qtbot.waitSignal(model.arrived):
                pass
    assert len(model._pages) <= KEPT_PAGES
    assert people.rows_made <= 60 * PAGE


def test_a_short_list_needs_no_count(qtbot: QtBot) -> None:
    people, model = _model(13)
    with qtbot.waitSignal(model.counted) as counted:
        model.ask(Asked())
    assert counted.args == [13]
    assert (people.pages_read, model.rowCount()) == (1, 13)


def test_an_empty_list_opens(qtbot: QtBot) -> None:
    _people, model = _model(0)
    with qtbot.waitSignal(model.opened):
        model.ask(Asked())
    assert model.rowCount() == 0


def test_a_later_question_wins(qtbot: QtBot) -> None:
    _people, model = _model(500)
    with qtbot.waitSignal(model.counted):
        model.ask(Asked())
        model.ask(Asked().narrowed("name", Contains("王")))
    assert model.rowCount() == sum(1 for n in range(500) if n % 13 == 0)


def test_reload_tells_where_the_record_stands_now(qtbot: QtBot) -> None:
    people, model = _model(2000)
    with qtbot.waitSignal(model.counted):
        model.ask(Asked())
    people.removed.update(range(10))
    with qtbot.waitSignal(model.reset_to) as moved:
        model.reload(f"{1500:032x}", 5)
    assert moved.args == [1490]
    assert model.rowCount() == 1990
    assert model.id_of(1490) == f"{1500:032x}"
    people.removed.add(1500)
    with qtbot.waitSignal(model.reset_to) as moved:
        model.reload(f"{1500:032x}", 5)
    assert moved.args == [-1]


def test_ids_of_ranges_are_read_where_they_are_not_held(qtbot: QtBot) -> None:
    _people, model = _model(5000)
    with qtbot.waitSignal(model.counted):
        model.ask(Asked())
    found: list[list[str]] = []
    model.read_ids([(2, 3)], found.append)
    assert found == [[f"{2:032x}", f"{3:032x}"]]
    model.read_ids([(0, 0), (100, 4999)], found.append)
    qtbot.waitUntil(lambda: len(found) == 2)
    assert len(found[1]) == 4901
    assert found[1][-1] == f"{4999:032x}"
