# sallyport_test(NAME SOURCES file... DEPENDS sibling... [LINKS other...] [LABELS label...] [TIMEOUT s])
# A Qt Test executable. Labels are the levels of the tests: unit (bytes -> events, in-memory pairs),
# socket (real sockets on port 0), e2e (whole programs driven from outside), interop.
find_package(Qt6 6.4 REQUIRED COMPONENTS Test)

function(sallyport_test name)
    cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;DEPENDS;LINKS;LABELS" ${ARGN})
    if(SALLYPORT_FUZZ)
        return()
    endif()
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES
        AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    list(TRANSFORM arg_DEPENDS PREPEND sallyport::)
    target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LINKS} Qt6::Test sallyport_settings)
    add_test(NAME ${name} COMMAND ${name})
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;ASAN_OPTIONS=detect_leaks=1;TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/dev/tsan.supp")
endfunction()

# sallyport_fuzzer(NAME SOURCES file... DEPENDS sibling...): built by the fuzz preset alone.
function(sallyport_fuzzer name)
    if(NOT SALLYPORT_FUZZ)
        return()
    endif()
    cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LINKS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
    list(TRANSFORM arg_DEPENDS PREPEND sallyport::)
    target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LINKS} sallyport_settings)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()
