#!/usr/bin/env python3
"""The speedups in README.md and docs/performance.md, from the runs stored in docs/results.

usage: speedup_tables.py [--write] [--root FOLDER]

Prints both tables. --write puts them in place, between the lines
  <!-- speedup_tables.py NAME --> and <!-- end --> of README.md (NAME: speedups)
  and docs/performance.md (NAME: aims).
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
ROWS = {
    "none": "padded, no flags",
    "flash_attention": "padded, `flash_attention`",
    "remove_padding": "`remove_padding`",
    "flash_attention+remove_padding": "`remove_padding` + `flash_attention`",
}
PAGES = {"speedups": "README.md", "aims": "docs/performance.md"}
END = "<!-- end -->"


class TableError(Exception):
    """What is missing, in one line."""


def interval_text(row: dict) -> str:
    """The median, and the exact 95 % interval where there were rounds enough for one."""
    median = f"{float(row['speedup']):.2f}"
    if not row["speedup_low"]:
        return median
    return f"{median} ({float(row['speedup_low']):.2f}–{float(row['speedup_high']):.2f})"


def read_speedups(root: pathlib.Path, sweep: str, micro_batch: int) -> dict:
    """The rows of `fused`, by (precision, flags)."""
    file = root / "docs/results" / f"{sweep}.speedup.csv"
    try:
        with open(file, encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
    except FileNotFoundError:
        raise TableError(f"{file} is not there: run the sweep and store its speedup.csv") from None
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


def aims_table(results: dict) -> list[str]:
    lines = ["| sweep | what | must / aim | reached |", "|---|---|---:|---:|"]
    for sweep, (what, micro_batch, targets) in SWEEPS.items():
        name = f"`{sweep}`, {what}, micro-batch {micro_batch}"
        for (precision, flags), (must, aim) in targets.items():
            label = "padded" if flags == "none" else f"`{flags}`"
            reached = speedup_of(results[sweep], sweep, precision, flags)
            lines.append(f"| {name} | {precision} {label} | {must} / {aim} | {reached} |")
            name = ""
    return lines


def put(page: str, name: str, table: list[str]) -> str:
    """The page with `table` between its marks."""
    begin = f"<!-- speedup_tables.py {name} -->"
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
        results = {sweep: read_speedups(arguments.root, sweep, micro_batch)
                   for sweep, (_, micro_batch, _) in SWEEPS.items()}
        for name, table in (("speedups", speedups_table(results)), ("aims", aims_table(results))):
            print("\n".join(table), end="\n\n")
            file = arguments.root / PAGES[name]
            page = file.read_text(encoding="utf-8")
            wanted = put(page, name, table)
            if arguments.write:
                file.write_text(wanted, encoding="utf-8")
            elif wanted != page:
                print(f"{PAGES[name]} differs from docs/results: run scripts/speedup_tables.py "
                      "--write", file=sys.stderr)
                status = 1
    except TableError as error:
        print(f"speedup_tables.py: {error}", file=sys.stderr)
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())
