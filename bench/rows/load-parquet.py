import os
import shutil

import pyarrow.parquet as pq
from deltalake import write_deltalake


def start(args, work_folder):
    path = os.path.join(work_folder, "theirs")

    def before(n):
        shutil.rmtree(path, ignore_errors=True)

    def run(n):
        write_deltalake(path, pq.read_table(args["file"]))

    return before, run
