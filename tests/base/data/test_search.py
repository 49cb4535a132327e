"""Finding records by characters, pinyin, initials and last digits, on both dialects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from fieldcrm.base import clock
from fieldcrm.base.data.journal import bulk_insert
from fieldcrm.base.data.search import index
from fieldcrm.base.data.search.index import Doc
from fieldcrm.base.data.store import Store
from fieldcrm.core.clients.tables import Client, ClientPhone
from support.postgres import PostgresServer


@pytest.fixture(scope="module")
def sqlite_engine() -> Iterator[Engine]:
    import sqlcipher3.dbapi2

    engine = create_engine("sqlite+pysqlite://", module=sqlcipher3.dbapi2, poolclass=StaticPool)
    event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def postgres_engine(postgres_server: PostgresServer) -> Iterator[Engine]:
    name = postgres_server.create()
    engine = create_engine(postgres_server.url(name))
    yield engine
    engine.dispose()
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """An empty index; everything is rolled back afterwards."""
    name = "sqlite_engine" if request.param == "sqlite" else "postgres_engine"
    engine: Engine = request.getfixturevalue(name)
    with engine.connect() as connection:
        transaction = connection.begin()
        index.create(connection)
        yield connection
        transaction.rollback()


WANG = Doc("1", "王淑珍", ("王淑珍",), ("13805910032", "350102197403161402"), ("台江区工业路211号", "养老规划"))
HENGAN = Doc("2", "福建恒安物流有限公司", ("福建恒安物流有限公司",), ("0591-28123116",), ("晋安区鼓山镇福兴大道12号",))
ZENG = Doc("3", "曾子轩", ("曾子轩",), ("13950000001",))
SHAN = Doc("4", "单雨欣", ("单雨欣",), ("13950000002",))
RARE = Doc("5", "𠮷㛃䶮", ("𠮷㛃䶮",))
SMITH = Doc("6", "Peter O'Smith", ("Peter O'Smith",), ("E1234567",))
LV = Doc("7", "吕Ａ娜", ("吕Ａ娜",))
PLANT = Doc("8", "众诚汽车销售4S店", ("众诚汽车销售4S店", "林建国"))
EVERYBODY = [WANG, HENGAN, ZENG, SHAN, RARE, SMITH, LV, PLANT]


@pytest.fixture
def filled(connection: Connection) -> Connection:
    index.put(connection, "client", EVERYBODY)
    return connection


def found(connection: Connection, line: str, **options: object) -> list[str]:
    return [hit.record_id for hit in index.find(connection, line, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("王淑珍", ["1"]), ("王", ["1"]), ("王淑", ["1"]), ("淑珍", ["1"]), ("珍", ["1"]), ("wangshuzhen", ["1"]),
        ("wang", ["1"]), ("wangs", ["1"]), ("wangsz", ["1"]), ("wsz", ["1"]), ("WSZ", ["1"]), ("ws", ["1"]),
        ("sz", ["1"]), ("shuzhen", ["1"]), ("zhen", ["1"]), ("wang shu zhen", ["1"]), ("wang sz", ["1"]),
        ("0032", ["1"]), ("10032", ["1"]), ("13805910032", ["1"]), ("138 0591 0032", ["1"]), ("138-0591-0032", ["1"]),
        ("1402", ["1"]), ("王 0032", ["1"]), ("0032 王", ["1"]), ("wsz 1402", ["1"]), ("王 0001", []),
        ("工业路", ["1"]), ("工业路211号", ["1"]), ("养老规划", ["1"]), ("王 台江", ["1"]), ("工路", []),
        ("路211", ["1"]), ("11号", ["1"]),
        ("福建", ["2"]), ("恒安物流", ["2"]), ("恒安", ["2"]), ("恒物", []), ("安流物", []), ("hawl", ["2"]),
        ("fjha", ["2"]), ("fjhawlyxgs", ["2"]), ("fujianhengan", ["2"]), ("henganwuliu", ["2"]), ("3116", ["2"]),
        ("0591-28123116", ["2"]), ("福建恒安物流有限公司", ["2"]), ("fujianhenganwuliuyouxiangongsi", ["2"]),
        ("zengzixuan", ["3"]), ("cengzixuan", ["3"]), ("zzx", ["3"]), ("czx", ["3"]), ("shanyuxin", ["4"]),
        ("dan", ["4"]), ("syx", ["4"]), ("dyx", ["4"]), ("𠮷", ["5"]), ("㛃䶮", ["5"]), ("𠮷㛃䶮", ["5"]),
        ("peter", ["6"]), ("smith", []), ("osmith", ["6"]), ("4567", ["6"]), ("e1234567", ["6"]), ("O'Smith", ["6"]),
        ("lv", ["7"]), ("lü", ["7"]), ("吕a娜", ["7"]), ("4s店", ["8"]), ("4S", ["8"]), ("林建国", ["8"]),
        ("ljg", ["8"]), ("", []), ("  ·，", []), ("no such one", []), ("\"' OR *", []), ("不存在的人", []),
    ],
)  # fmt: skip
def test_find(filled: Connection, line: str, ids: list[str]) -> None:
    assert found(filled, line) == ids


def test_what_it_was_found_by(filled: Connection) -> None:
    def matched(line: str) -> str:
        return index.find(filled, line)[0].matched

    assert index.find(filled, "王淑珍") == [index.Hit("client", "1", "王淑珍", "name")]
    assert [matched(line) for line in ("淑珍", "wsz", "0032", "王 0032", "工业路", "wang sz", "王 台江")] == [
        "name", "pinyin", "number", "number", "words", "pinyin", "words",
    ]  # fmt: skip


def test_order_is_whole_name_then_start_then_inside_then_weight(connection: Connection) -> None:
    names = ["陈张伟", "张伟强", "张伟", "张伟国", "李张伟"]
    docs = [Doc(str(i), name, (name,), weight=5 if name == "张伟国" else 0) for i, name in enumerate(names)]
    index.put(connection, "client", docs)
    assert found(connection, "张伟") == ["2", "3", "1", "0", "4"]
    assert found(connection, "zhangwei") == ["2", "3", "1", "0", "4"]
    assert found(connection, "zhang wei") == ["2", "3", "1", "0", "4"]
    assert found(connection, "张伟", limit=2) == ["2", "3"]


def test_a_whole_name_stands_before_many_longer_ones(connection: Connection) -> None:
    index.put(connection, "client", (Doc(str(i), "张伟强", ("张伟强",)) for i in range(500)))
    index.put(connection, "client", [Doc("last", "张伟", ("张伟",))])
    assert found(connection, "zhangwei", limit=5)[0] == "last"
    assert len(found(connection, "z", limit=7)) == 7


def test_a_long_run_is_found_among_many_that_only_look_like_it(connection: Connection) -> None:
    index.put(connection, "client", (Doc(str(i), "王", ("王",), words=(f"工业路{i}号",)) for i in range(400)))
    index.put(connection, "client", (Doc(f"x{i}", "李", ("李",), words=("路398号工业工业路",)) for i in range(100)))
    assert found(connection, "工业路398号") == ["398"]
    assert found(connection, "李 398号工业", limit=3) == ["x0", "x1", "x2"]


def test_records_change_and_go(filled: Connection) -> None:
    index.put(filled, "client", [Doc("1", "王梅", ("王梅",), ("13805910032",))])
    assert found(filled, "淑珍") == []
    assert found(filled, "wm") == ["1"]
    assert [hit.title for hit in index.find(filled, "0032")] == ["王梅"]
    index.put(filled, "client", [Doc("1", "王梅", ("王梅",), ("13805910032",))])
    assert found(filled, "王梅") == ["1"]
    index.remove(filled, ["1", "unknown"])
    assert found(filled, "王梅") == []
    index.put(filled, "client", [WANG])
    assert found(filled, "王") == ["1"]


def test_one_batch_may_name_a_record_twice(connection: Connection) -> None:
    index.put(connection, "client", [Doc("1", "王梅", ("王梅",)), Doc("1", "李梅", ("李梅",))])
    assert found(connection, "王") == []
    assert found(connection, "lm") == ["1"]
    assert connection.scalar(text("SELECT count(*) FROM search_doc")) == 1


def test_kinds(filled: Connection) -> None:
    index.put(filled, "policy", [Doc("p", "P2026003209", ("王淑珍",), ("P2026003209",))])
    assert found(filled, "王淑珍") == ["1", "p"]
    assert found(filled, "王淑珍", kinds=("policy",)) == ["p"]
    assert found(filled, "wsz", kinds=("client", "policy")) == ["1", "p"]
    assert found(filled, "3209") == ["p"]
    assert found(filled, "王淑珍", kinds=("complaint",)) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.text(st.one_of(st.characters(), st.sampled_from("王淑珍wsz0032 ^#~*\"'\\&|:()")), max_size=12))
def test_nothing_typed_breaks_it(filled: Connection, line: str) -> None:
    for hit in index.find(filled, line):
        assert hit.record_id in {doc.record_id for doc in EVERYBODY}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.one_of(st.characters(), st.sampled_from("王淑珍曾单A1·")), min_size=1, max_size=8), data=st.data()
)
def test_every_name_is_found_by_each_of_its_parts(connection: Connection, name: str, data: st.DataObject) -> None:
    from fieldcrm.base.data.search.tokens import clean

    index.put(connection, "client", [Doc("x", "x", (name.encode("utf-8", "replace").decode(),))])
    key = clean(name.encode("utf-8", "replace").decode())
    start = data.draw(st.integers(0, max(len(key) - 1, 0)))
    part = key[start : data.draw(st.integers(start + 1, max(len(key), start + 1)))]
    if part and not part.isascii():
        assert found(connection, part) == ["x"]
    if key:
        assert found(connection, key) == ["x"]


def _clients(session: Session, ids: Sequence[str]) -> list[Doc]:
    phones: dict[str, list[str]] = {}
    for phone in session.scalars(select(ClientPhone).where(ClientPhone.parent_id.in_(ids))):
        phones.setdefault(phone.parent_id, []).append(phone.number)
    clients = session.scalars(select(Client).where(Client.id.in_(ids), Client.deleted_at.is_(None)))
    return [Doc(c.id, c.name, (c.name,), tuple(phones.get(c.id, ()))) for c in clients]


def test_changed_records_are_brought_up_to_date(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_sources", {})
    monkeypatch.setattr(index, "_parts", {})
    asked: list[Sequence[str]] = []

    def source(session: Session, ids: Sequence[str]) -> list[Doc]:
        asked.append(ids)
        return _clients(session, ids)

    index.register("client", source, parts=("client_phone",))

    def add(session: Session) -> tuple[str, str]:
        index.create(session.connection())
        client = Client(type="person", name="王淑珍", name_key="")
        session.add(client)
        session.flush()
        phone = ClientPhone(parent_id=client.id, number="13805910032")
        session.add(phone)
        session.flush()
        index.refresh(session, "client_phone", [phone.id])
        index.refresh_changed(session, {"unknown": [phone.id], "client": [client.id], "client_phone": [phone.id]})
        assert asked == [[client.id], [client.id]]
        return client.id, phone.id

    def drop(session: Session, client_id: str) -> None:
        client = session.get(Client, client_id)
        assert client is not None
        client.deleted_at = clock.now()
        session.flush()
        index.refresh(session, "client", [client_id])

    (client_id, _), _ = store.change(add)
    assert [hit.record_id for hit in store.read(index.find, "wsz 0032")] == [client_id]
    store.change(drop, client_id)
    assert store.read(index.find, "wsz") == []


def test_many_chunks_are_indexed_one_beside_the_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_CHUNK", 3)
    monkeypatch.setattr(index, "_sources", {"client": _clients})
    rows = [{"type": "person", "name": f"王淑珍{n}", "name_key": ""} for n in range(20)]

    def add(session: Session) -> list[str]:
        index.create(session.connection())
        made = bulk_insert(session, Client, rows)
        index.refresh(session, "client", [*made, "gone"])
        return made

    made, _ = store.change(add)
    assert [hit.record_id for hit in store.read(index.find, "王淑珍", limit=50)] == made
    assert store.read(index.find, "wangshuzhen17")[0].record_id == made[17]
