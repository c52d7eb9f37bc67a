"""Where the worker is: lines for the driver on standard error. Needs no torch."""

import os
import signal
import sys
import threading

_phase = "setup"
_step = ""


def enter_phase(phase: str) -> None:
    """Says a phase that is another than the last, so that a killed worker leaves it behind."""
    global _phase
    if phase != _phase:
        _phase = phase
        print(f"phase: {phase}", file=sys.stderr, flush=True)


def current_phase() -> str:
    return _phase


def enter_step(number: int, steps: int) -> None:
    """`number` counts from 1."""
    global _step
    _step = f", step {number} of {steps}"


def answer_signals() -> None:
    """From now on SIGUSR1 has "where: backward, step 7 of 12" written to standard error: by a
    thread, because Python runs handlers only between two operators of the main thread, and one may
    be the whole backward pass."""
    questions, asked = os.pipe()
    os.set_blocking(asked, False)

    def answer() -> None:
        while number := os.read(questions, 1):
            if number[0] == signal.SIGUSR1:
                os.write(2, f"where: {_phase}{_step}\n".encode())

    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.set_wakeup_fd(asked)
    threading.Thread(target=answer, name="whereabouts", daemon=True).start()
