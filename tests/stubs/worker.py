#!/usr/bin/python3 -IS
"""A stand-in for bench_worker that does what the JSON in $STUB_WORKER says.

Keys, all optional:
  "log"    file that gets one line "<mode> <implementation> <micro_batch> <round>" a launch
  "run"    {"<implementation>/<micro_batch>" or "<implementation>" or "": behaviour} of rounds
  "check"  {"<implementation>" or "": behaviour} of --check
  "trace"  {"<implementation>" or "": behaviour} of --trace
  "plan"   behaviour of --plan, or {"<implementation>": behaviour} by a question's first cell
  "environment"    what records say of it besides threads
  "round_scales"   factors of a step's time, by round, over and over (default [1])
  "step_bytes"     planned bytes a sequence (default 1 MiB); each flag saves a tenth of it
"""
import json
import os
import signal
import sys
import time

SCRIPT = json.loads(os.environ.get("STUB_WORKER", "{}"))
CATEGORIES = ["weights", "gradients", "optimizer_state", "saved_activations", "workspace", "other"]
MEBIBYTE = 1 << 20


def say(value):
    text = value if isinstance(value, str) else json.dumps(value)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def log(mode, cell, round_number):
    if "log" in SCRIPT:
        with open(SCRIPT["log"], "a") as file:
            file.write(f"{mode} {cell['implementation']} {cell['micro_batch']} {round_number}\n")


