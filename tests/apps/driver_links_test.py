"""Fails where the program given as argument links LibTorch or CUDA, directly or not."""
import re
import subprocess
import sys

FORBIDDEN = re.compile(r"lib(torch|c10|caffe2|cuda|cudart|cublas|cudnn|cufft|nvrtc|nv\w*)\b")

libraries = subprocess.run(["ldd", sys.argv[1]], check=True, capture_output=True, text=True).stdout
assert "libc.so" in libraries, f"ldd shows no libraries at all:\n{libraries}"
found = [line.strip() for line in libraries.splitlines() if FORBIDDEN.search(line)]
if found:
    sys.exit(f"{sys.argv[1]} must link neither LibTorch nor CUDA, but links:\n" + "\n".join(found))
