# find_package(TrevoSdk): the target trevo::sdk and the function trevo_add_plugin().
include(${CMAKE_CURRENT_LIST_DIR}/TrevoSdkTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/TrevoPlugin.cmake)
