#include "harness/cli/manual.h"

#include "harness/cli/gate_manual.h"
#include "harness/cli/tune_manual.h"

namespace harness {
namespace {

constexpr const char* kExitStatus = R"(
EXIT STATUS
    0    Done.
    1    A gate or a budget failed.
    2    The command line or the sweep file is wrong; nothing was written.
    3    Inconclusive: a cell is mistrusted, because its check proved nothing or
         because its rounds disagree, or a gate could not decide.
    4    A cell was incorrect: it failed the correctness check.
    5    The harness itself failed, or the device is there and no cell passed.
    6    The device that the sweep names is not there. Plans and tables are
         still written.
    130  Interrupted; everything measured so far is kept and reported.
    Where several hold, the first of 2, 5, 4, 6, 1, 3.
)";

constexpr const char* kExitStatusShort = R"(
EXIT STATUS
    0    Done.
    2    The command line, or what it names, is wrong; nothing was written.
    5    The harness itself failed.
    130  Interrupted.
)";

constexpr const char* kOverview = R"(NAME
    bench_sweep - measure BERT training across micro-batches and memory flags

SYNOPSIS
    bench_sweep [run] SPEC [--filter CONDITIONS] [--shard I/N]
                [--memory-limit SIZE] [--out DIR | --resume RUN_DIR
                [--other-machine] [--other-build]] [--worker PATH]
                [--when-busy wait|refuse] [--quiet] [--dry-run]
    bench_sweep list SPEC [--filter CONDITIONS] [--shard I/N]
                [--memory-limit SIZE] [--worker PATH]
    bench_sweep plan SPEC [--filter CONDITIONS] [--memory-limit SIZE]
                [--out DIR] [--worker PATH]
    bench_sweep report RUN_DIR
    bench_sweep merge RUN_DIR... [--out DIR] [--other-machine] [--other-build]
    bench_sweep cell JSON [--worker PATH] [--when-busy wait|refuse]
    bench_sweep doctor [--device cpu|cuda] [--worker PATH]
    bench_sweep tune SPEC [--budget TIME] [--filter CONDITIONS]
                [--memory-limit SIZE] [--out DIR] [--worker PATH]
                [--when-busy wait|refuse] [--quiet]
    bench_sweep completion bash|zsh
    bench_sweep gate SPEC --against-worker PATH | --against-run DIR [...]
    bench_sweep selftest SPEC [--runs N] [...]
    bench_sweep compare BEFORE AFTER [--force]
    bench_sweep --help | --man | --version

DESCRIPTION
    Runs plain PyTorch and fused implementations of BERT training over the axes
    of a sweep file and answers two questions: how much faster is the fused
    implementation at each micro-batch size, and which memory flags does a
    micro-batch size need on a given memory size.

COMMANDS
    run     Measure a sweep and report it. The default: `bench_sweep SPEC`.
    list    Show the cells of a sweep and what would become of each.
    plan    Predict the memory of every cell; measure nothing.
    report  Write the reports of a run again from its records.
    merge   Join runs of one sweep, as its shards, to one run.
    cell    Run one cell again.
    tune    Find the implementation, micro-batch and flags that train fastest.
    doctor  Say what on this machine would disturb a measurement.
    completion
            Print a script that completes command lines in a shell.
    gate    Fail a build that is slower or larger than before, for CI.
    selftest
            How often the gate fails a build that did not change.
    compare Show what differs between two runs.
    `bench_sweep COMMAND --help` shows the manual page of a command.

OPTIONS
    -h, --help    Show this page.
    --man         Print this page and those of all commands for man(1).
    --version     Show the version and the commit it was built from.
)";

constexpr const char* kRun = R"(NAME
    bench_sweep run - measure a sweep and report it

SYNOPSIS
    bench_sweep [run] SPEC [--filter CONDITIONS] [--shard I/N]
                [--memory-limit SIZE] [--out DIR | --resume RUN_DIR
                [--other-machine] [--other-build]] [--worker PATH]
                [--when-busy wait|refuse] [--quiet] [--dry-run]

