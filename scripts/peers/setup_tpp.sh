#!/usr/bin/env bash
# Fetches and builds tpp-pytorch-extension, with libxsmm and parlooper, at pinned commits, in a
# virtual environment outside the clone, for compare_tpp.py. Safe to run again: what is there stays.
#
#   setup_tpp.sh [--mirror FOLDER] [--into FOLDER] [--jobs N]
#
#   --mirror FOLDER  where git clones from instead of https://github.com: FOLDER/libxsmm/NAME or
#                    FOLDER/libxsmm+NAME/repo
#   --into FOLDER    default ~/.cache/bench_sweep/peers/tpp
#   --jobs N         compilers at once (default 1; each takes up to 3 GiB)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${BENCH_SWEEP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bench_sweep}
into=$cache/peers/tpp
mirror=https://github.com
jobs=1

declare -A commits=(
  [tpp-pytorch-extension]=275724b8c5cdc08b15d1537fc7daaa405f2c0712
  [libxsmm]=72895fdda7e55fe65dc4fe6a19456a56f879ca0b
  [parlooper]=630b6396369c2dab1fd96372c054cd1f34c35e7e
)

say() { printf 'setup_tpp: %s\n' "$*" >&2; }
fail() { printf 'setup_tpp: error: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "$1 needs a value"
  case $1 in
    --mirror) mirror=$2 ;;
    --into) into=$2 ;;
    --jobs) jobs=$2 ;;
    *) fail "unknown option $1" ;;
  esac
  shift 2
done

origin_of() {
  if [ -d "$mirror/libxsmm+$1/repo" ]; then
    echo "$mirror/libxsmm+$1/repo"
  else
    echo "$mirror/libxsmm/$1"
  fi
}

# check_out NAME FOLDER: the pinned commit without documents and samples, some of which are large.
check_out() {
  local name=$1 folder=$2 commit=${commits[$1]}
  [ -f "$folder/.at-$commit" ] && return
  say "fetching $name at ${commit:0:8}"
  rm -rf "$folder"
  git clone --quiet --no-checkout "$(origin_of "$name")" "$folder" ||
    fail "could not clone $name; check the network, or give --mirror"
  git -C "$folder" update-ref --no-deref HEAD "$commit" ||
    fail "$name has no commit $commit"
  git -C "$folder" checkout --quiet "$commit" -- . \
    ':!documentation' ':!samples' ':!tests' ':!examples'
  touch "$folder/.at-$commit"
}

install_python() {
  [ -f "$into/venv/complete" ] && return
  say "installing torch 2.11.0 and transformers into $into/venv"
  rm -rf "$into/venv"
  /usr/bin/python3 -m venv "$into/venv"
  local pip=("$into/venv/bin/pip" --disable-pip-version-check --quiet install --no-warn-conflicts)
  # The wheel of PyPI is the one that our LibTorch comes from. Where the system has a CUDA 13 toolkit,
  # three small wheels make it start, though pip thinks that more is missing; elsewhere it needs its
  # 2 GB of CUDA libraries even on a CPU.
  "${pip[@]}" --no-deps torch==2.11.0 nvidia-cufile==1.15.1.6 nvidia-cusparselt-cu13==0.8.0 \
    nvidia-nvshmem-cu13==3.4.5
  "${pip[@]}" --requirement "$here/tpp-requirements.txt"
  "$into/venv/bin/python" -c 'import torch' 2>/dev/null || "${pip[@]}" torch==2.11.0
  "$into/venv/bin/python" -c 'import torch' || fail "torch does not start in $into/venv"
  touch "$into/venv/complete"
}

build_peer() {
  local source=$into/source
  [ -f "$source/.built" ] && return
  say "building (some minutes; the log is $into/build.log)"
  # Only BERT, the optimizer and what they stand on; and no more compilers at once than asked for.
  # Sources and flags of what is built are the peer's own.
  sed -i -E \
    -e '/glob\.glob\("src\/csrc\/(alphafold|llm|gnn|dlrm)/d' \
    -e "s/\"-j\",/\"-j$jobs\",/" "$source/setup.py"
  (cd "$source" && MAX_JOBS=$jobs nice -n 10 "$into/venv/bin/python" setup.py build) \
    >"$into/build.log" 2>&1 || fail "the build failed; the end of $into/build.log says why"
  echo "$source"/build/lib.* >"$(echo "$into"/venv/lib/python3*/site-packages)/tpp.pth"
  "$into/venv/bin/python" -c 'import tpp_pytorch_extension.bert' >/dev/null ||
    fail "the built extension does not start"
  touch "$source/.built"
}

mkdir -p "$into"
into=$(cd "$into" && pwd)
install_python
check_out tpp-pytorch-extension "$into/source"
check_out libxsmm "$into/source/libxsmm"
check_out parlooper "$into/source/parlooper"
build_peer
say "the peer is in place: $into/venv/bin/python"
