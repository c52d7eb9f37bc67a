"""Micro-batches of a cell's windows, as tensors."""

import dataclasses

import torch

from hf_bert.cells import IGNORED_TARGET
from hf_bert.order import WindowOrder
from hf_bert.safetensors_file import StoredTensor, read_safetensors

DTYPES = {"I64": torch.int64, "I32": torch.int32, "U8": torch.uint8, "F64": torch.float64}


def as_tensor(stored: StoredTensor) -> torch.Tensor:
    """A copy of a file's tensor."""
    flat = torch.frombuffer(bytearray(stored.data), dtype=DTYPES[stored.dtype])
    return flat.reshape(stored.shape)


@dataclasses.dataclass(frozen=True)
class Batch:
    """What one forward pass takes: int64, [sequences, length] and [sequences]."""

    input_ids: torch.Tensor
    token_type_ids: torch.Tensor
    attention_mask: torch.Tensor
    start_positions: torch.Tensor  # IGNORED_TARGET where there is none
    end_positions: torch.Tensor


@dataclasses.dataclass(frozen=True)
class TargetCounts:
    """How many starts and ends of a global batch take part in its loss."""

    starts: int
    ends: int


class WindowBatches:
    """The windows of a file, cut or padded to `length`, in the order of model::WindowDataset."""

    def __init__(self, path: str, length: int, sequences_per_step: int, seed: int):
        stored = read_safetensors(path)
        matrices = {
            name: self._fitted(as_tensor(stored[name]).long(), length)
            for name in ("input_ids", "token_type_ids", "attention_mask")
        }
        positions = {
            name: self._cut(as_tensor(stored[name]).long(), length)
            for name in ("start_positions", "end_positions")
        }
        self._all = Batch(**matrices, **positions)
        self._order = WindowOrder(len(self._all.input_ids), seed)
        self._sequences = sequences_per_step

    @staticmethod
    def _fitted(rows: torch.Tensor, length: int) -> torch.Tensor:
        rows = rows[:, :length]
        return torch.nn.functional.pad(rows, (0, length - rows.shape[1]))

    @staticmethod
    def _cut(positions: torch.Tensor, length: int) -> torch.Tensor:
        return torch.where(positions < length, positions, IGNORED_TARGET)

    def micro_batches(self, step: int, micro_batch: int) -> list[list[int]]:
        """The windows of a global batch, by their places in the file."""
        places = self._order.of_step(step, self._sequences)
        return [places[i : i + micro_batch] for i in range(0, len(places), micro_batch)]

    def batch(self, places: list[int]) -> Batch:
        index = torch.tensor(places)
        fields = dataclasses.fields(Batch)
        return Batch(**{field.name: getattr(self._all, field.name)[index] for field in fields})

    def targets(self, step: int) -> TargetCounts:
        index = torch.tensor(self._order.of_step(step, self._sequences))
        return count_targets(self._all.start_positions[index], self._all.end_positions[index])

    def tokens(self, step: int) -> int:
        """Real tokens of a global batch."""
        index = torch.tensor(self._order.of_step(step, self._sequences))
        return int(self._all.attention_mask[index].sum())


def count_targets(starts: torch.Tensor, ends: torch.Tensor) -> TargetCounts:
    return TargetCounts(int((starts != IGNORED_TARGET).sum()), int((ends != IGNORED_TARGET).sum()))
