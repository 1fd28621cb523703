"""The other implementations, for the tests beside it: one JSON request a line on stdin, one JSON answer a line on stdout.

Rows travel as Parquet files: `rows` names one to write from, `out` one to put into what was read.
"""
import json
import os
import sys
import sysconfig
import traceback

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, QueryBuilder, write_deltalake


def read_deltalake(path, version, columns):
    table = DeltaTable(path, version=version)
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in columns) if columns else "*"
    return pa.table(QueryBuilder().register("t", table).execute(f"SELECT {names} FROM t").read_all())


def read_pyarrow(path, version, columns):
    return DeltaTable(path, version=version).to_pyarrow_table(columns=columns)


def read_polars(path, version, columns):
    frame = pl.scan_delta(path, version=version)
    return (frame.select(columns) if columns else frame).collect().to_arrow()


def read_duckdb(path, version, columns):
    connection = duckdb.connect()
    extensions = os.path.join(sysconfig.get_paths()["purelib"], "duckdb_ext", "extensions", f"v{duckdb.__version__}")
    connection.execute("SET TimeZone = 'UTC'")
    for platform in os.listdir(extensions):
        connection.load_extension(os.path.join(extensions, platform, "delta.duckdb_extension"))
    if version is not None:
        raise ValueError("delta_scan of this DuckDB has no version")
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in columns) if columns else "*"
    return connection.execute(f"SELECT {names} FROM delta_scan(?)", [path]).fetch_arrow_table()


READERS = {"deltalake": read_deltalake, "pyarrow": read_pyarrow, "polars": read_polars, "duckdb": read_duckdb}


def read(reader, table, out, version=None, columns=None):
    rows = READERS[reader](table, version, columns)
    pq.write_table(plain(rows), out)
    return {"types": {field.name: str(field.type) for field in rows.schema}, "rows": rows.num_rows}


def plain(table):
    """View and large types written as the ordinary ones, so that any reader takes the file."""
    return table.cast(pa.schema([pa.field(field.name, plain_type(field.type)) for field in table.schema]))


def plain_type(kind):
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if str(kind) in ("string_view", "large_string"):
        return pa.string()
    if str(kind) in ("binary_view", "large_binary"):
        return pa.binary()
    if pa.types.is_large_list(kind) or pa.types.is_list(kind) or pa.types.is_list_view(kind):
        return pa.list_(plain_type(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, plain_type(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(plain_type(kind.key_type), plain_type(kind.item_type))
    return kind


def write(table, rows, mode="append", partition_by=None, configuration=None):
    write_deltalake(table, pq.read_table(rows), mode=mode, partition_by=partition_by, configuration=configuration)
    return {"version": DeltaTable(table).version()}


def statistics(table, out):
    pq.write_table(plain(pa.table(DeltaTable(table).get_add_actions(flatten=True))), out)
    return {}


def schema(table):
    return {"schema": DeltaTable(table).schema().to_json()}


def history(table):
    return {"operations": [entry.get("operation") for entry in DeltaTable(table).history()]}


def checkpoint(table):
    DeltaTable(table).create_checkpoint()
    return {}


def optimize(table):
    return {"removed": DeltaTable(table).optimize.compact()["numFilesRemoved"]}


def restore(table, version):
    DeltaTable(table).restore(version)
    return {}


def changes(table, out, start, end):
    feed = DeltaTable(table).load_cdf(starting_version=start, ending_version=end)
    pq.write_table(plain(pa.table(feed)), out)
    return {}


def delete(table, where):
    return DeltaTable(table).delete(where)


def update(table, where, values):
    return DeltaTable(table).update(updates=values, predicate=where)


def merge(table, rows, on):
    source = pq.read_table(rows)
    merger = DeltaTable(table).merge(source, on, source_alias="source", target_alias="target")
    return merger.when_matched_update_all().when_not_matched_insert_all().execute()


READS = (read, statistics, schema, history, changes)
WRITES = (write, checkpoint, optimize, restore, delete, update, merge)
OPERATIONS = {f.__name__: f for f in READS + WRITES}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = OPERATIONS[request.pop("op")](**request)
    except BaseException as error:  # a Rust panic is no Exception; the caller decides what an error means
        traceback.print_exc()
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, default=str), flush=True)
