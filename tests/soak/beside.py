"""Appends to a table with delta-rs, two rows at a time: beside.py URL COUNT STORAGE_OPTIONS. Tells what it did as tests/processes/job.ts says."""
import json
import sys

import pyarrow as pa
from deltalake import write_deltalake

url, count, options = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])


def tell(report):
    print(json.dumps(report), flush=True)


for number in range(count):
    ids = [900_000_000 + 2 * number, 900_000_001 + 2 * number]
    rows = pa.table({"id": pa.array(ids, pa.int64()), "writer": pa.array([-1, -1], pa.int32())})
    tell({"verb": "append", "ids": ids})
    try:
        write_deltalake(url, rows, mode="append", storage_options=options or None)
        tell({"verb": "append", "ids": ids, "outcome": "done"})
    except Exception as error:
        # It gives up after some tries; what it meant to append is not there then, but it does not promise that.
        print(error, file=sys.stderr)
