# The two commands are `make run` and `make test`; each sets up, builds and goes.
SWEEP ?= sweeps/quickstart.json
BUILD ?= build
JOBS ?= $(shell nproc)
FILTER ?= .
SECONDS ?= 60
RUN ?= runs/quickstart/latest
OUT ?= runs/finetune
PREFIX ?= /usr/local
CUDA ?= 0
LIBTORCH_ROOT ?= $(shell CUDA=$(CUDA) scripts/setup.sh --print-libtorch)
export LIBTORCH_ROOT CUDA

.PHONY: help run test build install deb finetune vs-huggingface test-huggingface bench-kernels kernel-report cuda-kernels gpu report-picture setup check format-check tidy sanitize fuzz build-sanitize clean

help:            ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

run: build       ## build and run a sweep (SWEEP=sweeps/quickstart.json)
	$(BUILD)/bin/bench_sweep $(SWEEP)

test: build      ## build and run every test
	ctest --test-dir $(BUILD) --label-exclude gpu --output-on-failure --no-tests=error -j $(JOBS)

build: setup     ## install what is missing and build everything, tests included (CUDA=1: for GPUs, too)
	cmake --preset default -B $(BUILD) -DBENCH_SWEEP_CUDA=$(CUDA)
	cmake --build $(BUILD) -j $(JOBS)

install: build   ## install programs, LibTorch's libraries, sweeps, docs (PREFIX=/usr/local, DESTDIR=)
	cmake --install $(BUILD) --prefix $(PREFIX)

deb: build       ## a Debian package of the same: build/package/bench-sweep_*.deb
	cpack --config $(BUILD)/CPackConfig.cmake -B $(BUILD)/package

finetune: build  ## fine-tune MiniLM on SQuAD and score it (OUT=runs/finetune, OPTIONS='--max_steps 20')
	scripts/finetune.sh $(OUT) $(OPTIONS)

vs-huggingface: build ## fused beside HuggingFace's BERT on torch (installs both; half an hour on 2 cores)
	scripts/hf_environment.sh
	BENCH_WORKER=$(abspath $(BUILD))/bin/bench_worker \
	  $(BUILD)/bin/bench_sweep sweeps/cpu_minilm_vs_huggingface.json

test-huggingface: build ## tests of examples/hf_worker.py with torch and transformers (installs both)
	scripts/hf_environment.sh
	/usr/bin/python3 tests/examples/hf_whole_test.py $(abspath $(BUILD))/bin/bench_worker

bench-kernels: build ## every operator beside LibTorch's and the machine's ceilings (FILTER=regex)
	$(BUILD)/bin/bench_kernels --benchmark_filter='$(FILTER)'

kernel-report: build ## measure layers and BERT-large's operators anew: docs/results/bench_kernels.md
	$(BUILD)/bin/bench_kernels --benchmark_filter='^layer/|/bert-large/' \
	  --benchmark_min_time=0.02 --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
	  --benchmark_out=$(BUILD)/bench_kernels.json --benchmark_out_format=json
	scripts/kernel_table.py $(BUILD)/bench_kernels.json > $(BUILD)/bench_kernels.md
	mv $(BUILD)/bench_kernels.md docs/results/bench_kernels.md

cuda-kernels:    ## compile every CUDA kernel for every architecture: docs/kernels.md (needs nvcc, pip)
	test -d $(BUILD)/nvrtc || python3 -m pip --disable-pip-version-check install --quiet --no-deps \
	  --require-hashes --root-user-action=ignore --target $(BUILD)/nvrtc -r scripts/nvrtc-requirements.txt
	scripts/cuda_kernel_table.py --nvrtc $(BUILD)/nvrtc --cache $(BUILD)/ptxas

gpu:             ## on a machine with a GPU: build for it, tests, memory checker, kernels, h100_80g's sweeps (PARTS='tests sweep')
	$(MAKE) CUDA=1 build
	scripts/gpu.sh $(BUILD) $(PARTS)

report-picture: build ## the picture of report.html (RUN=runs/quickstart/latest): docs/pictures/report.png
	/usr/bin/python3 scripts/report_picture.py $(BUILD)/bin/bench_sweep $(RUN) docs/pictures/report.png

setup:           ## install what is missing (Debian packages; LibTorch in a cache outside the clone)
	scripts/setup.sh

check: format-check tidy ## formatting and lint, as CI runs them

format-check:    ## every source is formatted as .clang-format says
	git ls-files '*.h' '*.cpp' '*.cu' '*.cuh' | xargs clang-format --dry-run --Werror

tidy: build      ## clang-tidy over the driver, the reports, the readers and SQuAD
	scripts/tidy.sh $(BUILD)

sanitize: build-sanitize ## driver, readers and kernels under ASan + UBSan
	ctest --preset sanitize -j $(JOBS)
	cmake --preset sanitize-kernels
	cmake --build --preset sanitize-kernels -j $(JOBS)
	ctest --preset sanitize-kernels -j $(JOBS)

fuzz: build-sanitize ## fuzz the readers of untrusted files, SECONDS=60 each
	scripts/fuzz.sh build-sanitize $(SECONDS)

build-sanitize: setup
	cmake --preset sanitize
	cmake --build --preset sanitize -j $(JOBS)

clean:           ## remove build folders
	rm -rf build build-light build-sanitize build-sanitize-kernels
