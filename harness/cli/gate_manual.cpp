#include "harness/cli/gate_manual.h"

namespace harness {

const char* const kGateManual = R"(NAME
    bench_sweep gate - fail a build that is slower or larger than before

SYNOPSIS
    bench_sweep gate SPEC --against-worker PATH [--worker PATH] [--rounds N]
                     [--shared-runner] [--filter CONDITIONS]
                     [--memory-limit SIZE] [--out DIR]
                     [--when-busy wait|refuse] [--quiet]
    bench_sweep gate SPEC --against-run DIR [...]

DESCRIPTION
    Compares this build with another one over the cells of the sweep file SPEC,
    for CI. Each round of a cell is two fresh worker processes, one a side, next
    to each other; which of them is first alternates in an order that the seed
    of the sweep decides. A round's ratio is that of the two processes' median
    steps, and a cell's change the median of its rounds' ratios, with its exact
    95 % interval.

    A cell fails where the whole interval is slower than before and the change
    is above its budget. It is then measured again from scratch, and fails only
    if it does so twice. A cell that did not fail is inconclusive where half of
    its interval is wider than the budget: the measurement could not have seen
    such a change.

    Peak memory has a budget of 0.5 % and no statistics. What fitted and is out
    of memory now always fails, and so does any other change of status for the
    worse; a change for the better is an improvement.

    Against a run directory only memory and status are compared, because another
    day's times were met by another day's machine. A cell that only one side has
    is inconclusive.

    A simulated device needs neither option: without them it is gated against
    itself after the change that the sweep has under "after".

    Budgets stand in the sweep file under "gate", for all cells or for some;
    docs/measuring.md explains them and everything above.

OPTIONS
    --against-worker PATH
        The worker program of the build to compare with.
    --against-run DIR
        The run directory to compare with.
    --worker PATH
        Use this worker program in place of the bench_worker beside bench_sweep.
    --rounds N
        Rounds of each cell and side, at least 6 against a worker. Default: 10,
        or 1 against a run.
    --shared-runner
        The machine is shared with other jobs: the budget of the time is 5 %
        instead of 3 % where the sweep names none.
    --filter CONDITIONS
        Measure only the cells that these conditions keep; see
        `bench_sweep run --help`.
    --memory-limit SIZE
        Use this memory limit in place of the sweep's.
    --out DIR
        Write to DIR, which must be absent or empty.
    --when-busy wait|refuse
        As for `bench_sweep run`; the device is taken until the last worker
        ends.
    --quiet
        Show no progress.
)";

const char* const kGateManualFiles = R"(
FILES
    runs/NAME/TIME-gate/    Where everything goes without --out. In it:
    gate.json               Every verdict, with what it was made from.
    gate.xml                The same as JUnit XML, a test case a cell.
    gate.md                 A summary for a pull request.
    before/, after/         A run directory a side; against a run only after/.
    again/before/, again/after/
                            The second measurement of cells that failed.

EXAMPLES
    bench_sweep gate sweeps/gate_ci.json --against-worker ../main/bench_worker
    bench_sweep gate sweeps/gate_ci.json --against-run tests/sweep/gate_ci
    bench_sweep gate sweeps/simulated_slowdown.json
)";

const char* const kSelfTestManual = R"(NAME
    bench_sweep selftest - how often the gate fails a build that did not change

SYNOPSIS
    bench_sweep selftest SPEC [--runs N] [--worker PATH] [--rounds N]
                         [--shared-runner] [--filter CONDITIONS]
                         [--memory-limit SIZE] [--out DIR]
                         [--when-busy wait|refuse] [--quiet]

DESCRIPTION
    Gates this build against itself, N times, and prints with exact 95 %
    intervals: how many gates failed, how many cells failed twice (the false
    alarms of a gate), how many failed when first measured, how many were
    inconclusive, and how many were slower than their twin at first. That last
    rate is one half where nothing but chance tells the sides apart.

OPTIONS
    --runs N
        Gates to run. Default: 1.
    --worker PATH
        Use this worker program in place of the bench_worker beside bench_sweep.
    --rounds N
        Rounds of each cell and side, at least 6. Default: 10.
    --shared-runner
        As of `bench_sweep gate`.
    --filter CONDITIONS
        Measure only the cells that these conditions keep; see
        `bench_sweep run --help`.
    --memory-limit SIZE
        Use this memory limit in place of the sweep's.
    --out DIR
        Write to DIR, which must be absent or empty.
    --when-busy wait|refuse
        As for `bench_sweep run`; the device is taken until the last worker
        ends.
    --quiet
        Show no progress.
)";

const char* const kSelfTestManualFiles = R"(
FILES
    runs/NAME/TIME-selftest/
                            Where everything goes without --out. In it:
    selftest.json           The rates, and the verdicts of every gate.
    gate-001/, gate-002/    What each gate wrote, as `bench_sweep gate` does.

EXAMPLES
    bench_sweep selftest sweeps/gate_ci.json --runs 30
)";

const char* const kCompareManual = R"(NAME
    bench_sweep compare - show what differs between two runs

SYNOPSIS
    bench_sweep compare BEFORE AFTER [--force]

DESCRIPTION
    Reads the run directories BEFORE and AFTER and prints, for every cell that
    both have, the rate and the peak memory on both sides and the speedup; then
    the geometric mean of the speedups, with how many cells are in it, and the
    cells that only one of the runs has. A cell that did not pass on both sides,
    or that differs in more than the build, has no speedup.

    A speedup here has no interval: the runs were measured one after the other,
    and what changed on the machine between them is in neither run's spread. To
    decide whether a build is slower, use `bench_sweep gate`.

    Runs of another device, processor, number of processors or threads, or other
    versions of LibTorch and the mathematical libraries, are not compared.

OPTIONS
    --force
        Compare runs that were not measured alike, and cells that differ in more
        than the build; what differs is shown all the same.
)";

const char* const kCompareManualFiles = R"(
FILES
    BEFORE/run.json, BEFORE/records.jsonl, and AFTER's
                            Read. Writes none.

EXAMPLES
    bench_sweep compare runs/quickstart/2026-11-01T10-00-00Z \
        runs/quickstart/latest
)";

}  // namespace harness
