#!/usr/bin/env python3
"""The measured tables of README.md and docs/, from the runs stored in docs/results.

usage: measured_tables.py [--write] [--root FOLDER]

Prints every table. --write puts each in place, between the lines
  <!-- measured_tables.py NAME --> and <!-- end --> of its page (PAGES below).
Exit status 1 where a page does not hold its table as the results have it (not with --write), 2 with
one line where a result or a mark is missing.
"""
import argparse
import csv
import pathlib
import sys

# Of each sweep: what readers call it, its micro-batch, and per column (precision and flags, padded
# or not) what the fused implementation must reach and aims at, over the baseline.
SWEEPS = {
    "cpu_bert_large_layer": ("BERT-large layer", 4, {
        ("fp32", "none"): ("1.15", "1.30"), ("bf16", "none"): ("1.18", "1.35"),
        ("fp32", "remove_padding"): ("2.4", "2.9"), ("bf16", "remove_padding"): ("2.5", "3.1")}),
    "cpu_bert_base_layer": ("BERT-base layer", 4, {
        ("fp32", "none"): ("1.20", "1.40"), ("bf16", "none"): ("1.30", "1.55"),
        ("fp32", "remove_padding"): ("2.5", "3.0"), ("bf16", "remove_padding"): ("2.8", "3.5")}),
    "cpu_minilm": ("whole minilm-l6", 8, {
        ("fp32", "none"): ("1.45", "1.75"), ("bf16", "none"): ("1.65", "2.0"),
        ("fp32", "remove_padding"): ("3.0", "4.0"), ("bf16", "remove_padding"): ("3.5", "4.5")}),
}
PRECISIONS = ("fp32", "bf16")
# The folder of docs/results that holds a machine's runs of these sweeps; README shows the first.
MACHINES = {"Xeon with AMX": ".", "Zen 5": "zen5", "Zen 4": "zen4"}
ROWS = {
    "none": "padded, no flags",
    "flash_attention": "padded, `flash_attention`",
    "remove_padding": "`remove_padding`",
    "flash_attention+remove_padding": "`remove_padding` + `flash_attention`",
}
# Of compare_tpp.md: the rows of `fused` without padding have one flag more.
PEER_SETTINGS = {"padded": ("fused (no flags)", "fused flash_attention"),
                 "unpadded": ("fused remove_padding", "fused remove_padding+flash_attention")}
# Flags of `fused` in 16 GiB: what readers call them, and the multiple of each PyTorch
# implementation's micro-batch that they must reach.
LARGEST_SETS = {
    "normalize_invertible+gelu_checkpoint+attn_dropout_checkpoint":
        ("DeepSpeed's three memory flags", "2.0", "1.5"),
    "normalize_invertible+gelu_checkpoint+flash_attention":
        ("`flash_attention`, `normalize_invertible`, `gelu_checkpoint`", "3.5", "2.6"),
}
# Of docs/flags.md: sweeps and the flags of `fused` whose rates stand side by side.
FLAG_RATES = {"cpu_bert_large_layer": "BERT-large layer", "cpu_minilm": "MiniLM"}
FLAG_SETS = ("none", "normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint",
             "flash_attention", "remove_padding", "flash_attention+remove_padding")
# Of cpu_minilm_vs_huggingface: what readers call each implementation and its flags.
HUGGINGFACE = "cpu_minilm_vs_huggingface"
HUGGINGFACE_ROWS = {
    ("hf_eager", "none"): "HuggingFace, eager attention",
    ("hf_sdpa", "none"): "HuggingFace, SDPA (its default)",
    ("hf_compile", "none"): "HuggingFace, SDPA, `torch.compile`",
    ("pytorch_tuned", "none"): "`pytorch_tuned`",
    ("fused", "none"): "`fused`, padded, no flags",
    ("fused", "flash_attention+remove_padding"): "`fused`, `flash_attention` + `remove_padding`",
}
PAGES = {"quickstart": "README.md", "speedups": "README.md", "huggingface": "README.md",
         "flag_rates": "docs/flags.md", "aims": "docs/performance.md", "peer": "docs/peers.md",
         "largest_micro_batch": "docs/performance.md"}
END = "<!-- end -->"


class TableError(Exception):
    """What is missing, in one line."""


def interval_text(row: dict) -> str:
    """The median, and the exact 95 % interval where there were rounds enough for one."""
    median = f"{float(row['speedup']):.2f}"
    if not row["speedup_low"]:
        return median
    return f"{median} ({float(row['speedup_low']):.2f}–{float(row['speedup_high']):.2f})"


def read_result(root: pathlib.Path, name: str) -> str:
    file = root / "docs/results" / name
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise TableError(f"{file} is not there: measure again and store it") from None


