# Third-party libraries, all Debian packages (scripts/setup.sh installs them).
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(Threads REQUIRED)
find_library(HIGHWAY_LIBRARY hwy REQUIRED)
add_library(highway INTERFACE)
target_link_libraries(highway INTERFACE ${HIGHWAY_LIBRARY})
