"""The gate's problem, run by HuggingFace's BERT."""

import torch

from hf_bert.batches import Batch, as_tensor, count_targets
from hf_bert.bert import make_bert
from hf_bert.training import span_logits, span_loss


def padding_id(batch: Batch, vocabulary: int) -> int:
    """An id that no token has. HuggingFace's embedding leaves the gradient of its padding id out;
    the problem's tokens have the id 0, too."""
    used = set(batch.input_ids[batch.attention_mask == 1].tolist())
    return next(i for i in range(vocabulary) if i not in used)


def problem_batch(tensors: dict, vocabulary: int) -> tuple[Batch, int]:
    """The micro-batch, and the id that its padding has."""
    names = ("input_ids", "token_type_ids", "attention_mask", "start_positions", "end_positions")
    batch = Batch(**{name: as_tensor(tensors[name]) for name in names})
    padding = padding_id(batch, vocabulary)
    batch.input_ids[batch.attention_mask == 0] = padding
    return batch, padding


@torch.no_grad()
def load_weights(bert, tensors: dict) -> None:
    """Exactly the file's, under HuggingFace's names. Raises KeyError where there is none."""
    for name, weight in bert.named_parameters():
        weight.copy_(as_tensor(tensors[f"weight/{name}"]))


def problem_loss(logits: tuple, batch: Batch, tensors: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """The problem's loss, and the logits of tokens, [tokens, 2]."""
    counts = count_targets(batch.start_positions, batch.end_positions)
    of_tokens = torch.stack(logits, dim=-1)[batch.attention_mask == 1]
    linear = (of_tokens.float() * as_tensor(tensors["logit_weights"]).float()).sum()
    return span_loss(logits, batch, counts) + linear, of_tokens


def run_problem(shape: dict, tensors: dict, precision: str, options) -> dict[str, list]:
    """Loss, logits of tokens and every gradient of the second of two runs, so that what is wrongly
    kept from the first shows too; flat, by the reference's names."""
    batch, padding = problem_batch(tensors, shape["vocabulary"])
    bert = make_bert(shape, precision, options.attention, padding)
    load_weights(bert, tensors)
    model = torch.compile(bert) if options.compile else bert
    for _ in range(2):
        bert.zero_grad(set_to_none=True)
        loss, logits = problem_loss(span_logits(model, batch), batch, tensors)
        loss.backward()
    values = {"loss": loss, "span_logits": logits}
    values |= {name: weight.grad for name, weight in bert.named_parameters()}
    return {name: value.detach().double().flatten().tolist()
            for name, value in values.items() if value is not None}


def dropout_acts(shape: dict, tensors: dict, cell: dict, options, least: float) -> bool:
    """Whether the cell's dropout changes the logits. True where the cell has none."""
    drops = {name: cell["model"][name] for name in ("attention_dropout", "hidden_dropout")}
    if not any(drops.values()):
        return True
    batch, padding = problem_batch(tensors, shape["vocabulary"])
    logits = []
    for probabilities in (shape, shape | drops):
        bert = make_bert(probabilities, cell["precision"], options.attention, padding)
        load_weights(bert, tensors)
        model = torch.compile(bert) if options.compile else bert
        logits.append(torch.stack(span_logits(model, batch))[:, batch.attention_mask == 1].double())
    return bool((logits[1] - logits[0]).norm() > least * logits[0].norm())