def read_speedups(root: pathlib.Path, folder: str, sweep: str, micro_batch: int) -> dict:
    """The rows of `fused`, by (precision, flags)."""
    rows = csv.DictReader(read_result(root, f"{folder}/{sweep}.speedup.csv").splitlines())
    return {(row["precision"], row["candidate_flags"]): row for row in rows
            if row["candidate"] == "fused" and int(row["micro_batch"]) == micro_batch}


def speedup_of(rows: dict, sweep: str, precision: str, flags: str) -> str:
    row = rows.get((precision, flags))
    if row is None or not row["speedup"]:
        raise TableError(f"{sweep}.speedup.csv has no speedup of fused, {precision}, {flags}")
    return interval_text(row)


def speedups_table(results: dict) -> list[str]:
    heads, columns = [], []
    for sweep, (what, micro_batch, _) in SWEEPS.items():
        for precision in PRECISIONS:
            first = precision == PRECISIONS[0]
            heads.append(f"{what}, micro-batch {micro_batch}, {precision}" if first else precision)
            columns.append((sweep, precision))
    lines = ["| `fused` | " + " | ".join(heads) + " |", "|---|" + "---:|" * len(heads)]
    for flags, label in ROWS.items():
        cells = [speedup_of(results[sweep], sweep, precision, flags)
                 for sweep, precision in columns]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return lines


def huggingface_table(root: pathlib.Path) -> list[str]:
    """Rates, × over the sweep's baseline and peaks, of each implementation and precision; a line that
    says so where nothing is stored yet."""
    if not (root / f"docs/results/{HUGGINGFACE}.speedup.csv").exists():
        return ["Not measured yet."]
    found = {}
    for row in csv.DictReader(read_result(root, f"{HUGGINGFACE}.speedup.csv").splitlines()):
        baseline = (row["baseline"], "none")
        found[row["precision"], *baseline] = (row["baseline_samples_per_second"], "1",
                                              row["baseline_peak_bytes"])
        candidate = (row["candidate"], row["candidate_flags"])
        speedup = interval_text(row) if row["speedup"] else ""
        found[row["precision"], *candidate] = (row["candidate_samples_per_second"], speedup,
                                               row["candidate_peak_bytes"])
    heads = [f"{precision} samples/s | × | peak MiB" for precision in PRECISIONS]
    lines = ["| | " + " | ".join(heads) + " |", "|---|" + "---:|" * 3 * len(PRECISIONS)]
    for key, label in HUGGINGFACE_ROWS.items():
        cells = []
        for precision in PRECISIONS:
            rate, speedup, peak = found.get((precision, *key), ("", "", ""))
            if not (rate and speedup and peak):
                raise TableError(f"{HUGGINGFACE}.speedup.csv has no row of {key[0]}, {precision}, "
                                 f"{key[1]}")
            cells += [f"{float(rate):.2f}", speedup, f"{int(peak) / 2**20:.0f}"]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return lines


def markdown_rows(text: str) -> list[list[str]]:
    """The fields of every row of a Markdown table, headings included."""
    return [[field.strip() for field in line.strip("|").split("|")]
            for line in text.splitlines()
            if line.startswith("|") and not set(line) <= set("|-: ")]


def rate_text(samples_per_second: str) -> str:
    return f"{float(samples_per_second):.2f}" if samples_per_second else "OOM"


def quickstart_table(report: str) -> list[str]:
    """From its report.md: the rows of `fused`, which choose its flags at every micro-batch."""
    lines = ["| micro-batch | `pytorch_eager` samples/s | `fused` samples/s | × | flags of `fused` | "
             "peak MiB |", "|---:|---:|---:|---:|---|---:|"]
    section = report.partition("\n## Speedup\n")[2].partition("\n## ")[0]
    for row in markdown_rows(section):
        if row[4] != "fused":
            continue
        micro_batch, _, baseline_rate, _, _, flags, rate, peak, ratio, interval = row
        ratio = ratio.replace("†", " †") + (f" ({interval})" if interval else "")
        lines.append(f"| {micro_batch} | {baseline_rate} | {rate} | {ratio} | "
                     f"{flags.replace('+', ' + ')} | {peak} |")
    if len(lines) == 2:
        raise TableError("quickstart.md has no row of fused in its table of speedups")
    return lines


def flag_rates_table(results: dict) -> list[str]:
    heads = [f"{what} {precision}" if precision == PRECISIONS[0] else precision
             for what in FLAG_RATES.values() for precision in PRECISIONS]
    lines = ["| flags of `fused` | " + " | ".join(heads) + " |", "|---|" + "---:|" * len(heads)]
    for flags in FLAG_SETS:
        rows = [results[sweep].get((precision, flags))
                for sweep in FLAG_RATES for precision in PRECISIONS]
        label = flags if flags == "none" else f"`{flags}`"
        lines.append(f"| {label} | " + " | ".join(
            rate_text(row["candidate_samples_per_second"]) if row else "" for row in rows) + " |")
    return lines


