"""`bert_squad features` from outside: the files it writes, what it prints, and how it exits.

Usage: features_test.py BERT_SQUAD SOURCE_DIR
"""

import json
import lzma
import os
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile
import unittest

import tiny_model

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
TRAIN = str(SOURCE / "data/squad/train-v1.1.subset44.json.xz")
XQUAD = str(SOURCE / "data/squad/xquad.en.json")
DEV = str(SOURCE / "data/squad/dev-v1.1.rebuilt.json.xz")
MEMORY = 256 << 20  # of data: more than the program has before it reads anything
UNCASED = str(SOURCE / "data/vocab/bert-base-uncased-vocab.txt")


def read_safetensors(path):
    """Name -> (dtype, shape, bytes)."""
    content = pathlib.Path(path).read_bytes()
    length, = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    header.pop("__metadata__", None)
    data = content[8 + length:]
    return {name: (entry["dtype"], entry["shape"], data[slice(*entry["data_offsets"])])
            for name, entry in header.items()}


def row(tensor, index):
    """The bytes of one window."""
    _, shape, content = tensor
    size = len(content) // shape[0]
    return content[index * size:(index + 1) * size]


class Features(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.out = os.path.join(self.folder, "w.safetensors")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        pathlib.Path(path).write_text(text)
        return path

    def features(self, file, *arguments, vocabulary=UNCASED):
        return subprocess.run([PROGRAM, "features", file, "--vocab_file", vocabulary,
                               "--do_lower_case", "--out", self.out, *arguments],
                              capture_output=True, text=True)

    def assert_refused(self, result, *parts):
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)
        self.assertFalse(os.path.exists(self.out))

    def test_training_windows_are_those_of_the_sweeps(self):
        result = self.features(TRAIN, "--training")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertTrue(result.stdout.startswith("12032 windows of 11877 questions"), result.stdout)
        print(result.stdout, end="")
        made = read_safetensors(self.out)
        expected = read_safetensors(SOURCE / "sweeps/data/squad_train_384_512.safetensors")
        self.assertEqual({name: (dtype, shape[1:]) for name, (dtype, shape, _) in made.items()},
                         {name: (dtype, shape[1:]) for name, (dtype, shape, _) in expected.items()})
        places = struct.unpack("<512i", expected["feature_index"][2])
        for i, place in enumerate(places):
            for name in expected:
                self.assertEqual(row(made[name], place), row(expected[name], i), f"{name} {i}")

    def test_bing_drops_windows(self):
        result = self.features(TRAIN, "--training", "--compat", "bing")
        self.assertTrue(result.stdout.startswith("11927 windows of 11877"), result.stdout)

    def test_prediction_windows_have_no_positions_and_need_no_answers(self):
        result = self.features(XQUAD)
        self.assertTrue(result.stdout.startswith("1232 windows of 1190"), result.stdout)
        self.assertEqual(set(read_safetensors(self.out)),
                         {"input_ids", "attention_mask", "token_type_ids", "feature_index"})

    def test_the_second_time_windows_come_from_the_cache(self):
        cache = os.path.join(self.folder, "cache")
        self.assertIn("stored in", self.features(XQUAD, "--cache_dir", cache).stderr)
        first = pathlib.Path(self.out).read_bytes()
        os.remove(self.out)
        self.assertIn("read from", self.features(XQUAD, "--cache_dir", cache).stderr)
        self.assertEqual(pathlib.Path(self.out).read_bytes(), first)

    def test_windows_are_kept_in_the_users_cache_unless_told_otherwise(self):
        kept = pathlib.Path(tiny_model.CACHE, "bench_sweep/windows")
        options = ("--max_seq_length", "200")
        count = len(list(kept.glob("*")))
        self.assertEqual(self.features(XQUAD, *options, "--no_cache").returncode, 0)
        self.assertEqual(len(list(kept.glob("*"))), count)
        made = pathlib.Path(self.out).read_bytes()
        for _ in range(2):
            result = self.features(XQUAD, *options)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(len(list(kept.glob("*"))), count + 1)
            self.assertEqual(pathlib.Path(self.out).read_bytes(), made)
        os.remove(self.out)
        self.assert_refused(self.features(XQUAD, "--no_cache", "--cache_dir", self.folder),
                            "--no_cache", "--cache_dir")

    def test_a_users_cache_that_cannot_be_made_is_said_and_done_without(self):
        result = subprocess.run([PROGRAM, "features", XQUAD, "--vocab_file", UNCASED, "--out",
                                 self.out], capture_output=True, text=True,
                                env={**os.environ, "XDG_CACHE_HOME": "/dev/null"})
        self.assertEqual((result.returncode, result.stderr.count("\n")), (0, 1), result.stderr)
        self.assertIn("/dev/null/bench_sweep/windows: cannot create", result.stderr)
        self.assertIn("--no_cache", result.stderr)

    def test_bad_input_is_one_line_and_writes_nothing(self):
        self.assert_refused(self.features(DEV, "--training"), "dev-v1.1", "3 answers")
        self.assert_refused(self.features(XQUAD, "--max_seq_length", "12"), "leaves no room")
        self.assert_refused(self.features(XQUAD, "--doc_stride", "0"), "doc_stride is 0")
        self.assert_refused(self.features(XQUAD, "--compat", "mine"), "--compat")
        self.assert_refused(
            self.features(XQUAD, vocabulary=self.write("v.txt", "[UNK]\n[SEP]\na\n")),
            "v.txt", "[CLS]")
        self.assert_refused(self.features(self.write("q.json", '{"data": [')), "q.json:1:")
        self.assert_refused(self.features(os.path.join(self.folder, "absent.json")), "absent.json")

    def questions(self, context="First there was a word.", text="What?", answers=()):
        """A file of one question, written as JSON with \\u escapes."""
        question = {"id": "1", "question": text, "answers": list(answers)}
        return self.write("q.json", json.dumps(
            {"data": [{"paragraphs": [{"context": context, "qas": [question]}]}]}))

    def test_questions_that_cannot_be_trained_on_are_one_line(self):
        word = {"text": "word", "answer_start": 18}
        path = "q.json: /data/0/paragraphs/0/qas/0/answers"
        for answers, parts in (
                ([], (path, "has 0 answers", "keep exactly one")),
                ([word, word], (path, "has 2 answers")),
                ([{"text": "word"}], (path + "/0", "answer_start")),
                ([{**word, "answer_start": "18"}], (path + "/0/answer_start",)),
                ([{**word, "answer_start": 0}], ("no question of 1 can be trained on",
                                                 "character 0")),
                ([{**word, "answer_start": -1}], ("character -1",)),
                ([{**word, "answer_start": 20}], ("character 20",)),
                ([{**word, "answer_start": 10**18}], ("character 1000000000000000000",)),
                ([{**word, "text": ""}], ("can be trained on",))):
            with self.subTest(answers=answers):
                file = self.questions(answers=answers)
                self.assert_refused(self.features(file, "--training"), *parts)

    def test_lone_surrogates_are_one_line(self):
        for text in ("\ud800", "\udfff", "\ud800\ud800", "a\udc00b"):
            self.assert_refused(self.features(self.questions(context=text)), "q.json:1:")
            self.assert_refused(self.features(self.questions(text=text)), "q.json:1:")

    def test_paragraphs_without_text_or_questions_are_passed_over(self):
        self.assert_refused(self.features(self.questions(context="")), "no window")
        self.assert_refused(self.features(self.questions(context="\u200b \n")), "no window")
        answers = [{"text": "word", "answer_start": 0}]
        self.assert_refused(self.features(self.questions(context="", answers=answers),
                                          "--training"), "no question of 1 can be trained on")
        empty = {"context": "", "qas": []}
        self.assert_refused(self.features(self.write("q.json", json.dumps(
            {"data": [{"paragraphs": [empty]}, {"paragraphs": []}]}))), "no article has a question")
        full = {"context": "word", "qas": [{"id": "1", "question": "?"}]}
        result = self.features(self.write("q.json", json.dumps(
            {"data": [{"paragraphs": [empty, full]}]})))
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertTrue(result.stdout.startswith("1 windows of 1 questions"), result.stdout)

    def test_a_context_of_ten_thousand_words_becomes_windows_that_cover_it(self):
        result = self.features(self.questions(context="word " * 10_000, answers=[
            {"text": "word", "answer_start": 5 * 9_999}]), "--training", "--max_seq_length", "384")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        made = read_safetensors(self.out)
        # [CLS] what ? [SEP] and [SEP] leave 379 tokens; a window begins every 128 of 10,000 words.
        windows = 1 + -(-(10_000 - 379) // 128)
        self.assertEqual(made["input_ids"][1], [windows, 384])
        starts = struct.unpack(f"<{windows}i", made["start_positions"][2])
        self.assertEqual(sum(start > 0 for start in starts), 1)
        self.assertGreater(starts[-1], 0)

    def test_vocabularies_that_are_none_are_one_line(self):
        special = ("[UNK]", "[CLS]", "[SEP]")
        for missing in special:
            vocabulary = self.write("v.txt", "".join(
                f"{token}\n" for token in special if token != missing))
            self.assert_refused(self.features(XQUAD, vocabulary=vocabulary), "v.txt", missing)
        self.assert_refused(self.features(XQUAD, vocabulary=self.write("v.txt", "")), "v.txt")
        self.assert_refused(self.features(XQUAD, vocabulary=self.folder), self.folder)
        pathlib.Path(self.folder, "v.txt").write_bytes(b"[UNK]\n\xff\n")
        self.assert_refused(self.features(XQUAD, vocabulary=os.path.join(self.folder, "v.txt")),
                            "v.txt:2: not UTF-8")

    def test_cut_files_are_one_line(self):
        packed = os.path.join(self.folder, "q.json.xz")
        whole = pathlib.Path(TRAIN).read_bytes()
        for size in (0, 3, 100, len(whole) - 1):
            pathlib.Path(packed).write_bytes(whole[:size])
            self.assert_refused(self.features(packed), "q.json.xz")
        self.assert_refused(self.features(self.folder), self.folder)

    @unittest.skipIf(b"__asan_init" in pathlib.Path(PROGRAM).read_bytes(),
                     "AddressSanitizer needs more than that, and ends the process itself")
    def test_a_file_that_unpacks_to_more_than_memory_is_one_line(self):
        packed = os.path.join(self.folder, "q.json.xz")
        numbers = b"[" + b"1," * (MEMORY // 16) + b"1]"  # an eighth of the memory, and all as values
        for name, content in (("text", bytes(MEMORY)), ("values", numbers)):
            with self.subTest(name):
                pathlib.Path(packed).write_bytes(lzma.compress(content, preset=0))
                result = subprocess.run(
                    [PROGRAM, "features", packed, "--vocab_file", UNCASED, "--out", self.out],
                    capture_output=True, text=True, preexec_fn=lambda: resource.setrlimit(
                        resource.RLIMIT_DATA, (MEMORY, MEMORY)))
                self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
                self.assertRegex(result.stderr, r"^bert_squad: out of memory: .*ulimit.*\n$")

    def test_warnings_are_counted_when_there_are_many(self):
        questions = [{"id": str(i), "question": "?",
                      "answers": [{"text": "word" if i == 0 else "none", "answer_start": 0}]}
                     for i in range(15)]
        file = self.write("q.json", json.dumps(
            {"data": [{"paragraphs": [{"context": "word", "qas": questions}]}]}))
        result = self.features(file, "--training")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr.count("is left out"), 10)
        self.assertIn("and 4 more", result.stderr)

    def test_an_output_that_cannot_be_written_is_named(self):
        self.out = os.path.join(self.folder, "none", "w.safetensors")
        result = self.features(XQUAD)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("none/w.safetensors: cannot write", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
