# CUDA, where -DBENCH_SWEEP_CUDA=ON asks for it (`make CUDA=1 build`): machine code for every
# architecture that docs/kernels.md has, but sm_70, which CUDA 13 compiles no more.
set(CMAKE_CUDA_ARCHITECTURES 75-real 80-real 86-real 89-real 90a-real 100-real 120
  CACHE STRING "What nvcc compiles for")
if(NOT CMAKE_CUDA_COMPILER)
  find_program(CMAKE_CUDA_COMPILER nvcc PATHS /usr/local/cuda/bin REQUIRED)
endif()
enable_language(CUDA)
# CMake 3.25 does not know that nvcc has C++20.
set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
find_package(CUDAToolkit 13.0 REQUIRED)
if(CCACHE_PROGRAM)
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()
target_compile_definitions(bench_build_interface INTERFACE BENCH_CUDA)
target_include_directories(bench_build_interface SYSTEM INTERFACE ${CUDAToolkit_INCLUDE_DIRS})

# bench_cuda_library(NAME SOURCES... LINK libs...): as bench_library, with kernels.
function(bench_cuda_library name)
  bench_library(${name} ${ARGN})
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr>)
  target_link_libraries(${name} PUBLIC CUDA::cudart CUDA::cublasLt)
endfunction()
