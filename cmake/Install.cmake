# `make install` and `make deb`: the programs, the libraries that Debian does not have, and what
# programs and people read.
include(GNUInstallDirs)

install(TARGETS bench_sweep bench_simulated_worker bert_squad
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
if(BENCH_SWEEP_LIBTORCH)
  install(TARGETS bench_worker RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  # LibTorch comes along, in the layout of its wheels, by which its libraries find each other. The
  # programs find it from where they are, so that the prefix can move.
  set(private_lib "${CMAKE_INSTALL_LIBDIR}/bench_sweep")
  set(private_folders torch nvidia/cu13)
  if(BENCH_SWEEP_CUDA)
    list(APPEND private_folders nvidia/cusparselt nvidia/nvshmem)
  endif()
  foreach(folder IN LISTS private_folders)
    install(DIRECTORY "${LIBTORCH_ROOT}/${folder}/lib" DESTINATION "${private_lib}/${folder}"
      FILES_MATCHING PATTERN "*.so*")
  endforeach()
  file(RELATIVE_PATH from_bin "/${CMAKE_INSTALL_BINDIR}" "/${private_lib}/torch/lib")
  set_target_properties(bench_worker bert_squad PROPERTIES INSTALL_RPATH "$ORIGIN/${from_bin}")
  foreach(licence torch-2.11.0 nvidia_cuda_runtime-13.0.96 nvidia_cuda_cupti-13.0.85)
    install(DIRECTORY "${LIBTORCH_ROOT}/${licence}.dist-info/" DESTINATION
      "${CMAKE_INSTALL_DOCDIR}/licences/${licence}" FILES_MATCHING REGEX "(LICENSE|License|NOTICE)[^/]*$")
  endforeach()
endif()

install(DIRECTORY "${CMAKE_SOURCE_DIR}/sweeps" DESTINATION "${CMAKE_INSTALL_DATADIR}/bench_sweep")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/examples" DESTINATION "${CMAKE_INSTALL_DATADIR}/bench_sweep"
  USE_SOURCE_PERMISSIONS PATTERN "__pycache__" EXCLUDE)
install(PROGRAMS "${CMAKE_SOURCE_DIR}/scripts/hf_environment.sh"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bench_sweep/scripts")
install(FILES "${CMAKE_SOURCE_DIR}/scripts/debian_packages.sh"
  "${CMAKE_SOURCE_DIR}/scripts/hf-requirements.txt"
  "${CMAKE_SOURCE_DIR}/scripts/hf-cuda-requirements.txt"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bench_sweep/scripts")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/docs" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES "${CMAKE_SOURCE_DIR}/README.md" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)

# What bench_sweep says of itself, for man(1) and for shells.
set(share "${CMAKE_BINARY_DIR}/share")
file(MAKE_DIRECTORY "${share}")
add_custom_command(OUTPUT "${share}/bench_sweep.1" "${share}/bench_sweep" "${share}/_bench_sweep"
  COMMAND bench_sweep --man > "${share}/bench_sweep.1"
  COMMAND bench_sweep completion bash > "${share}/bench_sweep"
  COMMAND bench_sweep completion zsh > "${share}/_bench_sweep"
  DEPENDS bench_sweep VERBATIM)
add_custom_target(bench_sweep_share ALL
  DEPENDS "${share}/bench_sweep.1" "${share}/bench_sweep" "${share}/_bench_sweep")
install(FILES "${share}/bench_sweep.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${share}/bench_sweep"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${share}/_bench_sweep" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME bench-sweep)
set(CPACK_PACKAGE_CONTACT "bench_sweep developers <bench_sweep@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Benchmark and tuning harness for fused BERT training kernels")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)  # xz takes minutes for LibTorch
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
if(BENCH_SWEEP_LIBTORCH)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
    "${LIBTORCH_ROOT}/torch/lib" "${LIBTORCH_ROOT}/nvidia/cu13/lib")
endif()
include(CPack)
