# One place for how every target of the project is compiled.
#
# hearth_module(NAME SOURCES a.cpp… [LINKS public…] [PRIVATE_LINKS …])
#     A static library hearth_NAME, one per folder; explicit links keep the rings honest.
# hearth_test(NAME SOURCES test_a.cpp… LINKS …)      A GoogleTest program; every case is a ctest entry.
# hearth_qtest(NAME SOURCES test_a.cpp LINKS …)      A Qt Test program, one ctest entry, offscreen.
# hearth_fuzzer(NAME SOURCES fuzz_a.cpp LINKS …)     A libFuzzer program (preset "fuzz").
# hearth_bench(NAME SOURCES bench_a.cpp… LINKS …)    A Google Benchmark program.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

find_program(HEARTH_CCACHE ccache)
if(HEARTH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${HEARTH_CCACHE}")
endif()

add_library(hearth_options INTERFACE)
target_compile_features(hearth_options INTERFACE cxx_std_20)
target_include_directories(hearth_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(hearth_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Wold-style-cast -Woverloaded-virtual -Wcast-align -Wno-psabi)
# GCC 12 reports impossible overlaps in std::string's own operator+ (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(hearth_options INTERFACE -Wno-restrict)
endif()
# GCC 13 takes the texts inside of empty std::optionals for uninitialised (GCC bug 80635).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    target_compile_options(hearth_options INTERFACE -Wno-maybe-uninitialized)
endif()
target_compile_definitions(hearth_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_KEYWORDS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS QT_USE_QSTRINGBUILDER)
if(HEARTH_WERROR)
    target_compile_options(hearth_options INTERFACE -Werror)
endif()
if(HEARTH_SANITIZE)
    target_compile_options(hearth_options INTERFACE -fsanitize=${HEARTH_SANITIZE} -fno-omit-frame-pointer
                           -fno-sanitize-recover=all
                           # With sanitisers GCC 12 takes parts of its own <regex> for uninitialised.
                           $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(hearth_options INTERFACE -fsanitize=${HEARTH_SANITIZE})
endif()
if(HEARTH_FUZZ)
    target_compile_options(hearth_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Sanitised builds optimise nothing (compiling takes less than half the time), except what tests keep busy.
function(hearth_sanitize_quickly target name)
    get_target_property(type ${target} TYPE)
    if(HEARTH_SANITIZE AND NOT type STREQUAL "INTERFACE_LIBRARY" AND name MATCHES "^(kernels|tensor|train|quantize)")
        target_compile_options(${target} PRIVATE -O1)
    endif()
endfunction()

function(hearth_module name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
    if(ARG_SOURCES)
        add_library(hearth_${name} STATIC ${ARG_SOURCES})
        target_link_libraries(hearth_${name} PUBLIC hearth_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
    else()
        add_library(hearth_${name} INTERFACE)
        target_link_libraries(hearth_${name} INTERFACE hearth_options ${ARG_LINKS})
    endif()
    hearth_sanitize_quickly(hearth_${name} ${name})
endfunction()

# Seconds until a test counts as hanging: several times what the longest takes on a busy, slow machine.
set(HEARTH_TEST_TIMEOUT 1200)

function(hearth_test name)
    if(NOT HEARTH_TESTS)
        return()
    endif()
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(test_${name} ${ARG_SOURCES})
    target_link_libraries(test_${name} PRIVATE ${ARG_LINKS} hearth_test_support GTest::gmock GTest::gtest_main)
    set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    hearth_sanitize_quickly(test_${name} ${name})
    gtest_discover_tests(test_${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST
                         PROPERTIES TIMEOUT ${HEARTH_TEST_TIMEOUT} ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
endfunction()

function(hearth_qtest name)
    if(NOT HEARTH_TESTS)
        return()
    endif()
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(test_${name} ${ARG_SOURCES})
    set_target_properties(test_${name} PROPERTIES AUTOMOC ON
                          RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_link_libraries(test_${name} PRIVATE ${ARG_LINKS} hearth_test_support Qt6::Test)
    add_test(NAME ${name} COMMAND test_${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${HEARTH_TEST_TIMEOUT} ENVIRONMENT "QT_QPA_PLATFORM=offscreen"
                         SKIP_REGULAR_EXPRESSION "^SKIP   : .*whole program")
endfunction()

function(hearth_fuzzer name)
    if(NOT HEARTH_FUZZ)
        return()
    endif()
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(fuzz_${name} ${ARG_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE ${ARG_LINKS})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
endfunction()

function(hearth_bench name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(bench_${name} ${ARG_SOURCES})
    target_link_libraries(bench_${name} PRIVATE ${ARG_LINKS} benchmark::benchmark_main)
    set_target_properties(bench_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bench")
endfunction()
