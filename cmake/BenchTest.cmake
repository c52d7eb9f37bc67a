# Tests mirror the tree. Labels: light (no LibTorch, milliseconds), cpu (kernels and LibTorch),
# emulator (CUDA kernels on the CPU), sweep (whole programs), gpu (on a device: `make gpu` runs them).
find_package(GTest REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
include(GoogleTest)

# Of tests that several processes run together: Open MPI refuses root and more processes than cores
# unless told, and spins while it waits unless told.
set(BENCH_MPI_ENVIRONMENT "OMP_WAIT_POLICY=passive" "OMPI_ALLOW_RUN_AS_ROOT=1"
  "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1" "OMPI_MCA_rmaps_base_oversubscribe=1"
  "OMPI_MCA_mpi_yield_when_idle=1")

# One precompiled header for the tests of the driver and the readers. Those that use LibTorch have its
# own; those of kernels are compiled with OpenMP, for which it would be another.
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/test_pch.cpp" CONTENT "")
add_library(test_pch OBJECT "${CMAKE_BINARY_DIR}/generated/test_pch.cpp")
target_link_libraries(test_pch PRIVATE bench_build_interface fmt::fmt nlohmann_json::nlohmann_json
  GTest::gmock GTest::gtest)
target_precompile_headers(test_pch PRIVATE "${CMAKE_SOURCE_DIR}/cmake/test_pch.h")
# Compiles in half the time; what is tested is optimized.
target_compile_options(test_pch PRIVATE -O0)

# The tests of the kernels, which `make sanitize` builds by themselves.
add_custom_target(kernel_tests)

# bench_test(NAME LABEL label SOURCES... LINK libs... [TORCH] [ALONE_WITH resource]): one GoogleTest
# program, one CTest entry a test case. Of those that name a resource one runs at a time.
function(bench_test name)
  cmake_parse_arguments(ARG "TORCH" "LABEL;ALONE_WITH" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE bench_build_interface ${ARG_LINK} GTest::gmock GTest::gtest_main)
  if(ARG_TORCH)
    bench_use_torch(${name})
  elseif(ARG_LABEL STREQUAL "light")
    target_precompile_headers(${name} REUSE_FROM test_pch)
    # As the library that the header was compiled for.
    target_compile_options(${name} PRIVATE -fPIC -O0)
  endif()
  if(ARG_LABEL STREQUAL "cpu" AND NOT ARG_TORCH)
    add_dependencies(kernel_tests ${name})
  endif()
  target_compile_definitions(${name} PRIVATE
    BENCH_SOURCE_DIR="${CMAKE_SOURCE_DIR}" BENCH_BINARY_DIR="${CMAKE_BINARY_DIR}")
  # Tests share the processors: threads that spin while they wait would take them from each other.
  set(properties LABELS "${ARG_LABEL}" TIMEOUT 600 ENVIRONMENT "OMP_WAIT_POLICY=passive")
  if(ARG_ALONE_WITH)
    list(APPEND properties RESOURCE_LOCK "${ARG_ALONE_WITH}")
  endif()
  gtest_discover_tests(${name} NO_PRETTY_VALUES PROPERTIES ${properties} DISCOVERY_MODE PRE_TEST)
endfunction()
