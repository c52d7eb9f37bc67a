"""Validates every sweep in the tree with docs/sweep.schema.json, and proves that bad ones fail."""
import copy
import json
import pathlib
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs" / "sweep.schema.json").read_text())
SWEEPS = sorted((ROOT / "sweeps").glob("*.json"))

GOOD = {
    "name": "small",
    "device": {"kind": "cpu"},
    "model": {"preset": "minilm-l6"},
    "data": {"source": "windows", "file": "data/windows.safetensors"},
    "axes": {"implementation": ["pytorch_eager", "fused"], "micro_batch": [4]},
}

QUESTIONS = {"source": "squad", "file": "train.json", "vocabulary": "vocab.txt"}

SIMULATED = {
    "kind": "simulated",
    "simulated": {
        "implementations": {
            "pytorch_eager": {"time": {"base": "1 ms"}, "memory": {"sequence": "1 MiB"}},
            "fused": {"time": {"sequence": "1 ms"}, "memory": {"base": 0}},
        },
    },
}


def simulated(**changes):
    return {"kind": "simulated", "simulated": {**SIMULATED["simulated"], **changes}}


# (path of the value, bad value)
BAD = [
    (("mesure",), {}),
    (("name",), "a/b"),
    (("device", "kind"), "gpu"),
    (("device", "memory_limit"), "16 GB"),
    (("device", "memory_limit"), 1.5),
    (("device", "memory_limit"), 0),
    (("device", "simulated"), SIMULATED["simulated"]),
    (("device",), {"kind": "simulated"}),
    (("device",), {"kind": "simulated", "simulated": {}}),
    (("device",), simulated(implementations={"fused": {"time": {"base": "1 ms"}}})),
    (("device",), simulated(implementations={"fussed": {"time": {}, "memory": {}}})),
    (("device",), simulated(flags={"gelu_checkpoint": {"frees_percent": 101}})),
    (("device",), simulated(noise={"step": -1})),
    (("device",), simulated(after={"real_time": True})),
    (("device",), simulated(faults=[{"kind": "hiccup"}])),
    (("device",), simulated(faults=[{"kind": "crash", "above": 1}])),
    (("device",), simulated(faults=[{"kind": "drift"}])),
    (("device",), simulated(faults=[{"kind": "garbage", "form": "x"}])),
    (("device",), simulated(faults=[{"kind": "hang", "probability": 2}])),
    (("model", "preset"), "bert-huge"),
    (("model", "dropout"), 1),
    (("model", "dropout"), {"attention": 0.1}),
    (("model", "layers"), 0),
    (("data", "source"), "text"),
    (("data",), {**GOOD["data"], "vocabulary": "vocab.txt"}),
    (("data",), {"source": "squad", "file": "train.json"}),
    (("data",), {**QUESTIONS, "do_lower_case": 1}),
    (("data",), {**QUESTIONS, "doc_stride": 0}),
    (("data",), {**QUESTIONS, "compat": "hf"}),
    (("data",), {**QUESTIONS, "vocab_file": "vocab.txt"}),
    (("axes", "implementation"), []),
    (("axes", "implementation"), ["fussed"]),
    (("axes", "implementation"), [{"name": "mine"}]),
    (("axes", "implementation"), [{"name": "my/own", "worker": ["sh"]}]),
    (("axes", "implementation"), [{"name": "mine", "worker": []}]),
    (("axes", "implementation"), [{"name": "mine", "worker": "sh"}]),
    (("axes", "micro_batch"), 4),
    (("axes", "micro_batch"), []),
    (("axes", "micro_batch"), [0]),
    (("axes", "micro_batch"), [2.5]),
    (("axes", "micro_batch"), ["4"]),
    (("axes", "micro_batch"), [4, 4]),
    (("axes", "micro_batch"), {"from": 1}),
    (("axes", "micro_batch"), {"from": 0, "to": 4}),
    (("axes", "micro_batch"), {"from": 1, "to": 4, "step": 0}),
    (("axes", "micro_batch"), {"from": 1, "to": 4, "by": 2}),
    (("axes", "microbatch"), [4]),
    (("axes", "precision"), ["fp8"]),
    (("axes", "flags"), "some"),
    (("axes", "flags"), [["gelu"]]),
    (("axes", "flags"), {"add": ["stochastic_mode"]}),
    (("global_batch",), 0),
    (("exclude",), [{"when": {"micro_batch": 4}}]),
    (("exclude",), [{"when": {}, "reason": "why"}]),
    (("measure",), {"timeout": 300}),
    (("measure",), {"seed": -1}),
    (("gate",), {"budget": "3 %"}),
    (("gate",), {"time_budget": 3}),
    (("gate",), {"time_budget": "3"}),
    (("gate",), {"cells": []}),
    (("gate",), {"cells": [{"when": {"micro_batch": 4}}]}),
    (("gate",), {"cells": [{"when": {}, "time_budget": "3 %"}]}),
    (("flag_table_limits",), []),
    (("trace",), "yes"),
    (("trace",), 1),
]


