#include "harness/cli/tune_manual.h"

namespace harness {

const char* const kTuneManual = R"(NAME
    bench_sweep tune - find what trains fastest

SYNOPSIS
    bench_sweep tune SPEC [--budget TIME] [--filter CONDITIONS]
                [--memory-limit SIZE] [--out DIR] [--worker PATH]
                [--when-busy wait|refuse] [--quiet]

DESCRIPTION
    Finds among the cells of the sweep file SPEC the implementation, micro-batch
    and flags with the most samples a second at the sweep's `global_batch`, and
    measures far fewer of them than a run would.

    Micro-batches that do not divide the global batch are left out, and so is
    every cell whose planned peak is over the memory limit: no trial that cannot
    fit is launched. "cheapest" means "all" here. A few trials fit a cost model
    of implementations, micro-batches and flags; what it says may be the fastest
    is measured; the fastest of these run side by side, fewer every pass. Each
    trial is a fresh worker behind the correctness check, as in a run.

    The sweep must name one sequence length, one precision, one model and a
    global batch. `measure` says how many passes the last cells share (rounds),
    what a trial is, and the seed of the order. `trace` has no effect.

OPTIONS
    --budget TIME
        Stop before the first trial that would end later: a number and a unit
        (s, min, h), as in 10min. Planning counts. Without it the search takes
        at most a quarter of the launches that a run of the fitting cells takes,
        more only where a few cells leave too few to compare two of them.
    --filter CONDITIONS
        Choose only from the cells that the conditions keep, as in a run.
    --out DIR
        Write to DIR, which must be absent or empty.
    --memory-limit SIZE
        Use this memory limit in place of the sweep's.
    --worker PATH
        Use this worker program in place of the bench_worker beside bench_sweep.
    --when-busy wait|refuse
        As for `bench_sweep run`. Waiting is not part of the budget.
    --quiet
        Show no progress.
)";

const char* const kTuneManualFiles = R"(
FILES
    runs/NAME/TIME-tune/    Where everything goes without --out. In it:
    tuning.md, tuning.json  The answer, its interval, the runners-up, and why.
    deepspeed_config.json   The answer, for
                            `bert_squad train --deepspeed_config`.
    records.jsonl, run.json and the reports of a run
                            Of every trial; a trial's round is its pass.

EXAMPLES
    bench_sweep tune sweeps/tune_cpu_minilm.json --budget 10min
)";

}  // namespace harness
