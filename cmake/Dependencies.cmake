# Third-party libraries, all Debian packages (scripts/setup.sh installs them).
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(pugixml REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Threads REQUIRED)
if(BENCH_SWEEP_LIBTORCH)
  set(MPI_CXX_SKIP_MPICXX ON)  # the C interface alone
  find_package(MPI REQUIRED COMPONENTS CXX)
endif()
find_library(HIGHWAY_LIBRARY hwy REQUIRED)
add_library(highway INTERFACE)
target_link_libraries(highway INTERFACE ${HIGHWAY_LIBRARY})
# The compiler's own OpenMP by its flag: which libgomp.so.1 is loaded is up to the rpath (LibTorch's
# where there is one), so that a process has one OpenMP runtime.
add_library(openmp INTERFACE)
target_compile_options(openmp INTERFACE -fopenmp)
target_link_options(openmp INTERFACE -fopenmp)
find_path(MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp REQUIRED)
find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js REQUIRED)
