#!/usr/bin/env bash
# Installs what the build needs and is missing: Debian packages, and LibTorch in a cache outside the
# clone. Safe to run again; with everything in place it needs no network and changes nothing. With
# CUDA=1 in the environment, LibTorch with its CUDA part, in a folder of its own; the CUDA toolkit,
# NCCL and cuDNN must be there.
# Prints the folder of LibTorch or of the tests' Python packages, and installs nothing, when called with
# --print-libtorch or --print-test-packages.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=  # download in progress; removed whatever ends this
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
cache=${BENCH_SWEEP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bench_sweep}
cuda=${CUDA:-0}
if [ "$cuda" = 1 ]; then
  libtorch=$cache/libtorch-2.11.0-cuda
else
  libtorch=$cache/libtorch-2.11.0
fi
# A folder for each list of pins, so that clones with other ones leave each other's alone.
test_packages=$cache/test-packages-$(sha256sum "$here/test-requirements.txt" | cut -c1-12)

packages=(
  g++ cmake ninja-build ccache lld git                     # build
  clang-format clang-tidy                                  # checks
  clang libclang-rt-14-dev libomp-14-dev                   # sanitizers, fuzzers
  libfmt-dev nlohmann-json3-dev libcli11-dev libfccp-dev   # driver
  libxxhash-dev libboost-math1.81-dev                      # driver: checksums, statistics
  libkainjow-mustache-dev libjs-chart.js                   # driver: report.html
  libpugixml-dev                                           # driver: JUnit XML
  libeigen3-dev                                            # driver: the tuner's least squares
  libhwy-dev                                               # kernels: SIMD with run-time dispatch
  libicu-dev liblzma-dev                                   # squad: Unicode, packed text files
  zlib1g-dev libsnappy-dev                                 # checkpoint: CRC-32, TensorFlow's blocks
  libopenmpi-dev openmpi-bin                               # training in several processes
  libbenchmark-dev libbenchmark-tools                      # micro-benchmarks; tests: compare.py
  libgtest-dev libgmock-dev python3 python3-jsonschema     # tests
  dpkg-dev file                                            # `make deb`
  libssl-dev                                               # tests: SHA-256
  groff zsh                                                # tests: manual page, completion
  chromium                                                 # tests: report.html in a browser
  python3-pip                                              # fetches LibTorch from PyPI
)

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { printf 'setup: error: %s\n' "$*" >&2; exit 1; }
# shellcheck source=scripts/debian_packages.sh
source "$here/debian_packages.sh"

# Whether the loader, or it and the linker by their variables, or CMake beside nvcc find a library.
has_library() {
  local folder
  PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2> /dev/null | grep -F "$1 " > /dev/null && return
  local named=${LD_LIBRARY_PATH:-}:${LIBRARY_PATH:-}
  for folder in "$toolkit/lib64" "$toolkit/lib" ${named//:/ }; do
    [ -e "$folder/$1" ] && return
  done
  return 1
}

check_cuda() {
  local nvcc toolkit
  nvcc=$(PATH=$PATH:/usr/local/cuda/bin command -v nvcc) ||
    fail "CUDA=1 needs the CUDA toolkit 13, and there is no nvcc in PATH or /usr/local/cuda/bin. Install it from NVIDIA, or build without CUDA=1"
  toolkit=$(dirname "$(dirname "$(realpath "$nvcc")")")
  has_library libnccl.so ||
    fail "CUDA=1 needs NCCL 2 for CUDA 13 with its headers, and there is no libnccl.so known to ldconfig or in $toolkit/lib64. Install it from NVIDIA (libnccl-dev), or build without CUDA=1"
  has_library libcudnn.so.9 ||
    fail "CUDA=1 needs cuDNN 9 for CUDA 13, which LibTorch is linked to, and there is no libcudnn.so.9 known to ldconfig or in $toolkit/lib64. Install it from NVIDIA (cudnn9-cuda-13), or build without CUDA=1"
}

install_libtorch() {
  [ -f "$libtorch/complete" ] && return
  mkdir -p "$cache"
  exec 9>"$cache/.lock"
  flock 9
  [ -f "$libtorch/complete" ] && return
  rm -rf "$cache"/partial.*  # of a set-up that was killed; under the lock there is no other
  local requirements=(--requirement "$here/libtorch-requirements.txt") unpack=() size="530 MB"
  if [ "$cuda" = 1 ]; then
    requirements+=(--requirement "$here/libtorch-cuda-requirements.txt")
    unpack+=(--cuda)
    size="760 MB"
  fi
  say "fetching LibTorch 2.11.0 ($size, PyPI wheel torch 2.11.0 without its dependencies) into $libtorch"
  work=$(mktemp -d "$cache/partial.XXXXXX")
  /usr/bin/python3 -m pip --disable-pip-version-check download --quiet --no-deps --require-hashes \
    --only-binary=:all: --implementation cp --python-version 311 --abi cp311 --abi none \
    --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64 \
    --platform manylinux_2_25_x86_64 --platform manylinux_2_17_x86_64 \
    --dest "$work/wheels" "${requirements[@]}" >&2 ||
    fail "could not download LibTorch from PyPI (pip's message is above). Check the network or pip's index settings, then run this again; nothing was kept"
  /usr/bin/python3 "$here/unpack_libtorch.py" "${unpack[@]}" "$work/wheels" "$work/libtorch" ||
    fail "could not unpack LibTorch (disk full?); nothing was kept. Free some space in $cache and run this again"
  touch "$work/libtorch/complete"
  rm -rf "$libtorch"
  mv "$work/libtorch" "$libtorch"
  say "LibTorch is in $libtorch"
}

install_test_packages() {
  [ -f "$test_packages/complete" ] && return
  mkdir -p "$cache"
  exec 8>"$cache/.test-packages-lock"
  flock 8
  [ -f "$test_packages/complete" ] && return
  say "fetching Python packages for tests (55 MB, PyPI wheels: SciPy, safetensors) into $test_packages"
  rm -rf "$test_packages"
  /usr/bin/python3 -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes \
    --root-user-action=ignore --only-binary=:all: --no-compile --target "$test_packages" \
    --requirement "$here/test-requirements.txt" >&2 ||
    fail "could not fetch SciPy and safetensors from PyPI (pip's message is above). Check the network or pip's index settings, then run this again"
  touch "$test_packages/complete"
}

case "${1:-}" in
  --print-libtorch) echo "$libtorch"; exit 0 ;;
  --print-test-packages) echo "$test_packages"; exit 0 ;;
esac
[ "$cuda" != 1 ] || check_cuda
install_packages "${packages[@]}"
install_libtorch
install_test_packages
say "everything is in place"
