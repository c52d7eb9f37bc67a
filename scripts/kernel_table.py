#!/usr/bin/env python3
"""Writes what bench_kernels measured as Markdown.

Usage: kernel_table.py FILE > docs/results/bench_kernels.md

FILE is bench_kernels' --benchmark_out of format json, of whole layers and of the operators at
bert-large, repeated, aggregates or more: `make kernel-report` runs both on the CPU, and the same
options with --device cuda do so on a GPU. Exit status 2, with one line on standard error, where FILE
does not hold what the tables need.
"""
import dataclasses
import json
import sys

# Share of the machine's peak that a padded BERT-large layer must reach, and aims at, in percent.
MUST = 82
AIM = 90

MODELS = ("bert-large", "bert-base", "minilm-l6")
PRECISIONS = ("fp32", "fp16", "bf16")
DENSE = ("qkv", "attention_output", "ffn1", "ffn2")
DENSE_DIRECTIONS = ("forward", "input_gradient", "weight_gradient")
ATTENTION = ("scores/forward", "scores/query_gradient", "scores/key_gradient",
             "context/forward", "context/probability_gradient", "context/value_gradient")

# What the table of the machine shows of the context, and as what.
CPU_CONTEXT = {"cpu": "processor", "threads": "threads", "kernel_simd": "instruction set",
               "libtorch": "LibTorch", "peak_fp32": "peak, fp32", "peak_bf16": "peak, bf16",
               "copy_in_memory": "copy in memory", "date": "date"}
GPU_CONTEXT = {"gpu": "GPU", "driver": "driver for CUDA", "cuda": "CUDA", "libtorch": "LibTorch",
               "cpu": "processor", "l2_flush": "second-level cache flushed before each run",
               "peak_fp32": "peak, fp32", "peak_fp16": "peak, fp16", "peak_bf16": "peak, bf16",
               "copy_in_memory": "copy in memory", "date": "date"}


class TableError(Exception):
    """What is wrong with the input, in one line."""


@dataclasses.dataclass(frozen=True)
class Line:
    """Medians over the repetitions of one line, and the time's coefficient of variation."""
    ms: float
    share: float | None   # of the ceiling
    rate: float | None    # FLOP/s, bytes/s or ns/element
    unit: str
    variation: float

    @property
    def ms_at_ceiling(self) -> float:
        return self.ms * self.share


def aggregates(document: dict) -> dict[str, dict[str, dict]]:
    """By "subject/precision/model/line", then by the aggregate's name."""
    found: dict[str, dict[str, dict]] = {}
    for entry in document.get("benchmarks", []):
        if "aggregate_name" in entry:
            name = entry["run_name"].removesuffix("/real_time").removesuffix("/manual_time")
            found.setdefault(name, {})[entry["aggregate_name"]] = entry
    return found


def read_lines(document: dict) -> dict[str, Line]:
    lines = {}
    for name, by_aggregate in aggregates(document).items():
        median = by_aggregate["median"]
        unit = next((u for u in ("FLOP/s", "bytes/s", "ns/element") if u in median), None)
        if unit is None or median["time_unit"] != "us":
            raise TableError(f"{name} is not a line of bench_kernels")
        lines[name] = Line(median["real_time"] / 1e3, median.get("share"), median[unit], unit,
                           by_aggregate["cv"]["real_time"])
    if not lines:
        raise TableError("no medians: run bench_kernels with --benchmark_repetitions=5")
    return lines


class Lines:
    """Lookup that says what is missing."""

    def __init__(self, lines: dict[str, Line], on_gpu: bool):
        self.lines = lines
        self.on_gpu = on_gpu
        # The CPU has no fp16, an old GPU no bf16.
        self.precisions = [precision for precision in PRECISIONS
                           if any(f"/{precision}/" in name for name in lines)]

    def get(self, *parts: str) -> Line:
        name = "/".join(parts)
        if name not in self.lines:
            raise TableError(f"no line {name}: run `make kernel-report`")
        return self.lines[name]

    def case(self, *parts: str) -> dict[str, Line]:
        """Lines of a case by their last name, in the order of the run."""
        prefix = "/".join(parts) + "/"
        return {name.removeprefix(prefix): line for name, line in self.lines.items()
                if name.startswith(prefix)}

    def subjects(self, precision: str, model: str) -> list[str]:
        middle = f"/{precision}/{model}/"
        names = [name.split(middle)[0] for name in self.lines if middle in name]
        return [name for name in dict.fromkeys(names) if not name.startswith("layer/")]


