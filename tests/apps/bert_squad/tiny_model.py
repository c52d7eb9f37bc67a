"""A model that is small enough for tests: a folder with the random weights of tests/checkpoint/data,
their configuration and a vocabulary of 250 words; and questions that it can be asked. Programs that
are run find an empty cache: the user's own is none of the tests' business.
"""

import atexit
import json
import os
import pathlib
import shutil
import string
import subprocess
import tempfile

CACHE = tempfile.mkdtemp()
os.environ["XDG_CACHE_HOME"] = CACHE
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)

CONFIG = {"hidden_size": 20, "num_hidden_layers": 1, "num_attention_heads": 1,
          "intermediate_size": 40, "vocab_size": 250, "max_position_embeddings": 512,
          "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12,
          "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1}
WORDS = ("the of and a in to was is for on as by with from at his it that which were who when where "
         "what how many did year city river king war first two three four").split()


def vocabulary():
    letters = string.ascii_lowercase + string.digits
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *string.punctuation, *letters,
             *("##" + letter for letter in letters), *WORDS]
    return words + [f"[unused{i}]" for i in range(250 - len(words))]


def write_model(folder, source, weights="model.safetensors", **changes):
    """Weights `weights` of tests/checkpoint/data, config.json (with `changes`) and vocab.txt."""
    folder = pathlib.Path(folder)
    folder.mkdir()
    shutil.copy(source / "tests/checkpoint/data" / weights, folder / pathlib.Path(weights).name)
    (folder / "config.json").write_text(json.dumps({**CONFIG, **changes}))
    (folder / "vocab.txt").write_text("\n".join(vocabulary()) + "\n")
    return folder


def write_questions(path, count):
    """`count` questions about as many numbered kings, each with the answer that its context has."""
    paragraphs = []
    for i in range(count):
        context = f"The king of river {i} was at war in the year {1000 + 7 * i} with two cities."
        answer = str(1000 + 7 * i)
        paragraphs.append({"context": context, "qas": [
            {"id": f"q{i}", "question": f"In what year was the king of river {i} at war?",
             "answers": [{"text": answer, "answer_start": context.index(answer)}]}]})
    pathlib.Path(path).write_text(json.dumps({"version": "1.1", "data": [
        {"title": "kings", "paragraphs": paragraphs}]}))
    return path


def run(program, *arguments, **options):
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                          check=False, **options)
