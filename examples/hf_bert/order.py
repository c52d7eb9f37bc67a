"""The order in which windows are trained on: model/epoch_order.h in Python."""

MASK = (1 << 64) - 1
EPOCH_SEED_STEP = 0x9E3779B97F4A7C15


def mt19937_64(seed: int):
    """The outputs of C++'s std::mt19937_64 (Nishimura and Matsumoto's 64-bit Mersenne Twister)."""
    state = [seed]
    for i in range(1, 312):
        state.append((6364136223846793005 * (state[-1] ^ state[-1] >> 62) + i) & MASK)
    while True:
        for i in range(312):
            mixed = state[i] & 0xFFFFFFFF80000000 | state[(i + 1) % 312] & 0x7FFFFFFF
            state[i] = state[(i + 156) % 312] ^ mixed >> 1 ^ (0xB5026F5AA96619E9 * (mixed & 1))
        for value in state:
            value ^= value >> 29 & 0x5555555555555555
            value ^= value << 17 & 0x71D67FFFEDA60000
            value ^= value << 37 & 0xFFF7EEE000000000
            yield (value ^ value >> 43) & MASK


def shuffled(items, seed: int) -> list:
    """By Fisher and Yates, as the first epoch of a training with this seed is."""
    order = list(items)
    random = mt19937_64(seed)
    for i in range(len(order), 1, -1):
        j = next(random) % i
        order[i - 1], order[j] = order[j], order[i - 1]
    return order


def epoch_seed(seed: int, epoch: int) -> int:
    return seed + epoch * EPOCH_SEED_STEP & MASK


class WindowOrder:
    """Windows in an endless order, shuffled anew each epoch by the seed: step s trains on places
    [s * sequences, (s + 1) * sequences)."""

    def __init__(self, windows: int, seed: int):
        self.windows = windows
        self.seed = seed
        self._epochs: dict[int, list[int]] = {}

    def of_step(self, step: int, sequences: int) -> list[int]:
        return [self._at(step * sequences + i) for i in range(sequences)]

    def _at(self, place: int) -> int:
        epoch, place = divmod(place, self.windows)
        if epoch not in self._epochs:
            self._epochs[epoch] = shuffled(range(self.windows), epoch_seed(self.seed, epoch))
        return self._epochs[epoch][place]
