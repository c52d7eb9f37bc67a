"""Median and exact interval of a few rounds, as docs/statistics.md defines them."""

import math
import statistics


def median_interval(values: list[float]) -> tuple[float, float]:
    """The narrowest symmetric pair of order statistics that holds the median with 95 % confidence.

    The range where no pair does (below 6 values).
    """
    ordered, count = sorted(values), len(values)
    rank = 0
    while rank + 1 < count - rank - 1:
        outside = 2 * sum(math.comb(count, k) for k in range(rank + 2)) / 2**count
        if outside > 0.05:
            break
        rank += 1
    return ordered[rank], ordered[count - 1 - rank]


def summary(values: list[float]) -> tuple[float, float, float]:
    """Median, lower and upper end of its interval."""
    return (statistics.median(values), *median_interval(values))