DESCRIPTION
    Expands the axes of the sweep file SPEC into cells, predicts the memory of
    each, checks every combination of implementation and flags for correctness,
    and then measures: one fresh worker process for every round of a cell, with
    the cells that are compared next to each other in alternating order.

    A worker that crashes, hangs or runs out of memory ends its own cell, never
    the sweep; a cell that did not pass is not launched again. Every record is
    on the disk before the next worker starts. At the end the reports are
    written and the tables printed on standard output. Progress goes to standard
    error.

    Ctrl-C stops the running worker, keeps every record so far and reports them;
    so do SIGTERM and, without nohup, a terminal that is lost. A second Ctrl-C
    ends at once. A run that was stopped, in whatever way, goes on with
    --resume.

OPTIONS
    --filter CONDITIONS
        Run only the cells of which every condition holds: AXIS OPERATOR VALUE,
        separated by commas, as in 'micro_batch>=8,flags~gelu'. AXIS is an axis
        of the sweep or planned_peak_bytes. Operators: = != < <= > >= compare
        numbers and byte sizes ("2 GiB") as such; = and != other values as
        texts; ~ asks whether the axis' text contains VALUE. Flags are joined by
        +, in any order; "none" is no flags. A kept cell is treated as in the
        whole sweep. Says how many cells are left out, and how many have lost
        what they are compared with.
    --dry-run
        Measure and write nothing: print the cells, how many launches they take,
        and how long that should last, by the newest run in runs/NAME that this
        machine made; and how long at most, by the time-outs.
    --out DIR
        Write to DIR, which must be absent or empty.
    --resume RUN_DIR
        Go on with the run in RUN_DIR: what it has recorded is kept and not
        measured again. The sweep, its data, --memory-limit, --filter and
        --shard must be those that it was started with. A directory that is
        absent or empty is a run that recorded nothing.
    --other-machine
        Resume although the machine is not the one that the run was measured on.
    --other-build
        Resume although the worker is another build.
    --shard I/N
        Measure the I-th of N parts of the sweep, from 1. Cells that are
        compared with each other are in one part. `bench_sweep merge` joins the
        parts.
    --memory-limit SIZE
        Use this memory limit in place of the sweep's: a number and a unit, as
        in "512 MiB" or "16 GiB".
    --worker PATH
        Use this worker program in place of the one beside bench_sweep:
        bench_worker, or of a simulated device bench_simulated_worker.
    --when-busy wait|refuse
        What to do where another bench_sweep measures on the same device of this
        machine: wait until it has ended (the default), or end with exit status
        5. Either says who it is. The locks lie in /run/lock, or in the folder
        that the environment variable BENCH_SWEEP_LOCKS names.
    --quiet
        Show no progress.
)";

constexpr const char* kRunFiles = R"(
FILES
    runs/NAME/TIME/         The run directory: sweep name, UTC time of start.
    runs/NAME/latest        Points at the newest one.
    In a run directory:
    records.jsonl           One record a line, as measured, with a checksum.
    run.json                What the reports need besides: plans, axes, limits.
    origin.json             What was measured where: what --resume compares.
    report.html             The report to look at: tables, plots, every record
                            in one file that loads nothing.
    speedup.csv, flag_requirements.csv, flag_costs.csv, memory.csv, report.md
                            The reports; `bench_sweep report` writes them again.
    google_benchmark.json, bencher.json, github_action_benchmark.json
                            The cells that passed, for other tools.
    optimizers.csv          Where the sweep has several optimizers.
    trace/CELL.json, operators.csv
                            Where the sweep asks for traces: one step of each
                            cell that passed, for Perfetto, and its operators.

EXAMPLES
    bench_sweep sweeps/quickstart.json
    bench_sweep sweeps/quickstart.json --memory-limit "2 GiB" --out /tmp/run
    bench_sweep sweeps/quickstart.json --filter 'micro_batch<=12' --dry-run
    bench_sweep sweeps/quickstart.json --resume runs/quickstart/latest
)";

constexpr const char* kList = R"(NAME
    bench_sweep list - show the cells of a sweep

SYNOPSIS
    bench_sweep list SPEC [--filter CONDITIONS] [--shard I/N]
                [--memory-limit SIZE] [--worker PATH]

DESCRIPTION
    Prints one line for every cell of the sweep file SPEC: its axes, its planned
    peak memory, and whether it would be launched, with the reason where it
    would not. Measures and writes nothing.

