"""A training step of HuggingFace's BERT, as bench_worker takes one."""

import torch

from hf_bert import whereabouts
from hf_bert.batches import Batch, TargetCounts, WindowBatches
from hf_bert.bert import decays, initialize, make_bert
from hf_bert.cells import IGNORED_TARGET, sequences_per_step

MASKED_SCORE = -10000.0  # of padding, as model/sequence_layout.h has it
MAX_GRADIENT_NORM = 1.0
LEARNING_RATE = 3e-5
WEIGHT_DECAY = 0.01


def span_logits(bert, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Of starts and of ends: [sequences, length]."""
    output = bert(
        input_ids=batch.input_ids,
        attention_mask=batch.attention_mask,
        token_type_ids=batch.token_type_ids,
    )
    return output.start_logits, output.end_logits


def span_loss(logits: tuple, batch: Batch, counts: TargetCounts) -> torch.Tensor:
    """This batch's part of the global batch's loss, in fp32: model/span_loss.h. HuggingFace's own
    lets the logits of padding compete, and means over the micro-batch."""
    padding = (batch.attention_mask == 0) * MASKED_SCORE
    parts = (
        (logits[0], batch.start_positions, counts.starts),
        (logits[1], batch.end_positions, counts.ends),
    )
    return sum(
        torch.nn.functional.cross_entropy(
            scores.float() + padding, targets, ignore_index=IGNORED_TARGET, reduction="sum"
        )
        / (2 * max(count, 1))
        for scores, targets, count in parts
    )


class AdamW:
    """torch's fused AdamW behind torch's clipping. bf16 weights have fp32 masters, which are what
    is updated: their gradients are widened first, so that the norm is summed in fp32."""

    def __init__(self, bert):
        named = list(bert.named_parameters())
        self.weights = [weight for _, weight in named]
        self.reduced = self.weights[0].dtype != torch.float32
        self.masters = self.weights
        if self.reduced:
            self.masters = [weight.detach().float().requires_grad_() for weight in self.weights]
        groups = {True: [], False: []}
        for (name, _), master in zip(named, self.masters):
            groups[decays(name)].append(master)
        self.optimizer = torch.optim.AdamW(
            [
                {"params": groups[True], "weight_decay": WEIGHT_DECAY},
                {"params": groups[False], "weight_decay": 0.0},
            ],
            lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8, fused=True,
        )

    def step(self) -> None:
        if self.reduced:
            for weight, master in zip(self.weights, self.masters):
                master.grad = weight.grad.float()
        torch.nn.utils.clip_grad_norm_(self.masters, MAX_GRADIENT_NORM)
        self.optimizer.step()
        if self.reduced:
            with torch.no_grad():
                torch._foreach_copy_(self.weights, self.masters)
            self.optimizer.zero_grad()

    def drop_gradients(self) -> None:
        for weight in self.weights:
            weight.grad = None

    def state_bytes(self) -> int:
        """Moments, step counts and masters that are not the weights."""
        state = [t for values in self.optimizer.state.values() for t in values.values()]
        return sum(t.nbytes for t in state + (self.masters if self.reduced else []))


class TrainingRun:
    """All that a cell trains with. `compiled`: through torch.compile."""

    def __init__(self, cell: dict, attention: str, compiled: bool):
        seed = cell["measure"]["seed"]
        self.micro_batch = cell["micro_batch"]
        self.data = WindowBatches(cell["data"]["file"], cell["sequence_length"],
                                  sequences_per_step(cell), seed)
        self.bert = make_bert(cell["model"], cell["precision"], attention)
        initialize(self.bert, seed)
        torch.manual_seed(seed)  # dropout's, which is torch's own
        self.optimizer = AdamW(self.bert)
        self.model = torch.compile(self.bert) if compiled else self.bert

    def step(self, number: int, enter_phase=whereabouts.enter_phase) -> float:
        """Trains on global batch `number`; the loss before the update."""
        self.optimizer.drop_gradients()
        counts = self.data.targets(number)
        total = torch.zeros(())
        for places in self.data.micro_batches(number, self.micro_batch):
            enter_phase("forward")
            batch = self.data.batch(places)
            loss = span_loss(span_logits(self.model, batch), batch, counts)
            enter_phase("backward")
            loss.backward()
            total += loss.detach()
        enter_phase("optimizer")
        self.optimizer.step()
        return total.item()

    def weight_bytes(self) -> int:
        return sum(t.nbytes for t in [*self.bert.parameters(), *self.bert.buffers()])
