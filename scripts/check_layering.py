#!/usr/bin/env python3
"""Check who includes whom against the table in docs/architecture.md.

Usage: check_layering.py ROOT

Every `#include "folder/..."` of a source below one of the table's folders must name a part that
its row allows; `torch` and `CUDA` stand for LibTorch's and CUDA's headers. A row that other rows lie
below is the files directly in its folder. Sources in the table's folders and headers of the project
that belong to no row are violations too. One line per violation; exit 1 where there is one.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
TORCH = ("ATen/", "c10/", "torch/", "caffe2/")
CUDA = ("cuda", "cublas", "cudnn", "nccl", "nvrtc", "cupti")


def read_table(text: str) -> dict[str, set[str]]:
    """Rows `| part | may include |` after the line '<!-- layering -->'."""
    rows = {}
    for line in text.split("<!-- layering -->", 1)[1].splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 2 or set(cells[0]) <= {"-", ":", " "} or cells[0] == "part":
            if rows and not line.strip():
                break
            continue
        for part in re.findall(r"`([^`]+)`", cells[0]):
            rows[part] = set(re.findall(r"`([^`]+)`", cells[1]))
    return rows


def part_of(path: str, parts: dict[str, set[str]]) -> str | None:
    """The row that `path` belongs to; `kernels/<op>` is any folder of kernels/ without a row."""
    best = max((part for part in parts if path.startswith(part + "/")), key=len, default=None)
    if best is None:
        return "kernels/<op>" if path.count("/") > 1 and path.startswith("kernels/") else None
    has_rows_below = any(part.startswith(best + "/") for part in parts)
    return None if has_rows_below and path.rsplit("/", 1)[0] != best else best


def target_of(include: str, parts: dict[str, set[str]]) -> str | None:
    if include.startswith(TORCH):
        return "torch"
    if include.startswith(CUDA):
        return "CUDA"
    return part_of(include, parts)


def sources(root: pathlib.Path, parts: dict[str, set[str]]) -> list[pathlib.Path]:
    """Every source below the table's folders; tests and what a build writes lie elsewhere."""
    folders = {root / part.split("/")[0] for part in parts}
    return [path for folder in folders for path in folder.rglob("*")
            if path.suffix in (".h", ".cpp", ".cu", ".cuh")]


def violations(root: pathlib.Path, parts: dict[str, set[str]]) -> list[str]:
    found = []
    for path in sorted(sources(root, parts)):
        name = path.relative_to(root).as_posix()
        part = part_of(name, parts)
        if part is None:
            found.append(f"{name}: no row of the table is its part; add one")
            continue
        allowed = parts[part]
        for include in INCLUDE.findall(path.read_text()):
            target = target_of(include, parts)
            same_folder = name.rsplit("/", 1)[0] == include.rsplit("/", 1)[0]
            own_part = target == part and part != "kernels/<op>"
            if same_folder or own_part or target in allowed:
                continue
            if target is not None:
                found.append(f'{name}: includes "{include}": {part} may not include {target}')
            elif (root / include).is_file():
                found.append(f'{name}: includes "{include}", which no row of the table allows')
    return found


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(sys.argv[1])
    parts = read_table((root / "docs/architecture.md").read_text())
    if len(parts) < 10:
        print("check_layering: the table in docs/architecture.md was not found", file=sys.stderr)
        return 2
    found = violations(root, parts)
    print("\n".join(found) if found else f"layering holds for {len(parts)} parts")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