OPTIONS
    --filter CONDITIONS
        Show only the cells of which every condition holds; see
        `bench_sweep run --help`.
    --shard I/N
        Show the I-th of N parts of the sweep.
    --memory-limit SIZE
        Use this memory limit in place of the sweep's.
    --worker PATH
        Use this worker program in place of the one beside bench_sweep:
        bench_worker, or of a simulated device bench_simulated_worker.
)";

constexpr const char* kListExamples = R"(
FILES
    Writes none.

EXAMPLES
    bench_sweep list sweeps/quickstart.json
)";

constexpr const char* kPlan = R"(NAME
    bench_sweep plan - predict the memory of a sweep

SYNOPSIS
    bench_sweep plan SPEC [--filter CONDITIONS] [--memory-limit SIZE]
                [--out DIR] [--worker PATH]

DESCRIPTION
    Predicts the peak memory of every cell of the sweep file SPEC and, for every
    limit in its `flag_table_limits`, which memory flags each micro-batch needs.
    Prints both tables and writes them as CSV, and says on standard error how
    many cells it planned in how many seconds. Measures nothing, so the device
    that the sweep names need not be there.

OPTIONS
    --filter CONDITIONS
        Plan only the cells of which every condition holds; see
        `bench_sweep run --help`. Flag requirements are still those of the whole
        sweep.
    --out DIR
        Write to DIR, which must be absent or empty.
    --memory-limit SIZE
        Use this memory limit in place of the sweep's.
    --worker PATH
        Use this worker program in place of the one beside bench_sweep:
        bench_worker, or of a simulated device bench_simulated_worker.
)";

constexpr const char* kPlanFiles = R"(
FILES
    runs/NAME/TIME-plan/    Where the tables go without --out.
    memory.csv              Planned peak bytes of every cell, by category.
    flag_requirements.csv   Flags that each range of micro-batches needs.

EXAMPLES
    bench_sweep plan sweeps/v100_32g.json
)";

constexpr const char* kReport = R"(NAME
    bench_sweep report - write the reports of a run again

SYNOPSIS
    bench_sweep report RUN_DIR

DESCRIPTION
    Reads and verifies the records in RUN_DIR, writes every report there again
    and prints the tables. Needs neither the device nor the worker. A last
    record that was cut off (the machine went down while it was written) is left
    out with a warning; any other damage is an error.

OPTIONS
    None but --help.
)";

constexpr const char* kReportFiles = R"(
FILES
    RUN_DIR/run.json, RUN_DIR/records.jsonl
                            Read.
    RUN_DIR/report.html, report.md, speedup.csv, flag_requirements.csv,
    flag_costs.csv, memory.csv, google_benchmark.json, bencher.json,
    github_action_benchmark.json
                            Written.

EXAMPLES
    bench_sweep report runs/quickstart/latest
)";

constexpr const char* kMerge = R"(NAME
    bench_sweep merge - join runs of one sweep

SYNOPSIS
    bench_sweep merge RUN_DIR... [--out DIR] [--other-machine] [--other-build]

DESCRIPTION
    Reads and verifies the runs in the RUN_DIRs, which are shards of one sweep
    or as much of it as several machines came to, joins them to a new run,
    writes its reports and prints the tables. The runs stay as they are.

    Refuses runs of different sweeps, a comparison of which the sides were
    measured on different machines, and different records of one cell and round.
    A record that several runs have is kept once.

OPTIONS
    --out DIR
        Write to DIR, which must be absent or empty.
    --other-machine
        Join comparisons of machines that differ in more than their name, each
        within itself from one machine. Tables that compare micro-batches then
        compare machines.
    --other-build
        Join runs of different builds of the worker.
)";

constexpr const char* kMergeFiles = R"(
FILES
    RUN_DIR/origin.json, RUN_DIR/run.json, RUN_DIR/records.jsonl, RUN_DIR/trace/
                            Read.
    runs/NAME/TIME/         The joined run without --out.

EXAMPLES
    bench_sweep merge runs/shard1 runs/shard2 --out runs/merged
)";

constexpr const char* kCell = R"(NAME
    bench_sweep cell - run one cell again

SYNOPSIS
    bench_sweep cell JSON [--worker PATH] [--when-busy wait|refuse]

