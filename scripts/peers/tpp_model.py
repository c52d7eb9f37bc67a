"""BERT with one encoder layer and the SQuAD span head, from tpp-pytorch-extension's own modules.

The peer swaps its modules into transformers' BERT; here they are put together as that program then
runs them, without transformers' model around them. Its modules do everything but the span head,
which is torch.nn.Linear in that program as well.
"""

import types

import torch
from tpp_pytorch_extension.bert import block, fused_bert, fused_bert_unpad
from tpp_pytorch_extension.utils.blocked_layout import BlockedModule, BlockedTensor

MASKED_SCORE = -10000.0


def make_config(arguments) -> types.SimpleNamespace:
    """What the peer's modules read of a transformers BertConfig."""
    return types.SimpleNamespace(
        num_hidden_layers=1,
        hidden_size=arguments.hidden,
        num_attention_heads=arguments.heads,
        intermediate_size=arguments.intermediate,
        vocab_size=arguments.vocabulary,
        max_position_embeddings=512,
        type_vocab_size=2,
        pad_token_id=0,
        hidden_act="gelu",
        layer_norm_eps=1e-12,
        hidden_dropout_prob=arguments.dropout,
        attention_probs_dropout_prob=arguments.dropout,
        position_embedding_type="absolute",
        chunk_size_feed_forward=0,
        is_decoder=False,
        add_cross_attention=False,
        gradient_checkpointing=False,
    )


def prefer_row_block(rows: int) -> None:
    """Split a sequence into blocks of `rows` tokens, through the hook that the peer keeps for it.

    Its own choice is the largest block of up to 64 that divides the sequence, and without padding
    every length is rounded up to a whole block.
    """
    default = BlockedModule.default_blocking_factors

    def blocking(size, prefered_factor=None, vnni_factor=None):
        if prefered_factor is None and size % rows == 0:
            return [size // rows, rows]
        return default(size, prefered_factor, vnni_factor)

    BlockedModule.default_blocking_factors = staticmethod(blocking)


class PaddedLayer(torch.nn.Module):
    """The peer's four modules of a padded layer, wired as a Post-LN BERT layer."""

    def __init__(self, config, bf16: bool):
        super().__init__()
        kind = "BF16" if bf16 else ""
        self.attention = getattr(fused_bert, "BertSelfAttention" + kind)(config)
        self.attention_output = getattr(fused_bert, "BertSelfOutput" + kind)(config)
        self.intermediate = getattr(fused_bert, "BertIntermediate" + kind)(config)
        self.output = getattr(fused_bert, "BertOutput" + kind)(config)

    def forward(self, hidden, mask):
        attended = self.attention_output(self.attention(hidden, mask)[0], hidden)
        return self.output(self.intermediate(attended), attended)


class UnpaddedLayer(torch.nn.Module):
    """The peer's encoder of one layer: drops the padding, runs the layer, puts the padding back."""

    def __init__(self, config, bf16: bool):
        super().__init__()
        usual = fused_bert_unpad.global_layer_dtype
        fused_bert_unpad.global_layer_dtype = torch.bfloat16 if bf16 else torch.float32
        try:
            self.encoder = fused_bert_unpad.BertEncoder(config)
        finally:
            fused_bert_unpad.global_layer_dtype = usual

    def forward(self, hidden, mask):
        return self.encoder(hidden, mask).last_hidden_state


def make_embeddings(config, layout: str, bf16: bool):
    if layout == "padded":
        return (fused_bert.BertEmbeddingsBF16 if bf16 else fused_bert.BertEmbeddings)(config)
    usual = fused_bert_unpad.global_layer_dtype
    fused_bert_unpad.global_layer_dtype = torch.bfloat16 if bf16 else torch.float32
    try:
        return fused_bert_unpad.BertEmbeddings(config)
    finally:
        fused_bert_unpad.global_layer_dtype = usual


class PeerModel(torch.nn.Module):
    """Embeddings, one layer, span head: forward(batch) gives the logits [batch, sequence, 2]."""

    def __init__(self, config, layout: str, bf16: bool):
        super().__init__()
        self.embeddings = make_embeddings(config, layout, bf16)
        self.layer = (PaddedLayer if layout == "padded" else UnpaddedLayer)(config, bf16)
        self.qa_outputs = torch.nn.Linear(config.hidden_size, 2)

    def initialize(self) -> None:
        """Weights normal(0, 0.02), biases 0, LayerNorm 1 and 0. Before block_weights."""
        for name, parameter in self.named_parameters():
            if name.endswith("LayerNorm.weight"):
                torch.nn.init.ones_(parameter)
            elif name.endswith("bias"):
                torch.nn.init.zeros_(parameter)
            else:
                torch.nn.init.normal_(parameter, std=0.02)

    def block_weights(self) -> None:
        """Lay the weights out as the peer keeps them for good (bf16 ones become bf16 here)."""
        block(self)

    def forward(self, batch):
        hidden = self.layer(self.embeddings(batch.input_ids, batch.token_type_ids), batch.mask)
        if isinstance(hidden, BlockedTensor):
            hidden = hidden.unblocked_tensor()
        return self.qa_outputs(hidden)


def optimizer_groups(model: torch.nn.Module, decay: float) -> list[dict]:
    """Parameters as bench_worker groups them: matrices and embeddings decay, the rest does not."""
    named = list(model.named_parameters())
    still = [p for name, p in named if name.endswith("bias") or "LayerNorm" in name]
    decaying = [p for name, p in named if not (name.endswith("bias") or "LayerNorm" in name)]
    return [{"params": decaying, "weight_decay": decay}, {"params": still, "weight_decay": 0.0}]
