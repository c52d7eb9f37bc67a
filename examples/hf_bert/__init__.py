"""The parts of hf_worker.py.

bert, batches, training, memory and gate_run import torch; the others do so late or never, so that a
plan needs none.
"""
