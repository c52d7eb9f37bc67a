# bench_embed_files(TARGET NAMESPACE namespace HEADER header FILES files...): compiles the files into
# TARGET as `const std::string_view NAMESPACE::kNameExtension`, which HEADER declares.
#
# Run as a script (cmake -D ... -P) it writes that source.
if(CMAKE_SCRIPT_MODE_FILE)
  set(delimiter "embedded_file")
  set(source "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n")
  foreach(file IN LISTS FILES)
    get_filename_component(name "${file}" NAME)
    string(REGEX MATCHALL "[A-Za-z0-9]+" words "${name}")
    set(name k)
    foreach(word IN LISTS words)
      string(SUBSTRING "${word}" 0 1 first)
      string(SUBSTRING "${word}" 1 -1 rest)
      string(TOUPPER "${first}" first)
      string(APPEND name "${first}${rest}")
    endforeach()
    file(READ "${file}" text)
    if(text MATCHES "\\)${delimiter}\"")
      message(FATAL_ERROR "${file} holds ')${delimiter}\"', which ends a raw string")
    endif()
    string(APPEND source
      "\nconst std::string_view ${name} = R\"${delimiter}(${text})${delimiter}\";\n")
  endforeach()
  file(WRITE "${OUTPUT}" "${source}\n}  // namespace ${NAMESPACE}\n")
  return()
endif()

set(BENCH_EMBED_FILES_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(bench_embed_files target)
  cmake_parse_arguments(ARG "" "NAMESPACE;HEADER" "FILES" ${ARGN})
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.cpp")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DNAMESPACE=${ARG_NAMESPACE}"
            "-DHEADER=${ARG_HEADER}" "-DFILES=${ARG_FILES}" -P "${BENCH_EMBED_FILES_SCRIPT}"
    DEPENDS ${ARG_FILES} "${BENCH_EMBED_FILES_SCRIPT}"
    VERBATIM)
  # ISO C++ promises literals of 64 KiB only; every compiler in use here takes megabytes.
  set_source_files_properties("${output}" PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  target_sources(${target} PRIVATE "${output}")
endfunction()
