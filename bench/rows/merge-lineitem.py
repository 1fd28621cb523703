import os
import shutil

import pyarrow.parquet as pq
from deltalake import DeltaTable


def start(args, work_folder):
    path = os.path.join(work_folder, "theirs")
    source = pq.read_table(args["source"])
    on = "target.l_orderkey = source.l_orderkey AND target.l_linenumber = source.l_linenumber"

    def before(n):
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(args["plain"], path, copy_function=os.link)

    def run(n):
        merge = DeltaTable(path).merge(source, on, source_alias="source", target_alias="target")
        merge.when_matched_update_all().when_not_matched_insert_all().execute()

    return before, run
