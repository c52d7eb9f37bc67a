"""One process of several dies in the middle of a sum: the others end, and the reason is printed.

Usage: dying_process_test.py MPIEXEC DYING_PROCESS
"""
import subprocess
import sys

# How the process dies; what is printed; mpirun's exit status.
DEATHS = {
    "throw": ("dying_process: the disk is full\n", 2),
    "kill": ("signal 9 (Killed)", 128 + 9),
    "exit": ("Exit code:    3", 3),
}
GIVE_UP_SECONDS = 60  # the others would wait forever

mpiexec, program = sys.argv[1:]
for processes in ("2", "3"):
    for death, (message, status) in DEATHS.items():
        run = subprocess.run([mpiexec, "-np", processes, program, death],
                             capture_output=True, text=True, timeout=GIVE_UP_SECONDS)
        printed = run.stdout + run.stderr
        assert run.returncode == status, f"{death}: exit status {run.returncode}:\n{printed}"
        assert message in printed, f"{death} of {processes}: {message!r} is not in:\n{printed}"
