#!/usr/bin/env python3
"""Markdown of a self-test: its rates, and a row for every gate.

Usage: self_test_table.py SELFTEST_JSON
"""

import json
import pathlib
import sys

RATES = (
    ("failed_gates", "gates that failed"),
    ("false_alarms", "cells that failed twice: false alarms"),
    ("alarms", "cells that failed when first measured"),
    ("inconclusive", "cells that were inconclusive"),
    ("slower", "cells that were slower at first"),
)


def percent(fraction: float) -> str:
    return f"{100 * fraction:.2f} %"


def rate_row(title: str, rate: dict) -> str:
    if rate["of"] == 0:
        return f"| {title} | 0 of 0 | | |"
    low, high = map(percent, rate["interval"])
    return f"| {title} | {rate['count']} of {rate['of']} | {percent(rate['rate'])} | {low} to {high} |"


def first_times(gate: dict) -> list[dict]:
    """What each cell's first measurement said; none of cells whose time was not judged."""
    times = (cell["first_time"] or cell["time"] for cell in gate["cells"])
    return [time for time in times if time]


def gate_row(number: int, gate: dict) -> str:
    times = first_times(gate)
    changes = [100 * (time["ratio"] - 1) for time in times]
    widths = [(high - low) / 2 for low, high in
              (time["interval"] for time in times if time["interval"])]
    span = f"{min(changes):+.2f} to {max(changes):+.2f} %" if changes else ""
    widest = f"±{100 * max(widths):.2f} %" if widths else ""
    alarms = sum(time["verdict"] == "failed" for time in times)
    return (f"| {number} | {len(times)} | {span} | {widest} | {alarms} "
            f"| {gate['counts']['failed']} | {gate['counts']['inconclusive']} | {gate['verdict']} |")


def table(test: dict) -> str:
    lines = ["| | count | rate | 95 % interval |", "|:---|---:|---:|---:|"]
    lines += [rate_row(title, test[key]) for key, title in RATES]
    lines += ["", "| gate | cells | changes | widest interval | failed at first | failed twice "
              "| inconclusive | verdict |", "|---:|---:|---:|---:|---:|---:|---:|:---|"]
    lines += [gate_row(number, gate) for number, gate in enumerate(test["gates"], 1)]
    return "\n".join(lines)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    print(table(json.loads(pathlib.Path(sys.argv[1]).read_text())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