def errors(document):
    return [error.message for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(document)]


class SweepSchema(unittest.TestCase):
    def test_schema_itself_is_valid(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)

    def test_every_sweep_in_the_tree_is_valid(self):
        self.assertTrue(SWEEPS)
        for sweep in SWEEPS:
            with self.subTest(sweep=sweep.name):
                self.assertEqual(errors(json.loads(sweep.read_text())), [])

    def test_good_document_is_valid(self):
        self.assertEqual(errors(GOOD), [])

    def test_ranges_are_valid_axes(self):
        for counts in ({"from": 1, "to": 64}, {"from": 128, "to": 512, "step": 128}):
            axes = {**GOOD["axes"], "micro_batch": counts, "sequence_length": counts}
            self.assertEqual(errors({**GOOD, "axes": axes}), [])

    def test_questions_are_valid_data(self):
        for options in ({}, {"do_lower_case": True, "doc_stride": 64, "max_query_length": 32,
                             "compat": "bing"}):
            self.assertEqual(errors({**GOOD, "data": {**QUESTIONS, **options}}), [])

    def test_simulated_devices_are_valid(self):
        for changes in (
                {}, {"flags": {"gelu_checkpoint": {"time_percent": 2}}, "drift_percent": 0.1},
                {"faults": [{"kind": "out_of_memory", "above": "1 GiB", "when": {"micro_batch": 4}},
                            {"kind": "hang", "phase": "setup"}, {"kind": "garbage", "form": "flood"},
                            {"kind": "drift", "percent_per_step": 1, "round": 0},
                            {"kind": "incorrect", "probability": 0.5}]},
                {"after": {"implementations": {"fused": {"time": {"sequence": "2 ms"}}}}}):
            self.assertEqual(errors({**GOOD, "device": simulated(**changes)}), [])

    def test_foreign_implementations_are_valid(self):
        document = copy.deepcopy(GOOD)
        document["axes"]["implementation"].append({"name": "mine", "worker": ["python3", "w.py"]})
        document["baseline"] = "mine"
        document["exclude"] = [{"when": {"implementation": "mine"}, "reason": "why"}]
        self.assertEqual(errors(document), [])

    def test_budgets_of_the_gate_are_valid(self):
        rule = {"when": {"implementation": "fused"}, "time_budget": "8 %"}
        for gate in ({}, {"time_budget": "3 %", "memory_budget": "0.5%", "cells": [rule]}):
            self.assertEqual(errors({**GOOD, "gate": gate}), [])

    def test_bad_values_are_refused(self):
        for path, value in BAD:
            with self.subTest(path="/".join(path), value=value):
                document = copy.deepcopy(GOOD)
                target = document
                for key in path[:-1]:
                    target = target[key]
                target[path[-1]] = value
                self.assertNotEqual(errors(document), [])

    def test_missing_keys_are_refused(self):
        for key in GOOD:
            with self.subTest(key=key):
                document = {k: v for k, v in GOOD.items() if k != key}
                self.assertNotEqual(errors(document), [])


if __name__ == "__main__":
    unittest.main()
