"""What the reports of a run of 10,000 records cost: prints the time, and fails where they need
200 MB.

Usage: report_cost_test.py BENCH_SWEEP MADE_UP_RUN
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROUNDS = 6
BYTES_ALLOWED = 200_000_000


def main():
    bench_sweep, made_up_run = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        subprocess.run([made_up_run, run, str(ROUNDS)], check=True)
        records = sum(1 for _ in open(run / "records.jsonl"))
        begin = time.monotonic()
        process = subprocess.Popen([bench_sweep, "report", run], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        page = (run / "report.html").stat().st_size
    peak = usage.ru_maxrss * 1024
    print(f"{records} records: {seconds:.2f} s, of which {usage.ru_utime + usage.ru_stime:.2f} s of "
          f"processor time; {peak / 1e6:.0f} MB of memory; report.html has {page / 1e6:.1f} MB")
    if process.returncode != 0:
        sys.exit(f"bench_sweep report failed with status {process.returncode}")
    if records < 10_000:
        sys.exit("fewer than 10,000 records prove nothing")
    if peak > BYTES_ALLOWED:
        sys.exit(f"more than {BYTES_ALLOWED / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
