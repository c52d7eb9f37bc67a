"""The names of BERT's weights in the checkpoints of the test data."""

# DeepSpeed's kernel: a layer's tensors, and HuggingFace's whose rows they hold.
KERNEL_NAMES = {"attn_qkv": [f"attention.self.{part}" for part in ("query", "key", "value")],
                "attn_o": ["attention.output.dense"], "attn_n": ["attention.output.LayerNorm"],
                "inter_": ["intermediate.dense"], "output_": ["output.dense"],
                "norm_": ["output.LayerNorm"]}


def huggingface_names(name):
    """HuggingFace's names for a tensor of DeepSpeed's, TensorFlow's or its own; none for what is no
    weight of the encoder, the pooler or the span head.
    """
    name = name.removeprefix("module/").replace("dense_act", "dense")
    layer, _, tensor = name.rpartition(".")
    if tensor[:-1] in KERNEL_NAMES:
        suffix = {"w": "weight", "b": "bias"}[tensor[-1]]
        return [f"{layer}.{part}.{suffix}" for part in KERNEL_NAMES[tensor[:-1]]]
    if name == "global_step" or name.startswith("cls/") or name.endswith(("adam_m", "adam_v")):
        return []
    if "/" in name:
        for theirs, ours in (("layer_", "layer."), ("kernel", "weight"), ("gamma", "weight"),
                             ("beta", "bias"), ("_embeddings", "_embeddings.weight"), ("/", ".")):
            name = name.replace(theirs, ours)
    return [name]
