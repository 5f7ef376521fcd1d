# trevo_add_plugin(NAME SOURCES file... [MANIFEST plugin.toml] [LIBS target...])
#
# Builds the plugin library NAME.so: hidden visibility, nothing left undefined, plugin.toml embedded. It lands in
# TREVO_PLUGIN_OUTPUT_DIRECTORY when that is set, else in the build folder. The target is called trevo_plugin_NAME, so
# that a plugin may be named like any other target.

function(trevo_add_plugin name)
  cmake_parse_arguments(ARG "" "MANIFEST" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_SOURCES)
    message(FATAL_ERROR "trevo_add_plugin(${name}): no SOURCES; a plugin of mappings only needs no library")
  endif()
  if(NOT ARG_MANIFEST)
    set(ARG_MANIFEST plugin.toml)
  endif()
  get_filename_component(manifest ${ARG_MANIFEST} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  set(embed_script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/TrevoEmbedManifest.cmake)
  set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${name}_manifest.cpp)
  add_custom_command(
    OUTPUT ${embedded}
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${manifest} -DOUTPUT=${embedded} -P ${embed_script}
    DEPENDS ${manifest} ${embed_script}
    COMMENT "Embedding the manifest of ${name}"
    VERBATIM)

  set(target trevo_plugin_${name})
  add_library(${target} MODULE ${ARG_SOURCES} ${embedded})
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_link_libraries(${target} PRIVATE trevo::sdk ${ARG_LIBS})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME ${name} PREFIX "" POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  # A sanitizer's run time is in the host program and stays undefined here.
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize" AND NOT TREVO_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,--no-undefined)
  endif()
  if(TREVO_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${TREVO_PLUGIN_OUTPUT_DIRECTORY})
  endif()
endfunction()
