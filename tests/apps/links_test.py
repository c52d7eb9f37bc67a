"""Fails where a program links a library that it must not, directly or not.

Usage: links_test.py PROGRAM LIBRARY...  (names without "lib" and ".so", as regular expressions)
"""
import re
import subprocess
import sys

program, *names = sys.argv[1:]
forbidden = re.compile(rf"lib({'|'.join(names)})\b")
libraries = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
assert "libc.so" in libraries, f"ldd shows no libraries at all:\n{libraries}"
found = [line.strip() for line in libraries.splitlines() if forbidden.search(line)]
if found:
    sys.exit(f"{program} must link none of {', '.join(names)}, but links:\n" + "\n".join(found))
