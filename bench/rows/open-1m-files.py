from deltalake import DeltaTable


def start(args, work_folder):
    def run(n):
        assert DeltaTable(args["table"]).get_add_actions().num_rows == args["files"]

    return run
