# bench_build_info: what a record's `build` says (commit, compiler, flags, build type).
find_package(Git QUIET)
set(BENCH_GIT_COMMIT "unknown")
set(BENCH_GIT_DIRTY false)
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse HEAD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    OUTPUT_VARIABLE git_commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE git_result)
  if(git_result EQUAL 0)
    set(BENCH_GIT_COMMIT "${git_commit}")
    execute_process(COMMAND ${GIT_EXECUTABLE} status --porcelain --untracked-files=no
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE git_changes ERROR_QUIET)
    if(git_changes)
      set(BENCH_GIT_DIRTY true)
    endif()
  endif()
endif()
configure_file("${CMAKE_SOURCE_DIR}/cmake/build_info.h.in"
  "${CMAKE_BINARY_DIR}/generated/bench_build_info.h" @ONLY)
add_library(bench_build_info INTERFACE)
target_include_directories(bench_build_info INTERFACE "${CMAKE_BINARY_DIR}/generated")
