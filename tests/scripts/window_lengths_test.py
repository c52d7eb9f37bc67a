"""scripts/window_lengths.py."""
import itertools
import pathlib
import sys
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))

import window_lengths  # noqa: E402


class WindowLengths(unittest.TestCase):
    def test_the_generator_is_the_standards(self):
        # [rand.predef]: the 10000th output of a default-constructed std::mt19937_64.
        values = window_lengths.mt19937_64(5489)
        self.assertEqual(next(itertools.islice(values, 9999, None)), 9981545732273789042)

    def test_a_shuffle_keeps_every_window(self):
        lengths = list(range(100))
        self.assertEqual(sorted(window_lengths.shuffled(lengths, 3)), lengths)
        self.assertNotEqual(window_lengths.shuffled(lengths, 3), lengths)

    def test_steps_take_the_windows_in_turn_across_epochs(self):
        order = list(itertools.islice(window_lengths.epochs([1, 20, 300], 2), 6))
        self.assertNotEqual(order[:3], order[3:])
        self.assertEqual(window_lengths.timed_steps([1, 20, 300], 2, 2, 1, 2),
                         [order[2] + order[3], order[4] + order[5]])

    def test_the_data_file_has_the_published_mean(self):
        lengths = window_lengths.window_lengths(
            SOURCE / "sweeps/data/squad_train_384_512.safetensors")
        self.assertEqual(len(lengths), 512)
        self.assertEqual(round(sum(lengths) / 512), 162)


if __name__ == "__main__":
    unittest.main()
