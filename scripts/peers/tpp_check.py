"""The peer against plain PyTorch at the same weights, fp32, no dropout: is it driven rightly?"""

import math

import torch

import tpp_step

# Of the largest difference, as a part of the largest value.
TOLERANCE = {"fp32": 2e-4, "bf16": 3e-2}


def reference_logits(weights: dict, config, batch: tpp_step.Batch) -> torch.Tensor:
    """Logits [batch, sequence, 2] of BERT with one Post-LN layer, erf GELU and no dropout.

    `weights` by the name that they have in a BERT checkpoint after "layer.0."; see plain_weights.
    """
    functional = torch.nn.functional
    norm = lambda x, name: functional.layer_norm(
        x, [config.hidden_size], weights[name + ".weight"], weights[name + ".bias"], 1e-12
    )
    dense = lambda x, name: functional.linear(x, weights[name + ".weight"], weights[name + ".bias"])
    size, sequence = batch.input_ids.shape
    heads = lambda x: x.view(size, sequence, config.num_attention_heads, -1).transpose(1, 2)

    hidden = weights["word_embeddings.weight"][batch.input_ids]
    hidden = hidden + weights["position_embeddings.weight"][:sequence]
    hidden = hidden + weights["token_type_embeddings.weight"][batch.token_type_ids]
    hidden = norm(hidden, "embeddings.LayerNorm")
    query, key, value = (heads(dense(hidden, name)) for name in ("query", "key", "value"))
    scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]) + batch.mask
    context = (torch.softmax(scores, -1) @ value).transpose(1, 2).reshape(hidden.shape)
    attended = norm(dense(context, "attention.output.dense") + hidden, "attention.output.LayerNorm")
    widened = functional.gelu(dense(attended, "intermediate.dense"))
    hidden = norm(dense(widened, "output.dense") + attended, "output.LayerNorm")
    return dense(hidden, "qa_outputs")


def plain_name(name: str) -> str:
    """A parameter's name in tpp_model.PeerModel as reference_logits calls it."""
    name = name.replace("layer.encoder.layer.0.", "")
    name = name.replace("attention_output.", "attention.output.")
    for prefix in ("embeddings.word", "embeddings.position", "embeddings.token_type"):
        name = name.replace(prefix, prefix.removeprefix("embeddings."))
    for part in ("query", "key", "value"):
        if f"{part}." in name:
            return part + "." + name.rsplit(".", 1)[1]
    return name.removeprefix("layer.")


def plain_weights(model: torch.nn.Module) -> dict:
    """Copies of all parameters, before the peer lays them out in blocks."""
    return {
        plain_name(name): parameter.detach().float().clone().requires_grad_(True)
        for name, parameter in model.named_parameters()
    }


def worst_error(values: torch.Tensor, wanted: torch.Tensor) -> float:
    return ((values.float() - wanted).abs().max() / wanted.abs().max()).item()


def check(model, config, weights: dict, batch: tpp_step.Batch) -> dict:
    """Errors of the logits at real tokens and of two gradients that all of the backward pass makes.

    `weights` from before `model` was blocked; `config` without dropout.
    """
    real = batch.mask[:, 0, 0, :] == 0
    wanted = reference_logits(weights, config, batch)
    tpp_step.span_loss(wanted, batch).backward()
    logits = model(batch)
    tpp_step.span_loss(logits, batch).backward()
    embeddings = model.embeddings
    gradient = embeddings.word_embeddings.weight.grad
    gradient = gradient.to_dense() if gradient.is_sparse else gradient
    return {
        "logits": worst_error(logits.detach()[real], wanted.detach()[real]),
        "d_word_embeddings": worst_error(gradient, weights["word_embeddings.weight"].grad),
        "d_embeddings_norm": worst_error(
            embeddings.LayerNorm.weight.grad, weights["embeddings.LayerNorm.weight"].grad
        ),
    }
