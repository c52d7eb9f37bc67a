"""One training step of the peer: forward, backward, clipping and AdamW, in two sizes."""

import dataclasses
import pathlib

import torch
from tpp_pytorch_extension.bert import AdamW, clip_grad_norm_, fused_bert_unpad
from tpp_pytorch_extension.utils.blocked_layout import (
    BlockedModule,
    BlockedTensor,
    get_blocking_signature,
)

import tpp_model
import windows

LEARNING_RATE = 3e-5
WEIGHT_DECAY = 0.01
MAX_GRADIENT_NORM = 1.0


@dataclasses.dataclass
class Batch:
    """Ids and types are [batch, sequence]; mask is [batch, 1, 1, sequence], 0 or MASKED_SCORE."""

    input_ids: torch.Tensor
    token_type_ids: torch.Tensor
    mask: torch.Tensor
    start_positions: torch.Tensor
    end_positions: torch.Tensor

    @property
    def lengths(self) -> list[int]:
        return (self.mask == 0).sum(dim=-1).flatten().tolist()


def read_batch(file: pathlib.Path) -> Batch:
    """All windows of the file as one batch."""
    tensors = {name: torch.tensor(rows) for name, rows in windows.read_windows(file).items()}
    hidden = (1 - tensors.pop("attention_mask")) * tpp_model.MASKED_SCORE
    return Batch(mask=hidden[:, None, None, :].float(), **tensors)


def span_loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Mean of both cross-entropies over a window's real tokens, as bench_worker computes it."""
    scores = logits.float() + batch.mask[:, 0, 0, :, None]
    cross_entropy = torch.nn.functional.cross_entropy
    return 0.5 * (
        cross_entropy(scores[..., 0], batch.start_positions)
        + cross_entropy(scores[..., 1], batch.end_positions)
    )


class Update:
    """The peer's clipping and its AdamW with bias correction; gradients are dropped afterwards."""

    def __init__(self, model: torch.nn.Module):
        self.parameters = list(model.parameters())
        groups = tpp_model.optimizer_groups(model, WEIGHT_DECAY)
        self.adamw = AdamW(groups, lr=LEARNING_RATE, eps=1e-8)

    def __call__(self) -> None:
        clip_grad_norm_(self.parameters, MAX_GRADIENT_NORM)
        self.adamw.step()
        for parameter in self.parameters:
            parameter.grad = None


class ModelStep:
    """The work of a bench_worker step: embeddings, layer, span head, loss, backward, update."""

    def __init__(self, model: tpp_model.PeerModel, batch: Batch):
        self.model, self.batch, self.update = model, batch, Update(model)

    def __call__(self) -> float:
        loss = span_loss(self.model(self.batch), self.batch)
        loss.backward()
        self.update()
        return loss.item()


class LayerStep:
    """The layer alone, its input and the gradient of its output ready in the peer's blocked layout.

    Less work than a bench_worker step: no embeddings, no span head, and only the layer's parameters
    are clipped and updated.
    """

    def __init__(self, model: tpp_model.PeerModel, batch: Batch, bf16: bool):
        self.mask, self.unpadded = batch.mask, isinstance(model.layer, tpp_model.UnpaddedLayer)
        self.layer = model.layer.encoder.layer[0] if self.unpadded else model.layer
        self.update = Update(model.layer)
        hidden = model.embeddings.word_embeddings.weight.shape[1]
        head = model.embeddings.attention_head_size
        shape = [*batch.input_ids.shape, hidden]
        names, blocks = ("BSF", "BSFSF"), [None, None, head]
        if self.unpadded:
            _, kept, _, _, rows = fused_bert_unpad.generate_mask(batch.mask)
            shape, names, blocks = [kept.numel(), hidden], ("SF", "SFSF"), [rows, head]
        self.signature = get_blocking_signature(*names)
        values = torch.randn(shape).to(torch.bfloat16 if bf16 else torch.float32)
        self.input = BlockedModule.get_blocked_tensor(values, self.signature, blocks)
        self.input.requires_grad_(True)
        self.d_output = torch.randn_like(self.input)

    def __call__(self) -> float:
        hidden = BlockedTensor(self.input, self.signature, torch.float32)
        if self.unpadded:
            _, mask, offsets, square_offsets, rows = fused_bert_unpad.generate_mask(self.mask)
            output = self.layer(
                hidden, mask, seq_offsets=offsets, seq_sqr_offsets=square_offsets, S2=rows
            )[0]
        else:
            output = self.layer(hidden, self.mask)
        blocked = output.blocked_tensor()
        blocked.backward(self.d_output)
        self.update()
        self.input.grad = None
        return blocked[..., 0].float().mean().item()
