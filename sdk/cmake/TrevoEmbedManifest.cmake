# cmake -DMANIFEST=plugin.toml -DOUTPUT=manifest.cpp -P TrevoEmbedManifest.cmake
file(READ ${MANIFEST} text)
foreach(key id version)
  string(REGEX MATCH "(^|\n)${key}[ \t]*=[ \t]*[\"']([^\"'\n]*)[\"']" found "${text}")
  if(NOT found)
    message(FATAL_ERROR "${MANIFEST}: has no ${key} = \"...\" at the top")
  endif()
  set(${key} ${CMAKE_MATCH_2})
endforeach()
if(text MATCHES "\\)trevo_toml\"")
  message(FATAL_ERROR "${MANIFEST}: must not hold the characters )trevo_toml\"")
endif()
set(source "// Generated from plugin.toml.
extern \"C\" {
extern const char trevo_embedded_id[];
extern const char trevo_embedded_version[];
extern const char trevo_embedded_manifest[];
const char trevo_embedded_id[] = \"${id}\";
const char trevo_embedded_version[] = \"${version}\";
const char trevo_embedded_manifest[] = R\"trevo_toml(")
file(WRITE ${OUTPUT} "${source}${text})trevo_toml\";\n}\n")
