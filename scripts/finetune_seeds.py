#!/usr/bin/env python3
"""Whether two implementations fine-tune to scores that differ more than seeds do.

usage: finetune_seeds.py OUTPUT_DIR [--implementations fused pytorch_tuned] [--seeds 1 2 3]
                         [--questions 2000] [OPTION...]

Draws whole paragraphs of the training and of the development set in data/squad until each has that
many questions, the same ones for every run, fine-tunes MiniLM on them with scripts/finetune.sh by
every implementation from every seed, and prints exact match and F1 as Markdown tables. `fused`
runs without padding, the others have no such flag. OPTIONs are further ones of `bert_squad train`. A
run whose scores are there already is not run again.
"""
import argparse
import json
import lzma
import os
import pathlib
import random
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SETS = {"train-v1.1": "train-v1.1.subset44.json.xz", "dev-v1.1": "dev-v1.1.rebuilt.json.xz"}


def drawn(data, questions, random_state):
    """`data` with paragraphs drawn until they hold `questions` questions, in their old order."""
    places = [(a, p) for a, article in enumerate(data["data"])
              for p in range(len(article["paragraphs"]))]
    random_state.shuffle(places)
    kept, count = set(), 0
    for place in places:
        if count >= questions:
            break
        kept.add(place)
        count += len(data["data"][place[0]]["paragraphs"][place[1]]["qas"])
    articles = []
    for a, article in enumerate(data["data"]):
        paragraphs = [paragraph for p, paragraph in enumerate(article["paragraphs"])
                      if (a, p) in kept]
        if paragraphs:
            articles.append({**article, "paragraphs": paragraphs})
    return {**data, "data": articles}, count


def write_subsets(folder, questions):
    """Both sets into `folder`; the numbers of their questions."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, packed in SETS.items():
        with lzma.open(ROOT / "data/squad" / packed, "rt", encoding="utf-8") as file:
            subset, counts[name] = drawn(json.load(file), questions, random.Random(1))
        (folder / f"{name}.json").write_text(json.dumps(subset), encoding="utf-8")
    return counts


def finetune(out, data, implementation, seed, options):
    """{"exact_match", "f1"} of one run, among others."""
    scores = out / "scores.json"
    if not scores.exists() or not scores.stat().st_size:
        environment = {**os.environ, "DATA_DIR": str(data), "IMPLEMENTATION": implementation,
                       "FLAGS": "remove_padding" if implementation == "fused" else ""}
        subprocess.run([ROOT / "scripts/finetune.sh", out, "--seed", str(seed), *options],
                       env=environment, check=True, stdout=sys.stderr)
    return json.loads(scores.read_text())


def spread_text(values):
    return f"{statistics.mean(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--implementations", nargs="+", default=["fused", "pytorch_tuned"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--questions", type=int, default=2000)
    arguments, options = parser.parse_known_args()
    data = arguments.output / "data"
    counts = write_subsets(data, arguments.questions)
    runs = {}
    for seed in arguments.seeds:
        for implementation in arguments.implementations:
            runs[implementation, seed] = finetune(arguments.output / f"{implementation}-{seed}", data,
                                                  implementation, seed, options)
    print(f"{counts['train-v1.1']} questions trained on, {counts['dev-v1.1']} answered.\n\n"
          "| implementation | seed | EM | F1 |\n|---|---:|---:|---:|")
    for (implementation, seed), run in runs.items():
        print(f"| `{implementation}` | {seed} | {run['exact_match']:.2f} | {run['f1']:.2f} |")
    print("\n| implementation | EM, mean (least–most) | F1 |\n|---|---:|---:|")
    for implementation in arguments.implementations:
        own = [run for (name, _), run in runs.items() if name == implementation]
        print(f"| `{implementation}` | {spread_text([run['exact_match'] for run in own])} | "
              f"{spread_text([run['f1'] for run in own])} |")


if __name__ == "__main__":
    main()
