#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a journal without any code of Watchpost's: written from the layout in Sources/Journal/HashChain.swift and
Sources/Conduct/CONDUCT.md alone, with Python's standard library.

    verify_ledger.py JOURNAL.db [HEADS]        HEADS: lines `stream sequence hash`, as a hub or a printed sheet has them

Prints what it finds, and the heads when all is whole; ends with 1 when anything is not as it was written. Without HEADS a
journal that was cut at its end, or rewritten from some entry on, looks like a younger or another one: keep the heads."""
import hashlib
import sqlite3
import struct
import sys

STREAMS = {1: "alarm", 2: "call", 3: "page", 4: "conduct", 5: "duty", 6: "health"}
KINDS = range(128, 137)


def u64(number):
    """SQLite holds the unsigned number as the signed one of the same bits."""
    return struct.pack(">q", number)


def genesis(terminal, stream, generation):
    return hashlib.sha256(b"watchpost.journal.genesis.1" + terminal + bytes([stream]) + u64(generation)).digest()


def entry_hash(row, previous):
    stream, sequence, run, number, uptime, wall, uncertainty, kind, standing, subject, payload = row[:11]
    return hashlib.sha256(
        previous + bytes([stream]) + u64(sequence) + u64(run) + u64(number) + u64(uptime) + u64(wall)
        + struct.pack(">IHB", uncertainty, kind, standing) + struct.pack(">H", len(subject)) + subject
        + struct.pack(">I", len(payload)) + payload).digest()


def is_entry(payload):
    """`word=value` lines of text, each ended, none empty."""
    try:
        lines = payload.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return False
    return len(lines) > 1 and lines[-1] == "" and all("=" in line for line in lines[:-1])


def check(path, known=None):
    """What is wrong with the file, and the head of each stream."""
    found, heads, left = [], {}, dict(known or {})
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        terminal, generation, seal = database.execute("SELECT terminal, generation, seal FROM journal").fetchone()
        if seal != hashlib.sha256(b"watchpost.journal.seal.1" + terminal + u64(generation)).digest():
            found.append("the seal does not fit the name")
        rows = database.execute(
            "SELECT stream, sequence, run, run_sequence, uptime_ns, wall_ms, uncertainty_ms, kind, standing, subject, "
            "payload, previous_hash, hash FROM event ORDER BY stream, sequence")
        for row in rows:
            stream, sequence, previous, own = row[0], row[1], row[11], row[12]
            place = f"{STREAMS.get(stream, stream)} {sequence}"
            expected, before = heads.get(stream, (generation << 40, genesis(terminal, stream, generation)))
            if sequence != expected + 1:
                found.append(f"{place}: {expected + 1} is missing")
            if previous != before:
                found.append(f"{place}: does not follow the entry before it")
            try:
                if entry_hash(row, previous) != own:
                    found.append(f"{place}: was altered")
            except (struct.error, ValueError, TypeError):
                found.append(f"{place}: is no entry")
            if stream == 4 and row[7] in KINDS and not is_entry(row[10]):
                found.append(f"{place}: says nothing")
            heads[stream] = (sequence, own)
            if left.get(stream) == heads[stream]:
                del left[stream]
    except (sqlite3.DatabaseError, TypeError) as error:
        found.append(f"cannot be read: {error}")
    finally:
        database.close()
    for stream, (sequence, _) in left.items():
        found.append(f"{STREAMS.get(stream, stream)} {sequence}: is not the entry that was its end once")
    for stream, (sequence, _) in heads.items() if known else []:
        if sequence > known.get(stream, (0, b""))[0]:
            found.append(f"{STREAMS.get(stream, stream)} {sequence}: is beyond what the heads vouch for")
    return found, heads


def main(words):
    if not 2 <= len(words) <= 3:
        print(__doc__, file=sys.stderr)
        return 2
    known = {}
    if len(words) == 3:
        names = {name: number for number, name in STREAMS.items()}
        for line in open(words[2], encoding="utf-8"):
            stream, sequence, own = line.split()
            known[names[stream]] = (int(sequence), bytes.fromhex(own))
    found, heads = check(words[1], known)
    for line in found:
        print(line)
    for stream, (sequence, own) in sorted(heads.items()) if not found else []:
        print(STREAMS.get(stream, stream), sequence, own.hex())
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
