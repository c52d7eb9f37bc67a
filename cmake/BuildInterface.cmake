# bench_build_interface: what every target of the project is compiled with.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Without a locale: its name would be part of what ccache looks a result up by.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      --unset=LANG --unset=LC_ALL --unset=LC_CTYPE --unset=LC_MESSAGES
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${CCACHE_PROGRAM})
endif()

find_program(LLD_PROGRAM ld.lld)
add_library(bench_build_interface INTERFACE)
target_include_directories(bench_build_interface INTERFACE "${CMAKE_SOURCE_DIR}")
# nvcc's host code is not ours to warn of.
target_compile_options(bench_build_interface INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wnon-virtual-dtor;-Woverloaded-virtual;-Werror>"
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
if(LLD_PROGRAM)
  target_link_options(bench_build_interface INTERFACE -fuse-ld=lld)
endif()
if(BENCH_SWEEP_SANITIZE)
  target_compile_options(bench_build_interface INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:Clang>:-fsanitize=fuzzer-no-link>)
  target_link_options(bench_build_interface INTERFACE -fsanitize=address,undefined)
endif()

# bench_library(NAME SOURCES... LINK libs... ): a static library of the project.
function(bench_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC bench_build_interface ${ARG_LINK})
endfunction()
