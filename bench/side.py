"""A child of the harness: python side.py ROW.py ARGS WORK_FOLDER. The twin of side.ts.

A row defines start(args, work_folder), which returns a function run(n), or a pair (before(n), run(n)).
"""
import importlib.util
import json
import resource
import sys
import time


def peak_memory():
    """In MiB. VmHWM and not ru_maxrss: that one starts at what the parent had when it forked."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


row, args, work_folder = sys.argv[1:]
spec = importlib.util.spec_from_file_location("row", row)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
started = module.start(json.loads(args), work_folder)
before, run = started if isinstance(started, tuple) else (lambda n: None, started)

for line in sys.stdin:
    number = json.loads(line)["run"]
    before(number)
    begun = time.perf_counter()
    run(number)
    milliseconds = (time.perf_counter() - begun) * 1000
    print(json.dumps({"report": {"ms": milliseconds, "rssMb": peak_memory()}}, separators=(",", ":")), flush=True)
