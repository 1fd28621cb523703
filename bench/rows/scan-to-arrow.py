from deltalake import DeltaTable


def start(args, work_folder):
    def run(n):
        assert DeltaTable(args["table"]).to_pyarrow_table().num_rows == args["rows"]

    return run