def table(header: list[str], rows: list[list[str]]) -> str:
    """The first column is text, the others are numbers."""
    marks = [":---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, marks, *rows]) + "\n"


def percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f}"


def giga(line: Line) -> str:
    if line.unit == "ns/element":
        return f"{line.rate:.3f} ns/element"
    return f"{line.rate / 1e9:.1f} G{line.unit.replace('bytes', 'B')}"


def layer_rows(case: dict[str, Line]) -> list[list[str]]:
    best = min((case[name].ms for name in ("pytorch_eager", "pytorch_tuned") if name in case),
               default=None)
    if best is None:
        raise TableError("a layer stands without pytorch_eager and pytorch_tuned")
    return [[name, f"{line.ms:.1f}", percent(line.variation), f"{line.rate / 1e9:.0f}",
             percent(line.share), f"{best / line.ms:.2f}"]
            for name, line in case.items() if name != "peak"]


def layer_section(lines: Lines) -> str:
    text = ("## One encoder layer, forward and backward\n\n"
            "Post-LN, dropout 0.1, every gradient, no optimizer. × is over the faster of "
            "`pytorch_eager` and `pytorch_tuned`, padded, in the same table. Padded lines count "
            "the FLOPs of padding, but with `flash_attention` not those of its keys, which it leaves "
            "out; lines with `remove_padding` count those of their tokens only.\n")
    titles = {"layer/full": "every sequence of full length",
              "layer/windows": "lengths of SQuAD's windows"}
    for subject, title in titles.items():
        for model in MODELS:
            for precision in lines.precisions:
                text += f"\n### {model}, {precision}, {title}\n\n" + table(
                    ["", "ms", "± %", "GFLOP/s", "% of peak", "×"],
                    layer_rows(lines.case(subject, precision, model)))
    return text


def aim_section(lines: Lines) -> str:
    rows = [[f"{precision}, {name}", percent(lines.get("layer/full", precision, "bert-large",
                                                       name).share), str(MUST), str(AIM)]
            for precision in lines.precisions for name in ("fused", "fused+flash_attention")]
    return ("## A padded BERT-large layer beside its aim\n\n"
            + table(["", "% of peak", "must reach", "aim"], rows))


def parts_of_layer(lines: Lines, precision: str, flash: bool) -> list[list[str]]:
    """Where the time of the layer is, from its operators' times alone."""
    where = (precision, "bert-large")
    layer = lines.get("layer/full", *where, "fused+flash_attention" if flash else "fused")
    dense = [lines.get(f"gemm/{product}/{direction}", *where, "fused")
             for product in DENSE for direction in DENSE_DIRECTIONS]
    products = [lines.get(f"gemm/{product}", *where, "fused") for product in ATTENTION]
    attention = products
    if flash:
        attention = [lines.get(f"flash_attention/{direction}", *where, "fused")
                     for direction in ("forward", "backward")]
    dense_ms = sum(line.ms for line in dense)
    attention_ms = sum(line.ms for line in attention)
    # A flash kernel computes more products than count, so its own share says nothing here.
    attention_at_peak = sum(line.ms_at_ceiling for line in products)
    dense_at_peak = sum(line.ms_at_ceiling for line in dense)
    parts = {
        "its FLOPs at the machine's peak": layer.ms_at_ceiling,
        "dense products, beyond that": dense_ms - dense_at_peak,
        ("attention with its softmax and dropout, beyond that" if flash else
         "attention's products, beyond that"): attention_ms - attention_at_peak,
        "everything else": layer.ms - dense_ms - attention_ms,
        "the layer": layer.ms,
    }
    return [[name, f"{ms:.1f}", percent(ms / layer.ms)] for name, ms in parts.items()]


