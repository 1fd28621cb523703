import os

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

# As in data/small-appends.ts.
WARM_UP = 100


def start(args, work_folder):
    count = args["rows"]
    rows = pa.table(
        {
            "id": pa.array(range(count), pa.int64()),
            "at": pa.array([1_700_000_000_000_000 + i * 1000 for i in range(count)], pa.timestamp("us", "UTC")),
            "kind": pa.array([f"kind-{i % 10}" for i in range(count)]),
            "value": pa.array([i / 7 for i in range(count)], pa.float64()),
        }
    )
    def appended(name, times):
        path = os.path.join(work_folder, name)
        write_deltalake(path, rows.slice(0, 0))
        table = DeltaTable(path)
        for _ in range(times):
            write_deltalake(table, rows, mode="append")
        return table

    appended("theirs-before", WARM_UP)
    held = {}

    def before(n):
        held["table"] = appended(f"theirs-{n}", args["versions"])

    def run(n):
        for _ in range(args["appends"]):
            write_deltalake(held["table"], rows, mode="append")

    return before, run
