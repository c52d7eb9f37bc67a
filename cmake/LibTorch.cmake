# Imported targets on the unpacked PyPI wheel. find_package(Torch) is not used: the wheel's own
# CMake files ask for the CUDA toolkit even for a CPU program.
if(NOT LIBTORCH_ROOT OR NOT EXISTS "${LIBTORCH_ROOT}/torch/lib/libtorch_cpu.so")
  message(FATAL_ERROR "LibTorch not found in LIBTORCH_ROOT='${LIBTORCH_ROOT}'. "
    "Run `make build`, which fetches it, or pass -DLIBTORCH_ROOT=... ; "
    "-DBENCH_SWEEP_LIBTORCH=OFF builds the driver alone.")
endif()
set(torch_lib "${LIBTORCH_ROOT}/torch/lib")
add_library(torch_headers INTERFACE)
# -idirafter: the wheel carries its own fmt and oneDNN headers, which must come after Debian's.
target_compile_options(torch_headers INTERFACE
  "SHELL:-idirafter ${LIBTORCH_ROOT}/torch/include"
  "SHELL:-idirafter ${LIBTORCH_ROOT}/torch/include/torch/csrc/api/include")
add_library(torch_cpu INTERFACE)
# The wheel's libgomp has the compiler's soname: at run time the rpath, which CMake makes of these
# paths and replaces on installation, makes it the only one.
target_link_libraries(torch_cpu INTERFACE torch_headers
  "${torch_lib}/libtorch_cpu.so" "${torch_lib}/libc10.so")
target_link_options(torch_cpu INTERFACE "-Wl,--allow-shlib-undefined")
if(BENCH_SWEEP_CUDA)
  # Nothing refers to libtorch_cuda.so: it adds CUDA to LibTorch when it is loaded.
  target_link_libraries(torch_cpu INTERFACE "-Wl,--push-state,--no-as-needed"
    "${torch_lib}/libtorch_cuda.so" "${torch_lib}/libc10_cuda.so" "-Wl,--pop-state" CUDA::cudart)
  # Traces of devices: the library that libtorch_cpu.so loads anyway, so that a process has one.
  add_library(torch_cupti INTERFACE)
  target_link_libraries(torch_cupti INTERFACE "${LIBTORCH_ROOT}/nvidia/cu13/lib/libcupti.so.13")
endif()

# One precompiled header for everything that includes LibTorch; see bench_torch_library.
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/torch_pch.cpp" CONTENT "")
add_library(torch_pch OBJECT "${CMAKE_BINARY_DIR}/generated/torch_pch.cpp")
target_link_libraries(torch_pch PRIVATE bench_build_interface torch_headers openmp)
target_precompile_headers(torch_pch PRIVATE "${CMAKE_SOURCE_DIR}/cmake/torch_pch.h")

# bench_use_torch(TARGET): compile against LibTorch through the shared precompiled header.
function(bench_use_torch name)
  target_link_libraries(${name} PUBLIC torch_cpu openmp)
  target_precompile_headers(${name} REUSE_FROM torch_pch)
  # Programs get -fPIE, libraries -fPIC: the precompiled header needs one of them everywhere.
  target_compile_options(${name} PRIVATE -fPIC)
endfunction()

# bench_torch_library(NAME SOURCES... LINK libs...): as bench_library, with LibTorch.
function(bench_torch_library name)
  bench_library(${name} ${ARGN})
  bench_use_torch(${name})
endfunction()
