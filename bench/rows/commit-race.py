import os
import subprocess
import sys

import pyarrow as pa
from deltalake import write_deltalake

RACER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "racer.py")


def start(args, work_folder):
    racers = []

    def before(n):
        path = os.path.join(work_folder, f"theirs-{n}")
        write_deltalake(path, pa.table({"id": pa.array([], pa.int64())}))
        racers[:] = [
            subprocess.Popen(
                [sys.executable, RACER, path, str(args["appends"])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            for _ in range(args["processes"])
        ]
        for racer in racers:
            racer.stdout.readline()

    def run(n):
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        for racer in racers:
            racer.stdout.readline()
            racer.wait()

    return before, run
