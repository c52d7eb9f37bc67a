#!/usr/bin/env python3
"""Time training steps of one BERT encoder layer by tpp-pytorch-extension.

Runs in the virtual environment that setup_tpp.sh made. Trains on all windows of WINDOWS in every
step and prints one JSON line: the seconds of every timed step, what was computed and by what.
With --check it compares with plain PyTorch instead, without dropout, and prints the errors.
"""

import argparse
import contextlib
import json
import os
import pathlib
import sys
import time


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("windows", type=pathlib.Path, help="a file that windows.py wrote")
    parser.add_argument("--precision", choices=["fp32", "bf16"], required=True)
    parser.add_argument("--layout", choices=["padded", "unpadded"], required=True)
    parser.add_argument(
        "--part",
        choices=["model", "layer"],
        default="model",
        help="model: embeddings, layer, span head, loss, as bench_worker; layer: the layer alone",
    )
    parser.add_argument("--row-block", type=int, help="tokens of a block (the peer chooses)")
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=1024)
    parser.add_argument("--heads", type=int, default=16)
    parser.add_argument("--intermediate", type=int, default=4096)
    parser.add_argument("--vocabulary", type=int, default=1024)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--check", action="store_true", help="compare with PyTorch; no timing")
    return parser.parse_args()


@contextlib.contextmanager
def output_kept_clean():
    """Give a writer to standard output; what the peer prints goes to standard error meanwhile."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(kept, "w") as output:
            yield output
    finally:
        sys.stdout.flush()


def timed(step, warmup: int, count: int) -> tuple[list[float], float]:
    for _ in range(warmup):
        step()
    samples, loss = [], float("nan")
    for _ in range(count):
        begin = time.monotonic()
        loss = step()
        samples.append(time.monotonic() - begin)
    return samples, loss


def run(arguments: argparse.Namespace) -> dict:
    # OpenMP reads it as the first of these libraries is loaded.
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    import torch
    from tpp_pytorch_extension import manual_seed

    import tpp_check
    import tpp_model
    import tpp_step

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    manual_seed(arguments.seed)
    if arguments.row_block:
        tpp_model.prefer_row_block(arguments.row_block)
    if arguments.check:
        arguments.dropout = 0.0
    bf16 = arguments.precision == "bf16"
    batch = tpp_step.read_batch(arguments.windows)
    config = tpp_model.make_config(arguments)
    model = tpp_model.PeerModel(config, arguments.layout, bf16)
    model.initialize()
    weights = tpp_check.plain_weights(model) if arguments.check else None
    model.block_weights()
    model.train()
    reply = {
        "precision": arguments.precision,
        "layout": arguments.layout,
        "part": arguments.part,
        "lengths": batch.lengths,
        "sequence": batch.input_ids.shape[1],
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
    }
    if arguments.check:
        errors = tpp_check.check(model, config, weights, batch)
        return reply | {"errors": errors, "tolerance": tpp_check.TOLERANCE[arguments.precision]}
    if arguments.part == "model":
        step = tpp_step.ModelStep(model, batch)
    else:
        step = tpp_step.LayerStep(model, batch, bf16)
    samples, loss = timed(step, arguments.warmup, arguments.steps)
    return reply | {"samples": samples, "loss": loss}


def main() -> int:
    arguments = read_arguments()
    with output_kept_clean() as output:
        reply = run(arguments)
        output.write(json.dumps(reply) + "\n")
    if arguments.check and max(reply["errors"].values()) > reply["tolerance"]:
        print("tpp_layer: the peer's results are not those of plain PyTorch", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
