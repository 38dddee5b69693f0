# The link graph is the architecture. A library's headers stand in its own include root, so a file can
# include <sallyport/NAME/...> only when its target links NAME, and this file refuses a link that points
# upwards, or a protocol core that links Qt, when CMake configures.

set(SALLYPORT_LAYER_base 0)
set(SALLYPORT_LAYER_core 1)     # protocol cores: standard library only, bytes and time in, events and bytes out
set(SALLYPORT_LAYER_tls 2)      # OpenSSL only, no Qt
set(SALLYPORT_LAYER_service 3)  # QtCore: configuration, credentials, logs
set(SALLYPORT_LAYER_net 4)      # QtCore, QtNetwork
set(SALLYPORT_LAYER_agent 5)    # the agent's engine
set(SALLYPORT_LAYER_host 6)     # what programs that run an agent share: settings, credentials, control socket
set(SALLYPORT_LAYER_program 7)

# sallyport_library(NAME LAYER layer SOURCES file... [DEPENDS sibling...] [LINKS other...] [PRIVATE_LINKS other...])
function(sallyport_library name)
    cmake_parse_arguments(arg "" "LAYER" "SOURCES;DEPENDS;LINKS;PRIVATE_LINKS" ${ARGN})
    if(NOT DEFINED SALLYPORT_LAYER_${arg_LAYER})
        message(FATAL_ERROR "${name}: unknown layer '${arg_LAYER}'")
    endif()
    set(target sallyport_${name})
    add_library(${target} STATIC ${arg_SOURCES})
    add_library(sallyport::${name} ALIAS ${target})
    target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include)
    list(TRANSFORM arg_DEPENDS PREPEND sallyport::)
    target_link_libraries(${target} PUBLIC ${arg_DEPENDS} ${arg_LINKS}
        PRIVATE $<BUILD_INTERFACE:sallyport_settings> ${arg_PRIVATE_LINKS})
    set_target_properties(${target} PROPERTIES SALLYPORT_LAYER ${arg_LAYER})
    set_property(GLOBAL APPEND PROPERTY SALLYPORT_TARGETS ${target})
endfunction()

# sallyport_program(NAME SOURCES file... DEPENDS sibling... [LINKS other...])
function(sallyport_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LINKS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    list(TRANSFORM arg_DEPENDS PREPEND sallyport::)
    target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LINKS} sallyport_settings)
    set_target_properties(${name} PROPERTIES SALLYPORT_LAYER program)
    set_property(GLOBAL APPEND PROPERTY SALLYPORT_TARGETS ${name})
endfunction()

function(sallyport_check_layers)
    get_property(targets GLOBAL PROPERTY SALLYPORT_TARGETS)
    foreach(target IN LISTS targets)
        get_target_property(layer ${target} SALLYPORT_LAYER)
        get_target_property(links ${target} LINK_LIBRARIES)
        foreach(link IN LISTS links)
            if(link MATCHES "^Qt6?::" AND SALLYPORT_LAYER_${layer} LESS SALLYPORT_LAYER_service)
                message(FATAL_ERROR "${target} is a protocol core (layer '${layer}') and must not link ${link}")
            endif()
            if(TARGET ${link})
                get_target_property(real ${link} ALIASED_TARGET)
                if(NOT real)
                    set(real ${link})
                endif()
                get_target_property(below ${real} SALLYPORT_LAYER)
                if(below AND SALLYPORT_LAYER_${below} GREATER SALLYPORT_LAYER_${layer})
                    message(FATAL_ERROR "${target} (layer '${layer}') links ${link} (layer '${below}'): links point down only")
                endif()
                if(target STREQUAL "sallyport-relay" AND link STREQUAL "sallyport::agent")
                    message(FATAL_ERROR "the relay never links the agent's engine")
                endif()
            endif()
        endforeach()
    endforeach()
endfunction()