DESCRIPTION
    Checks one cell for correctness, measures one round of it in a fresh worker
    and prints the record. JSON is the cell itself, as in the `cell` of a
    record, or a file that holds it. The `repro` of a record is such a command
    line.

    The cell is launched even where the plan puts it over its memory limit,
    which then stops it: a sweep leaves such a cell out where it is not next to
    a memory boundary. A cell that this machine's free memory cannot hold is not
    launched, as in a sweep; the record says so.

OPTIONS
    --worker PATH
        Use this worker program in place of the one beside bench_sweep:
        bench_worker, or of a simulated device bench_simulated_worker.
    --when-busy wait|refuse
        As for `bench_sweep run`.
)";

constexpr const char* kCellExamples = R"(
FILES
    Writes none.

EXAMPLES
    head -1 runs/quickstart/latest/records.jsonl | python3 -c '
    import json; print(json.dumps(json.loads(input())["cell"]))' > cell.json
    bench_sweep cell cell.json
)";

constexpr const char* kDoctor = R"(NAME
    bench_sweep doctor - say what would disturb a measurement

SYNOPSIS
    bench_sweep doctor [--device cpu|cuda] [--worker PATH]

DESCRIPTION
    Looks at this machine for a second and prints a line for each thing that it
    looked at: "ok", "disturbs", "unknown" where the kernel does not say, or
    "broken" where nothing can be measured at all; then what was found, and what
    to do about it. Changes nothing.

    It looks at the frequency governor, turbo, processors that share a core, the
    clock source, whether this is a virtual machine, the load average, other
    busy processes (more than 5 % of a processor), time that a hypervisor took,
    the control group's bounds on processors and memory, free memory, swap and
    huge pages; whether the worker's libraries, LibTorch among them, are found
    and the worker starts. For CUDA also at NVIDIA's driver, whether it is new
    enough for the worker's CUDA runtime, and whether the GPUs are free.

OPTIONS
    --device cpu|cuda
        What is to be measured on; the default is cpu.
    --worker PATH
        Look at this worker program in place of the bench_worker beside
        bench_sweep.

EXIT STATUS
    0    Nothing that was found disturbs a measurement.
    1    Something does.
    2    The command line is wrong.
    5    Something is broken: nothing can be measured.
    130  Interrupted.

FILES
    Writes none.

EXAMPLES
    bench_sweep doctor && bench_sweep sweeps/quickstart.json
)";

constexpr const char* kCompletion = R"(NAME
    bench_sweep completion - print a script that completes command lines

SYNOPSIS
    bench_sweep completion bash|zsh

DESCRIPTION
    Prints a script for the shell that is named. With it the shell completes
    commands, options, what options may be, sweep files and run directories. An
    installed bench_sweep has both in place.

OPTIONS
    None but --help.

EXIT STATUS
    0    Done.
    2    The command line is wrong.

FILES
    Writes none.

EXAMPLES
    source <(bench_sweep completion bash)
    bench_sweep completion zsh > ~/.zfunc/_bench_sweep
)";

}  // namespace

const std::map<std::string, std::string>& manual_pages() {
  static const std::map<std::string, std::string> pages = [] {
    const std::string status = kExitStatus;
    const std::string short_status = kExitStatusShort;
    return std::map<std::string, std::string>{
        {"bench_sweep", kOverview + status + kRunFiles},
        {"bench_sweep run", kRun + status + kRunFiles},
        {"bench_sweep list", kList + short_status + kListExamples},
        {"bench_sweep plan", kPlan + short_status + kPlanFiles},
        {"bench_sweep report", kReport + short_status + kReportFiles},
        {"bench_sweep merge", kMerge + short_status + kMergeFiles},
        {"bench_sweep cell", kCell + status + kCellExamples},
        {"bench_sweep doctor", kDoctor},
        {"bench_sweep completion", kCompletion},
        {"bench_sweep gate", kGateManual + status + kGateManualFiles},
        {"bench_sweep compare", kCompareManual + short_status + kCompareManualFiles},
        {"bench_sweep selftest", kSelfTestManual + status + kSelfTestManualFiles},
        {"bench_sweep tune", kTuneManual + status + kTuneManualFiles},
    };
  }();
  return pages;
}

std::string manual_page(const std::string& command) {
  return manual_pages().at(command);
}

}  // namespace harness
