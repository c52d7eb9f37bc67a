"""A sweep whose driver is killed again and again gives the records of one that is not.

Usage: survival_test.py BENCH_SWEEP SWEEP KILLS SEED [AXIS=COUNT ...]

SWEEP is on the simulated device, whose records depend on the sweep alone. AXIS=COUNT keeps that many
values of an axis. KILLS times the driver is started with --resume and killed by SIGKILL after a random
time; then it is left to end. No record may be lost, doubled or different, the reports must be the same
bytes, and nothing that a driver started may be left.
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid

MARK = f"SURVIVAL_TEST={uuid.uuid4()}"  # in the environment of everything that is started here
REPORTS = ("speedup.csv", "flag_requirements.csv", "flag_costs.csv", "memory.csv", "run.json")


def narrowed(sweep: pathlib.Path, counts: dict[str, int], folder: pathlib.Path) -> pathlib.Path:
    """The sweep with fewer values of some axes, in a file of its own."""
    spec = json.loads(sweep.read_text())
    spec["data"]["file"] = str((sweep.parent / spec["data"]["file"]).resolve())
    for axis, count in counts.items():
        spec["axes"][axis] = spec["axes"][axis][:count]
    path = folder / "sweep.json"
    path.write_text(json.dumps(spec))
    return path


def start(program: str, *arguments: str) -> subprocess.Popen:
    name, value = MARK.split("=")
    return subprocess.Popen([program, *arguments, "--quiet"], stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True, env=os.environ | {name: value})


def run(program: str, *arguments: str) -> str:
    """What it says on standard error. The faults of a sweep are no failure of the program."""
    process = start(program, *arguments)
    _, errors = process.communicate(timeout=500)
    assert process.returncode in (0, 3, 4), f"exit status {process.returncode}: {errors}"
    return errors


def whole_lines(run_directory: pathlib.Path) -> list[str]:
    try:
        text = (run_directory / "records.jsonl").read_text()
    except FileNotFoundError:
        return []
    return text.split("\n")[:-1]  # what follows the last newline is cut off, or nothing


def content(line: str) -> str:
    """A record without what may differ between two runs: the machine's state and the checksum over
    all of it."""
    record = json.loads(line)
    del record["environment"], record["checksum"]
    return json.dumps(record, sort_keys=True)


def kill_at_random(program: str, sweep: pathlib.Path, out: pathlib.Path, kills: int,
                   longest: float, rng: random.Random) -> None:
    kept: list[str] = []
    for _ in range(kills):
        process = start(program, str(sweep), "--resume", str(out))
        try:
            process.communicate(timeout=rng.uniform(0, longest))
            print(f"note: a driver ended before it was to be killed ({process.returncode})")
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        lines = whole_lines(out)
        assert lines[:len(kept)] == kept, "a record that was there is gone or changed"
        kept = lines
    print(f"{kills} kills left {len(kept)} records")


def left_processes() -> list[str]:
    """Command lines of processes of this test, but for zombies."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if MARK.encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # gone meanwhile, or another user's
    return found


def expect_nothing_left() -> None:
    end = time.monotonic() + 10  # the guard of a killed driver needs a moment
    while (left := left_processes()) and time.monotonic() < end:
        time.sleep(0.01)
    assert not left, f"still running: {left}"


def main() -> None:
    program, sweep_file, kills, seed, *narrow = sys.argv[1:]
    counts = {axis: int(count) for axis, count in (item.split("=") for item in narrow)}
    rng = random.Random(int(seed))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sweep = narrowed(pathlib.Path(sweep_file), counts, folder)
        begin = time.monotonic()
        run(program, str(sweep), "--out", str(folder / "whole"))
        seconds = time.monotonic() - begin
        # On average the kills take the time of the whole run, so that they fall all over it.
        kill_at_random(program, sweep, folder / "killed", int(kills),
                       2 * seconds / int(kills), rng)
        expect_nothing_left()
        run(program, str(sweep), "--resume", str(folder / "killed"))
        expect_nothing_left()
        expected = sorted(map(content, whole_lines(folder / "whole")))
        actual = sorted(map(content, whole_lines(folder / "killed")))
        assert len(set(actual)) == len(actual), "a record is there twice"
        assert actual == expected, (
            f"{len(expected)} records without kills, {len(actual)} with; first difference: "
            f"{next(((a, b) for a, b in zip(actual, expected) if a != b), 'the number')}")
        for report in REPORTS:
            same = (folder / "whole" / report).read_bytes() == (folder / "killed" / report).read_bytes()
            assert same, f"{report} differs"
        assert not list((folder / "killed").glob("*.tmp")), "temporary files are left"
        print(f"{len(actual)} records, the same with {kills} kills as without")


main()
