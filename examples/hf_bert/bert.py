"""HuggingFace's BERT for question answering, in the shape and with the weights of a cell."""

import torch
import transformers

INITIALIZER_RANGE = 0.02
GELU = {"erf": "gelu", "tanh": "gelu_pytorch_tanh"}
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
MASK = (1 << 64) - 1


def make_bert(shape: dict, precision: str, attention: str, padding_id: int = 0):
    """In training mode; weights are not those of a cell yet. `shape`: `model` of a cell.
    `attention`: eager or sdpa. `padding_id`: the token whose embedding gets no gradient."""
    config = transformers.BertConfig(
        vocab_size=shape["vocabulary"],
        hidden_size=shape["hidden"],
        num_hidden_layers=shape["layers"],
        num_attention_heads=shape["heads"],
        intermediate_size=shape["intermediate"],
        max_position_embeddings=shape["max_positions"],
        type_vocab_size=shape["token_types"],
        layer_norm_eps=shape["layer_norm_eps"],
        hidden_act=GELU[shape["gelu"]],
        attention_probs_dropout_prob=shape["attention_dropout"],
        hidden_dropout_prob=shape["hidden_dropout"],
        pad_token_id=padding_id,
        attn_implementation=attention,
    )
    return transformers.BertForQuestionAnswering(config).to(DTYPES[precision]).train()


def name_hash(name: str) -> int:
    """FNV-1a, 64 bit, as model/weight_init.cpp has it."""
    value = 14695981039346656037
    for byte in name.encode():
        value = (value ^ byte) * 1099511628211 & MASK
    return value


@torch.no_grad()
def initialize(bert, seed: int) -> None:
    """The weights that bench_worker starts from, to the bit: drawn in fp32 by torch's generator,
    seeded by the seed and the weight's name, then rounded."""
    for name, weight in bert.named_parameters():
        if name.endswith(".bias"):
            weight.zero_()
        elif name.endswith("LayerNorm.weight"):
            weight.fill_(1.0)
        else:
            generator = torch.Generator().manual_seed(name_hash(name) ^ seed)
            values = torch.empty(weight.shape)
            weight.copy_(values.normal_(0.0, INITIALIZER_RANGE, generator=generator))


def decays(name: str) -> bool:
    """Whether weight decay applies: to matrices and embeddings, not to biases and LayerNorms."""
    return not name.endswith(".bias") and "LayerNorm" not in name