def aims_table(results_by_machine: dict) -> list[str]:
    lines = ["| sweep | what | must / aim | " + " | ".join(results_by_machine) + " |",
             "|---|---|---:|" + "---:|" * len(results_by_machine)]
    for sweep, (what, micro_batch, targets) in SWEEPS.items():
        name = f"`{sweep}`, {what}, micro-batch {micro_batch}"
        for (precision, flags), (must, aim) in targets.items():
            label = "padded" if flags == "none" else f"`{flags}`"
            reached = " | ".join(speedup_of(results[sweep], sweep, precision, flags)
                                 for results in results_by_machine.values())
            lines.append(f"| {name} | {precision} {label} | {must} / {aim} | {reached} |")
            name = ""
    return lines


def peer_table(compared: str) -> list[str]:
    """From the report of compare_tpp.py: a section a precision and padding, a row a form."""
    lines = ["| | `fused`, no memory flags | `fused` with `flash_attention` |", "|---|---:|---:|"]
    for precision in PRECISIONS:
        for padding, forms in PEER_SETTINGS.items():
            _, found, section = compared.partition(f"\n{precision}, {padding}, ")
            rows = {row[0].split(",")[0]: row[2]
                    for row in markdown_rows(section.split("\n\n", 2)[1])} if found else {}
            missing = [form for form in forms if form not in rows]
            if missing:
                raise TableError(f"compare_tpp.md has no row '{missing[0]}', {precision}, {padding}")
            label = "without padding" if padding == "unpadded" else padding
            lines.append(f"| {precision}, {label} | " +
                         " | ".join(rows[form] for form in forms) + " |")
    return lines


def largest_micro_batch_table(searched: str) -> list[str]:
    """From the report of largest_micro_batch.py: a row an implementation and flag set."""
    largest = {(row[0], row[1]): int(row[2]) for row in markdown_rows(searched) if row[2].isdigit()}

    def of(implementation: str, flags: str) -> int:
        if (implementation, flags) not in largest:
            raise TableError("cpu_bert_large_16g.largest_micro_batch.md has no row of "
                             f"{implementation}, {flags}")
        return largest[implementation, flags]

    eager, tuned = of("pytorch_eager", "none"), of("pytorch_tuned", "none")
    lines = ["| implementation | flags | largest micro-batch | × `pytorch_eager` (must) | "
             "× `pytorch_tuned` (must) |", "|---|---|---:|---:|---:|",
             f"| `pytorch_eager` | none | {eager} | 1 | |",
             f"| `pytorch_tuned` | none | {tuned} | {tuned / eager:.2f} | 1 |"]
    for flags, (label, over_eager, over_tuned) in LARGEST_SETS.items():
        fused = of("fused", flags)
        lines.append(f"| `fused` | {label} | {fused} | {fused / eager:.2f} ({over_eager}) | "
                     f"{fused / tuned:.2f} ({over_tuned}) |")
    return lines


def put(page: str, name: str, table: list[str]) -> str:
    """The page with `table` between its marks."""
    begin = f"<!-- measured_tables.py {name} -->"
    head, found, rest = page.partition(begin + "\n")
    _, ended, tail = rest.partition(END)
    if not found or not ended:
        raise TableError(f"{PAGES[name]} has no lines {begin} and {END}")
    return head + found + "\n".join(table) + "\n" + ended + tail


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[1])
    arguments = parser.parse_args()
    status = 0
    try:
        results = {machine: {sweep: read_speedups(arguments.root, folder, sweep, micro_batch)
                             for sweep, (_, micro_batch, _) in SWEEPS.items()}
                   for machine, folder in MACHINES.items()}
        newest = results[next(iter(MACHINES))]
        tables = {
            "quickstart": quickstart_table(
                read_result(arguments.root, "quickstart.md")),
            "speedups": speedups_table(newest),
            "huggingface": huggingface_table(arguments.root),
            "flag_rates": flag_rates_table(newest),
            "aims": aims_table(results),
            "peer": peer_table(read_result(arguments.root, "compare_tpp.md")),
            "largest_micro_batch": largest_micro_batch_table(
                read_result(arguments.root, "cpu_bert_large_16g.largest_micro_batch.md")),
        }
        for name, table in tables.items():
            print("\n".join(table), end="\n\n")
            file = arguments.root / PAGES[name]
            page = file.read_text(encoding="utf-8")
            wanted = put(page, name, table)
            if arguments.write:
                file.write_text(wanted, encoding="utf-8")
            elif wanted != page:
                print(f"{PAGES[name]} differs from docs/results: run scripts/measured_tables.py "
                      "--write", file=sys.stderr)
                status = 1
    except TableError as error:
        print(f"measured_tables.py: {error}", file=sys.stderr)
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())
