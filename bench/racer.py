"""One of the processes of a race: python racer.py PATH APPENDS. The twin of racer.ts; what fails after all tries is told on stderr and left out."""
import sys

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

path, appends = sys.argv[1], int(sys.argv[2])
table = DeltaTable(path)
print("ready", flush=True)
sys.stdin.readline()
for number in range(appends):
    try:
        write_deltalake(table, pa.table({"id": pa.array([number], pa.int64())}), mode="append")
    except Exception as error:
        print(error, file=sys.stderr)
print("done", flush=True)
