"""Holds requests and replies of the worker protocol against the JSON Schemas in docs/.

Usage: worker_schema_test.py SOURCE_DIR BENCH_SWEEP BENCH_SIMULATED_WORKER

The driver's requests are recorded by a worker that hands them on to the simulated device's; so are
its replies. Documents that the schemas must refuse are these with one thing changed.
"""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import jsonschema

ROOT = pathlib.Path(sys.argv[1])
DRIVER, WORKER = sys.argv[2:4]
DOCS = ROOT / "docs"

RECORDER = """#!/usr/bin/env python3
import os, subprocess, sys
mode = "".join(sys.argv[1:])
worker = subprocess.Popen([{worker!r}, *sys.argv[1:]], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE)
with open({log!r} + "." + str(os.getpid()), "w") as log:
    log.write(mode + "\\n")
    for request in sys.stdin:
        worker.stdin.write(request)
        worker.stdin.flush()
        if mode != "--plan":
            worker.stdin.close()
        reply = worker.stdout.readline()
        log.write(request + reply)
        log.flush()
        sys.stdout.write(reply)
        sys.stdout.flush()
"""


def validator(name):
    file = DOCS / f"worker_{name}.schema.json"
    schema = json.loads(file.read_text())
    return jsonschema.Draft7Validator(
        schema, resolver=jsonschema.RefResolver(file.as_uri(), schema))


def sweep():
    """Two cells that pass and one that runs out of memory where the plan does not see it."""
    implementation = {"time": {"base": "1 ms"}, "memory": {"base": "1 MiB", "sequence": "1 MiB"}}
    return {
        "name": "protocol",
        "device": {"kind": "simulated", "simulated": {
            "implementations": {"fused": implementation},
            "faults": [{"kind": "out_of_memory", "when": {"micro_batch": 4}}]}},
        "model": {"preset": "minilm-l6"},
        "data": {"source": "windows",
                 "file": str(ROOT / "sweeps/data/squad_train_384_512.safetensors")},
        "axes": {"implementation": ["fused"], "micro_batch": [1, 2, 4], "layers": [1]},
        "baseline": "fused",
        "measure": {"rounds": 1},
    }


def record_a_sweep():
    """{mode: [(request, reply)]} of everything that crossed the border in one sweep."""
    exchanged = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        recorder = folder / "recorder.py"
        recorder.write_text(RECORDER.format(worker=WORKER, log=str(folder / "exchange")))
        recorder.chmod(0o755)
        (folder / "sweep.json").write_text(json.dumps(sweep()))
        subprocess.run([DRIVER, "sweep.json", "--out", "out", "--quiet", "--worker", str(recorder)],
                       cwd=folder, check=True, capture_output=True)
        for path in folder.glob("exchange.*"):
            mode, *lines = path.read_text().splitlines()
            exchanged.setdefault(mode or "measure", []).extend(
                (json.loads(asked), json.loads(answered))
                for asked, answered in zip(lines[::2], lines[1::2]))
    return exchanged


EXCHANGED = record_a_sweep()
REQUESTS = validator("request")
REPLIES = validator("reply")


def changed(document, path, value):
    document = copy.deepcopy(document)
    target = document
    for key in path[:-1]:
        target = target[key]
    if value is None:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return document


class WorkerSchemas(unittest.TestCase):
    def one(self, mode, status="passed"):
        return next(pair for pair in EXCHANGED[mode] if pair[1].get("status", status) == status)

    def test_schemas_themselves_are_valid(self):
        for schema in (REQUESTS.schema, REPLIES.schema):
            jsonschema.Draft7Validator.check_schema(schema)

    def test_everything_that_crosses_the_border_is_valid(self):
        self.assertEqual(set(EXCHANGED), {"measure", "--check", "--plan"})
        statuses = {reply["status"] for _, reply in EXCHANGED["measure"]}
        self.assertEqual(statuses, {"passed", "out_of_memory"})
        for pairs in EXCHANGED.values():
            for request, reply in pairs:
                REQUESTS.validate(request)
                REPLIES.validate(reply)

    def test_bad_requests_are_refused(self):
        request, _ = self.one("measure")
        for path, value in (
                (("cell",), None), (("round",), -1), (("repro",), 1), (("surprise",), 1),
                (("cell", "micro_batch"), 0), (("cell", "precision"), "fp8"),
                (("cell", "model", "layers"), None), (("cell", "device", "kind"), "abacus"),
                (("cell", "data", "source"), "text"), (("cell", "measure", "steps"), 0),
                (("cell", "worker"), []), (("cell", "surprise"), 1)):
            with self.subTest(path=path, value=value):
                self.assertFalse(REQUESTS.is_valid(changed(request, path, value)))

    def test_bad_replies_are_refused(self):
        _, record = self.one("measure")
        _, check = self.one("--check")
        _, plan = self.one("--plan")
        for document, path, value in (
                (record, ("cell",), None), (record, ("samples",), []),
                (record, ("samples", 0), 0), (record, ("tokens", 0), 1.5),
                (record, ("reason",), "why"), (record, ("status",), "crashed"),
                (record, ("status",), "fine"), (record, ("phase",), "lunch"),
                (record, ("schema_version",), 2), (record, ("memory", "source"), "planned"),
                (record, ("memory", "measured", "peak_bytes"), -1),
                (record, ("environment",), "fast"), (record, ("surprise",), 1),
                (check, ("status",), "incorrect"), (check, ("tensors",), -1),
                (plan, ("device", "available"), False), (plan, ("data_error",), "two\nlines"),
                (plan, ("plans", 0, "unsupported_reason"), "why")):
            with self.subTest(path=path, value=value):
                self.assertFalse(REPLIES.is_valid(changed(document, path, value)))

    def test_a_reference_says_what_must_agree(self):
        request, _ = self.one("--check")
        REQUESTS.validate(dict(request, file="/reference.safetensors"))
        tensors = [{"name": "loss", "tolerance": 5e-6, "relative_to": "loss"}]
        reference = {"model": request["cell"]["model"], "tensors": tensors}
        REPLIES.validate(reference)
        for path, value in ((("model",), None), (("tensors",), []),
                            (("tensors", 0, "tolerance"), 0), (("tensors", 0, "surprise"), 1)):
            with self.subTest(path=path, value=value):
                self.assertFalse(REPLIES.is_valid(changed(reference, path, value)))

    def test_a_plan_may_leave_memory_open(self):
        _, plan = self.one("--plan")
        plan = copy.deepcopy(plan)
        plan["plans"][0] = {"footprint": None, "unsupported_reason": ""}
        REPLIES.validate(plan)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
