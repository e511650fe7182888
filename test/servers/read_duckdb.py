"""What the duckdb package reads in a database file, as JSON: a line for each row; then changes to it, and the rows again."""

import json
import sys

import duckdb

path, query, change = sys.argv[1:]


def rows(connection):
    for row in connection.execute(query).fetchall():
        print(json.dumps(row))


with duckdb.connect(path, read_only=True) as connection:
    rows(connection)
with duckdb.connect() as connection:
    connection.execute(f"ATTACH '{path}' AS other (READ_ONLY)")
    print(json.dumps(connection.execute("SELECT count(*) FROM other.records").fetchone()))
with duckdb.connect(path) as connection:
    connection.execute(change)
    connection.execute("CHECKPOINT")
with duckdb.connect(path, read_only=True) as connection:
    rows(connection)
