#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""attacks.py JOURNAL.db DIRECTORY COUNT SEED

Makes COUNT copies of a journal, each attacked in another way by somebody who may write the file and knows the layout,
and looks at each with verify_ledger.py. Prints a line for each: `name attack found|MISSED`. The heads are those of the
journal before: what the hub had."""
import random
import shutil
import sqlite3
import sys

import verify_ledger

NUMBERS = ["run", "run_sequence", "uptime_ns", "wall_ms", "uncertainty_ms", "kind"]
BLOBS = ["subject", "payload", "previous_hash", "hash"]
COLUMNS = ("stream, sequence, run, run_sequence, uptime_ns, wall_ms, uncertainty_ms, kind, standing, subject, payload, "
           "previous_hash, hash")


def rewrite(database, terminal, generation, stream, start):
    """Every hash from an entry on, as its writer would have made it."""
    before = verify_ledger.genesis(terminal, stream, generation)
    rows = database.execute(f"SELECT {COLUMNS} FROM event WHERE stream = ? ORDER BY sequence", (stream,)).fetchall()
    for row in rows:
        own = row[12]
        if row[1] >= start:
            own = verify_ledger.entry_hash(row, before)
            database.execute("UPDATE event SET previous_hash = ?, hash = ? WHERE stream = ? AND sequence = ?",
                             (before, own, stream, row[1]))
        before = own


def attack(database, dice):
    terminal, generation = database.execute("SELECT terminal, generation FROM journal").fetchone()
    rows = database.execute(f"SELECT {COLUMNS} FROM event").fetchall()
    row = dice.choice(rows)
    key = (row[0], row[1])
    kind = dice.choice(["flip", "number", "drop", "truncate", "reorder", "add", "rewrite", "rewritten drop"])
    where = "WHERE stream = ? AND sequence = ?"
    if kind == "flip":
        column = dice.choice([name for name in BLOBS if row[COLUMNS.split(", ").index(name)]])
        blob = bytearray(row[COLUMNS.split(", ").index(column)])
        blob[dice.randrange(len(blob))] ^= dice.randrange(1, 256)
        database.execute(f"UPDATE event SET {column} = ? {where}", (bytes(blob), *key))
    elif kind == "number":
        column = dice.choice(NUMBERS)
        # Within two bytes, as the kind is.
        number = row[COLUMNS.split(", ").index(column)] ^ dice.randrange(1, 65_536)
        database.execute(f"UPDATE event SET {column} = ? {where}", (number, *key))
    elif kind == "drop":
        database.execute(f"DELETE FROM event {where}", key)
    elif kind == "truncate":
        database.execute("DELETE FROM event WHERE stream = ? AND sequence >= ?", key)
    elif kind == "reorder":
        other = dice.choice([one for one in rows if one[0] == row[0] and one[1] != row[1]])
        for place, content in ((-1, None), (row[1], other), (other[1], row)):
            if content is None:
                database.execute("DELETE FROM event WHERE stream = ? AND sequence IN (?, ?)",
                                 (row[0], row[1], other[1]))
            else:
                database.execute(f"INSERT INTO event({COLUMNS}) VALUES({', '.join('?' * 13)})",
                                 (content[0], place, *content[2:]))
    elif kind == "add":
        last = max(one[1] for one in rows if one[0] == row[0])
        database.execute(f"INSERT INTO event({COLUMNS}) VALUES({', '.join('?' * 13)})",
                         (row[0], last + 1, row[2], 1_000_000, *row[4:]))
        rewrite(database, terminal, generation, row[0], last + 1)
    elif kind == "rewrite":
        database.execute(f"UPDATE event SET payload = CAST(payload || ? AS BLOB) {where}", (b"note=x\n", *key))
        rewrite(database, terminal, generation, *key)
    else:
        database.execute(f"DELETE FROM event {where}", key)
        database.execute("UPDATE event SET sequence = sequence - 1 WHERE stream = ? AND sequence > ?", key)
        rewrite(database, terminal, generation, *key)
    return kind


def main(base, directory, count, seed):
    dice = random.Random(seed)
    found, heads = verify_ledger.check(base)
    if found:
        print(f"the journal itself: {found}")
        return 1
    for number in range(count):
        path = f"{directory}/{number}.db"
        shutil.copyfile(base, path)
        database = sqlite3.connect(path)
        guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            database.execute(f"DROP TRIGGER {name}")
        database.commit()
        kind = None
        while kind is None:
            try:
                kind = attack(database, dice)
            except sqlite3.IntegrityError:  # a name that another entry has: not even SQLite takes it
                database.rollback()
        for _, sql in guards:
            database.execute(sql)
        database.commit()
        database.close()
        is_found = bool(verify_ledger.check(path, heads)[0])
        print(f"{number} {kind.replace(' ', '-')} {'found' if is_found else 'MISSED'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
