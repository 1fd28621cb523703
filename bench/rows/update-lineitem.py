import os
import shutil

from deltalake import DeltaTable


def start(args, work_folder):
    path = os.path.join(work_folder, "theirs")

    def before(n):
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(args["plain"], path, copy_function=os.link)

    def run(n):
        DeltaTable(path).update(updates={"l_tax": "l_tax + 0.01"}, predicate=args["where"])

    return before, run