def footprint(cell):
    step = SCRIPT.get("step_bytes", MEBIBYTE)
    peak = cell["micro_batch"] * (step - len(cell["flags"]) * step // 10)
    if cell["implementation"] != "fused":
        peak *= 2
    at_peak = dict.fromkeys(CATEGORIES, 0)
    at_peak["saved_activations"] = peak
    return {"peak_bytes": peak, "at_peak": at_peak, "peak_phase": "backward",
            "library_scratch_bytes": 0, "reserved_bytes": None}


def environment():
    seen = {"threads": int(os.environ["OMP_NUM_THREADS"])}
    for key, variable in (("bind", "OMP_PROC_BIND"), ("places", "OMP_PLACES")):
        if variable in os.environ:
            seen[key] = os.environ[variable]
    seen.update(SCRIPT.get("environment", {}))
    return seen


def sequences(cell):
    steps = max(1, -(-cell["global_batch"] // cell["micro_batch"]))
    return steps * cell["micro_batch"]


def record(request, status="passed", reason="", phase=None):
    cell = request["cell"]
    passed = status == "passed"
    out_of_memory = None
    if status == "out_of_memory":
        out_of_memory = {"requested_bytes": 1, "in_use_bytes": 0,
                         "in_use": dict.fromkeys(CATEGORIES, 0)}
    scales = SCRIPT.get("round_scales", [1])
    seconds = 0.25 if cell["implementation"] == "fused" else 0.5
    seconds *= scales[request["round"] % len(scales)]
    return {"schema_version": 1, "cell": cell, "round": request["round"], "status": status,
            "reason": reason, "phase": phase,
            "samples": [seconds] * cell["measure"]["steps"] if passed else [],
            "tokens": [sequences(cell)] * cell["measure"]["steps"] if passed else [],
            "sequences_per_sample": sequences(cell),
            "checks": [],
            "memory": {"planned": None, "measured": footprint(cell) if passed else None,
                       "out_of_memory": out_of_memory, "source": "measured"},
            "environment": environment(),
            "build": {}, "repro": request["repro"]}


def answer(*_):
    print("where: forward, step 3 of 4", file=sys.stderr, flush=True)


def misbehave(what):
    """Behaviours that need no request. Returns where `what` is none of them."""
    if what == "sleep":
        print("about to hang", file=sys.stderr, flush=True)
        time.sleep(600)
    if what in ("answer_where", "answer_nothing"):
        signal.signal(signal.SIGUSR1, answer if what == "answer_where" else lambda *_: None)
        print("phase: forward\nabout to hang", file=sys.stderr, flush=True)
        time.sleep(600)
    if what == "sleep_in_backward":
        print("phase: forward\nabout to hang\nphase: backward", file=sys.stderr, flush=True)
        time.sleep(600)
    if what == "exit_in_optimizer":
        print("phase: backward\nphase: optimizer\nphase: unheard of", file=sys.stderr, flush=True)
        sys.exit(3)
    if what == "interrupt_driver":
        os.kill(os.getppid(), signal.SIGINT)
        time.sleep(600)
    if what == "hang_up_driver":
        os.kill(os.getppid(), signal.SIGHUP)
        time.sleep(600)
    if what == "kill_driver":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
    if what == "ignore_sigterm":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        time.sleep(600)
    if what.startswith("SIG"):
        print("going down\n\n", file=sys.stderr, flush=True)
        os.kill(os.getpid(), getattr(signal, what))
        time.sleep(600)
    if what == "exit3":
        print("cannot go on", file=sys.stderr, flush=True)
        sys.exit(3)
    if what == "none":
        sys.exit(0)
    if what == "garbage":
        say("Segmentation fault? no: \x01 hello")
        sys.exit(0)
    if what in ("flood", "flood_100_mib"):
        for _ in range(20 if what == "flood" else 100):
            sys.stdout.write("x" * MEBIBYTE)
        sys.exit(0)


def check(what, request):
    misbehave(what)
    result = {"status": "passed", "reason": "", "worst_tensor": "loss", "worst_error": 1e-7,
              "tolerance": 1e-5, "tensors": 3}
    if what == "passed_over_tolerance":
        result.update(worst_error=1.0)
    elif what == "passed_below_zero":
        result.update(worst_error=-1e-7)
    elif what == "passed_without_tensors":
        result.update(tensors=0)
    elif what == "two_line_reason":
        result.update(status="incorrect", reason="one\ntwo")
    elif what != "pass":
        result.update(status=what, reason="the stub says so", worst_error=1.0)
    say(result)


def trace(what, request):
    misbehave(what)
    if what != "no_file":
        with open(request["file"], "w") as file:
            json.dump({"traceEvents": []}, file)
    product = {"name": "aten::mm", "phase": "forward", "precision": "fp32", "calls": 4,
               "self_seconds": 0.375, "flops": 3 * 10**9, "bytes": 10**9}
    outside = {"name": "(between operators)", "phase": "", "precision": "", "calls": 1,
               "self_seconds": 0.125, "flops": 0, "bytes": 0}
    reply = {"step_seconds": 0.5, "threads": int(os.environ["OMP_NUM_THREADS"]),
             "peaks": {"fp32_flops_per_second": 16e9, "bf16_flops_per_second": None,
                       "copy_bytes_per_second": 8e9},
             "operators": [outside, product]}
    if what == "negative_time":
        product["self_seconds"] = -1
    say(reply)


def measure(what, request):
    cell = request["cell"]
    if what == "stderr_flood":
        sys.stderr.write(("y" * 1023 + "\n") * 300)
        print("the end", file=sys.stderr, flush=True)
        what = "exit3"
    misbehave(what)
    reply = record(request)
    if what == "two":
        say(reply)
    if what == "wrong_cell":
        reply["cell"]["micro_batch"] += 1
    if what == "wrong_round":
        reply["round"] += 1
    if what == "no_samples":
        reply["samples"] = []
        reply["tokens"] = []
    if what == "slower":
        reply["samples"] = [sample * 1.1 for sample in reply["samples"]]
    if what == "slower_each_round":
        reply["samples"] = [sample * (1 + request["round"]) for sample in reply["samples"]]
    if what == "zero_sample":
        reply["samples"][0] = 0.0
    if what == "wrong_count":
        reply["sequences_per_sample"] = 1
    if what == "nan_sample":
        reply["samples"][0] = float("nan")
    if what == "negative_sample":
        reply["samples"][0] = -1
    if what == "unknown_key":
        reply["surprise"] = 1
    if what == "key_twice":
        reply = json.dumps(reply)[:-1] + f', "round": {request["round"]}}}'
    if what == "out_of_memory":
        reply = record(request, "out_of_memory", "1 byte more than the limit", "backward")
    if what == "grandchild":
        child = os.fork()
        if child == 0:
            time.sleep(600)
        with open(SCRIPT["pid_file"], "w") as file:
            file.write(str(child))
    if what == "descriptors":
        reply["environment"]["descriptors"] = sorted(int(fd) for fd in os.listdir("/proc/self/fd"))
    if what == "nap":
        time.sleep(0.05)
    if what == "as_claimed":
        reply["samples"] = [0.001] * len(reply["samples"])
        time.sleep(0.01)
    if what == "extra_step":
        reply["samples"].append(0.25)
        reply["tokens"].append(1)
    if what == "many_tokens":
        reply["tokens"][0] = 10**9
    if what == "other_repro":
        reply["repro"] = "rm -rf /"
    if what == "planned":
        reply["memory"]["source"] = "planned"
    if what == "negative_bytes":
        reply["memory"]["measured"]["peak_bytes"] = -1
    if what == "parts_do_not_add_up":
        reply["memory"]["measured"]["at_peak"]["weights"] = 7
    if what == "scratch_above_peak":
        reply["memory"]["measured"]["library_scratch_bytes"] = 1 << 60
    if what == "unheard_of_phase":
        reply["memory"]["measured"]["peak_phase"] = "lunch"
    if what == "over_the_limit":
        measured = reply["memory"]["measured"]
        measured["peak_bytes"] = cell["device"]["memory_limit_bytes"] + 1
        measured["at_peak"]["saved_activations"] = measured["peak_bytes"]
    if what == "passed_in_backward":
        reply["phase"] = "backward"
    if what == "passed_out_of_memory":
        refused = record(request, "out_of_memory")
        reply["memory"]["out_of_memory"] = refused["memory"]["out_of_memory"]
    if what == "stopped_nowhere":
        reply = record(request, "out_of_memory", "1 byte more than the limit")
    if what == "environment_text":
        reply["environment"] = "a fast machine"
    if what == "environment_flood":
        reply["environment"]["novel"] = "x" * 70000
    if what == "two_line_reason":
        reply = record(request, "crashed", "one\ntwo", "forward")
    say(reply)


def plan(behaviours):
    what = behaviours if isinstance(behaviours, str) else "pass"
    if what != "pass":
        misbehave(what)
    if what == "take_out":
        os.mkdir("out")
        for name in ("records.jsonl", "run.json"):
            with open("out/" + name, "w") as file:
                file.write("another's")
    for line in sys.stdin:
        cells = json.loads(line)
        if isinstance(behaviours, dict):
            what = behaviours.get(cells[0]["implementation"], "pass")
            misbehave(what)
        if what == "at_most_512" and len(cells) > 512:
            misbehave("exit3")
        plans = [{"footprint": footprint(cell), "unsupported_reason": ""} for cell in cells]
        data_error = ""
        device = {"kind": cells[0]["device"]["kind"], "available": True, "reason": ""}
        if what == "absent":
            device.update(available=False, reason="no driver is loaded")
        if what == "bad_data":
            plans = []
            data_error = "q.json: /data: expected an array"
        if what == "short":
            plans.pop()
        if what == "negative_bytes":
            plans[0]["footprint"]["peak_bytes"] = -5
        if what == "unheard_of_phase":
            plans[0]["footprint"]["peak_phase"] = "lunch"
        if what == "unknown_memory":
            plans = [{"footprint": None, "unsupported_reason": ""} for _ in cells]
        if what == "other_device":
            device["kind"] = "abacus"
        say({"device": device, "plans": plans, "data_error": data_error})
        if what == "once":
            break


def behaviour(table, *keys):
    for key in keys:
        if key in table:
            return table[key]
    return table.get("", "pass")


def main():
    mode = sys.argv[1] if len(sys.argv) > 1 else "run"
    if mode == "--plan":
        plan(SCRIPT.get("plan", "pass"))
        return
    request = json.load(sys.stdin)
    cell = request["cell"]
    name = cell["implementation"]
    if mode == "--check":
        log("check", cell, 0)
        check(behaviour(SCRIPT.get("check", {}), name), request)
        return
    if mode == "--trace":
        log("trace", cell, 0)
        trace(behaviour(SCRIPT.get("trace", {}), name), request)
        return
    log("run", cell, request["round"])
    what = behaviour(SCRIPT.get("run", {}), f"{name}/{cell['micro_batch']}/{request['round']}",
                     f"{name}/{cell['micro_batch']}", name)
    measure(what, request)


main()