def parts_section(lines: Lines) -> str:
    text = ("## Where the rest of a BERT-large layer's time goes\n\n"
            "The layer's time less its operators', each timed alone, as below. What is left over "
            "(\"everything else\") is the operators that move data, without `flash_attention` "
            "softmax and dropout among them, and whatever the operators lose by running in turn: "
            "caches, allocation, autograd.\n")
    for precision in lines.precisions:
        for flash in (False, True):
            name = "fused+flash_attention" if flash else "fused"
            text += f"\n### {precision}, {name}\n\n" + table(
                ["", "ms", "% of the layer"], parts_of_layer(lines, precision, flash))
    return text


def operator_section(lines: Lines) -> str:
    products = ("in fp32 FLOPs in registers, in 16 bits a large product of cuBLASLt"
                if lines.on_gpu else "as many FLOPs in registers")
    text = ("## Operators at BERT-large\n\n"
            f"Ceiling of products: {products}; of the others: a copy that reads "
            "and writes as many bytes, which are in the caches where the operator's are. × is "
            "LibTorch's time over the fused operator's.\n")
    for precision in lines.precisions:
        rows = []
        for subject in lines.subjects(precision, "bert-large"):
            fused = lines.get(subject, precision, "bert-large", "fused")
            torch = lines.get(subject, precision, "bert-large", "torch")
            rows.append([f"`{subject}`", f"{fused.ms:.3f}", percent(fused.variation), giga(fused),
                         percent(fused.share), f"{torch.ms:.3f}", percent(torch.variation),
                         giga(torch), percent(torch.share), f"{torch.ms / fused.ms:.2f}"])
        text += f"\n### {precision}\n\n" + table(
            ["", "fused ms", "± %", "rate", "% of ceiling", "LibTorch ms", "± %", "rate",
             "% of ceiling", "×"], rows)
    return text


def steadiness(lines: Lines, precision: str) -> str:
    """What lines at the peak reached of it through the run: far from 100, no share means much."""
    shares = [line.share for name, line in lines.lines.items()
              if name.endswith("/peak") and f"/{precision}/" in name]
    if not shares:
        raise TableError(f"no line of {precision} ends with /peak: run `make kernel-report`")
    return f"{percent(min(shares))}\u2013{percent(max(shares))} %"


def machine_section(document: dict, lines: Lines) -> str:
    context = document.get("context", {})
    keys = GPU_CONTEXT if lines.on_gpu else CPU_CONTEXT
    missing = [key for key in keys if key not in context]
    if missing:
        raise TableError(f"the context has no {', '.join(missing)}")
    rows = [[name, str(context[key])] for key, name in keys.items()]
    rows += [[f"{precision} peak again through the run", steadiness(lines, precision)]
             for precision in lines.precisions]
    repetitions = max((entry.get("repetitions", 0) for entry in document["benchmarks"]), default=0)
    writer = ("`scripts/kernel_table.py` from a run of `bench_kernels --device cuda`"
              if lines.on_gpu else "`make kernel-report`")
    return ("# bench_kernels\n\n"
            f"Written by {writer}; docs/kernels_cpu.md says what is measured. Medians "
            f"of {repetitions} repetitions; ± is their standard deviation over their mean.\n\n"
            + table(["", "measured on"], rows))


def report(document: dict) -> str:
    lines = Lines(read_lines(document), "gpu" in document.get("context", {}))
    sections = [machine_section(document, lines), layer_section(lines), parts_section(lines),
                operator_section(lines)]
    if not lines.on_gpu:
        # The aim is the CPU's.
        sections.insert(1, aim_section(lines))
    return "\n".join(sections)


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: kernel_table.py FILE", file=sys.stderr)
        return 2
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            sys.stdout.write(report(json.load(file)))
    except (OSError, json.JSONDecodeError, TableError) as error:
        print(f"kernel_table: {sys.argv[1]}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
