# Compiler settings shared by every target, and the two helpers that declare a module and its tests.
include(GNUInstallDirs)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
# Line tables are what a stack trace needs; full debug information costs a third of the build.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-g1")

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(TREVO_PLUGIN_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

set(TREVO_SANITIZE "" CACHE STRING "Sanitizers of the whole build: empty, address,undefined or thread")
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(TREVO_SANITIZE)
  add_compile_options(-fsanitize=${TREVO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TREVO_SANITIZE})
endif()

find_package(Threads REQUIRED)

# A clean build is twice as fast in batches; whoever edits all day configures with -DTREVO_UNITY=OFF and rebuilds one file.
option(TREVO_UNITY "Compile several sources of a target as one" ON)
set(CMAKE_UNITY_BUILD ${TREVO_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 16)

# trevo_apart(FILE...): sources whose file-local names clash with a neighbour's, compiled on their own in any case.
function(trevo_apart)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# trevo_module(NAME SOURCES ... DEPENDS ...): the static library trevo_NAME, reached as trevo::NAME. What a module does
# not list in DEPENDS it can not link, which keeps the arrows between modules one way.
function(trevo_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  if(ARG_SOURCES)
    add_library(trevo_${name} STATIC ${ARG_SOURCES})
    target_include_directories(trevo_${name} PUBLIC ${CMAKE_SOURCE_DIR}/gateway)
    target_link_libraries(trevo_${name} PUBLIC ${ARG_DEPENDS} Threads::Threads PRIVATE ${ARG_PRIVATE_DEPENDS})
  else()
    add_library(trevo_${name} INTERFACE)
    target_include_directories(trevo_${name} INTERFACE ${CMAKE_SOURCE_DIR}/gateway)
    target_link_libraries(trevo_${name} INTERFACE ${ARG_DEPENDS})
  endif()
  add_library(trevo::${name} ALIAS trevo_${name})
endfunction()

# trevo_plain(TARGET): compiled without optimisation and debug information, and linked by the faster linker, for what runs
# once and is built often. Tests spend their time in the modules that they test, which are built as they are shipped.
include(CheckLinkerFlag)
check_linker_flag(CXX -fuse-ld=gold TREVO_HAS_GOLD)
function(trevo_plain target)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    return()
  endif()
  target_compile_options(${target} PRIVATE -O0 -g0)
  get_target_property(kind ${target} TYPE)
  if(TREVO_HAS_GOLD AND kind STREQUAL "EXECUTABLE")
    target_link_options(${target} PRIVATE -fuse-ld=gold)
  endif()
endfunction()

# trevo_small(TARGET): optimised for size, for what waits for people, partners and disks: it compiles a third faster.
function(trevo_small target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-Os>)
endfunction()

# trevo_test(NAME SOURCES ... LIBS ... [LABEL unit|integration|e2e]): one Catch2 program, its cases known to CTest.
function(trevo_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  add_executable(test_${name} ${ARG_SOURCES} $<TARGET_OBJECTS:trevo_catch_main>)
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE TREVO_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             TREVO_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(test_${name} PRIVATE ${ARG_LIBS} Threads::Threads)
  trevo_plain(test_${name})
  add_test(NAME ${name} COMMAND test_${name})
  # Those that wait for servers begin first, so that the two cores end together.
  set(cost 0)
  if(NOT ARG_LABEL STREQUAL "unit")
    set(cost 100)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} COST ${cost})
  if(TREVO_SANITIZE STREQUAL "thread")
    set_tests_properties(${name} PROPERTIES ENVIRONMENT
                         "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan.supp")
  endif()
endfunction()
