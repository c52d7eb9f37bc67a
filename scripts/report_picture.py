#!/usr/bin/env python3
"""Makes the picture of report.html: the page of a run, its first screens, by headless Chromium.

Usage: report_picture.py BENCH_SWEEP RUN_DIR PNG [--dark] [--width PIXELS] [--height PIXELS]
"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

from devtools import Browser, BrowserError


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench_sweep", type=pathlib.Path)
    parser.add_argument("run_dir", type=pathlib.Path)
    parser.add_argument("png", type=pathlib.Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1160)
    parser.add_argument("--height", type=int, default=1500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # A copy, because the reports are written beside the records.
        for name in ("run.json", "records.jsonl"):
            shutil.copy(options.run_dir / name, folder)
        subprocess.run([options.bench_sweep, "report", folder], check=True, capture_output=True)
        with Browser() as browser:
            page = browser.open(pathlib.Path(folder) / "report.html", options.width,
                                options.height, "dark" if options.dark else "light")
            options.png.parent.mkdir(parents=True, exist_ok=True)
            page.picture(options.png)


if __name__ == "__main__":
    try:
        main()
    except (BrowserError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"report_picture: {error}")
