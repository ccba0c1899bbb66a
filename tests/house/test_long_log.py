"""SQLite's log is long from the start: nothing of the database changes, and what is committed outlives it."""

import sqlite3

import pytest

from config.database.sqlite3 import log


@pytest.fixture
def database(tmp_path, monkeypatch):
    """A database in a file, and a process that keeps no log yet."""
    monkeypatch.setattr(log, "kept", [])
    monkeypatch.setattr(log, "PAGES", 300)
    name = tmp_path / "county.sqlite3"
    with sqlite3.connect(name) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE said (words TEXT)")
        made.execute("INSERT INTO said VALUES ('before')")
    made.close()
    yield name
    for connection in log.kept:
        connection.close()


def state(name):
    with sqlite3.connect(name) as asked:
        found = (
            asked.execute("SELECT words FROM said").fetchall(),
            asked.execute("SELECT name FROM sqlite_master").fetchall(),
            asked.execute("PRAGMA page_count").fetchone(),
            asked.execute("PRAGMA integrity_check").fetchone(),
        )
    asked.close()
    return found


def test_the_log_is_long_and_the_database_is_as_it_was(database):
    before = state(database)
    log.keep_long(str(database))
    path = database.with_name("county.sqlite3-wal")
    long = path.stat().st_size
    assert long >= 300 * 4096
    assert state(database) == before
    with sqlite3.connect(
        database
    ) as writes:  # others come and go; the log stays, and is written over
        writes.execute("INSERT INTO said VALUES ('after')")
    writes.close()
    assert path.stat().st_size == long
    log.keep_long(str(database))  # once in a process
    assert len(log.kept) == 1
    log.kept.pop().close()  # whoever is last copies what is in it, as ever
    assert [row for (row,) in state(database)[0]] == ["before", "after"]


def test_where_somebody_holds_the_database_the_site_starts_all_the_same(database, monkeypatch):
    held = sqlite3.connect(database, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    connect = sqlite3.connect
    monkeypatch.setattr(
        log.sqlite3, "connect", lambda *said, **how: connect(*said, **{**how, "timeout": 0})
    )
    log.keep_long(str(database))
    held.execute("ROLLBACK")
    held.close()
    assert log.kept == []


def test_where_there_is_no_file_none_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "kept", [])
    log.keep_long(str(tmp_path / "none.sqlite3"))
    assert list(tmp_path.iterdir()) == []
