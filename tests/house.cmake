# Checks of the house itself, all with the label `house`: floors, headers, compile errors, object code, documents,
# consumers.

file(GLOB house_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/house/*.cpp")
file(GLOB compile_fail_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/compile_fail/*.cpp")
file(GLOB compile_pass_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/compile_pass/*.cpp")
file(GLOB object_code_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/object_code/*.cpp")
file(GLOB link_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/link/*.cpp")
file(GLOB consumers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/consumers/*/main.cpp")
file(GLOB consumer_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/consumers/*/*.cpp")
file(GLOB_RECURSE documents CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/*.md")
file(GLOB readme CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/README.md")

find_program(TALLYSCOPE_GXX g++)
find_program(TALLYSCOPE_CLANGXX clang++)
set(compilers "")
if(TALLYSCOPE_GXX)
  list(APPEND compilers "${TALLYSCOPE_GXX}")
endif()
if(TALLYSCOPE_CLANGXX)
  list(APPEND compilers "${TALLYSCOPE_CLANGXX}")
endif()
if(NOT compilers)
  set(compilers "${CMAKE_CXX_COMPILER}")
endif()
set(include_flags "-I${PROJECT_SOURCE_DIR}/include -I${PROJECT_SOURCE_DIR}/sinks")
find_program(TALLYSCOPE_BASH bash REQUIRED)

function(add_house_test name)
  add_test(NAME "house.${name}" COMMAND ${ARGN})
  # The longest first, so that none is left over at the end.
  set_tests_properties("house.${name}" PROPERTIES LABELS house TIMEOUT 600 COST 100)
endfunction()

# The sources.
list(APPEND picked_up ${house_sources} ${compile_fail_sources} ${compile_pass_sources} ${object_code_sources}
  ${link_sources} ${consumer_sources})
list(JOIN picked_up "\n" picked_up_lines)
file(CONFIGURE OUTPUT picked_up.txt CONTENT "${picked_up_lines}\n" @ONLY)
add_executable(house_tests ${house_sources})
target_link_libraries(house_tests PRIVATE test_main)
target_compile_definitions(house_tests PRIVATE
  "TALLYSCOPE_PICKED_UP=\"${CMAKE_CURRENT_BINARY_DIR}/picked_up.txt\""
  "TALLYSCOPE_PROJECT_VERSION=\"${PROJECT_VERSION}\"")
catch_discover_tests(house_tests TEST_PREFIX "house." PROPERTIES LABELS house TIMEOUT 300)

# Every header that callers include compiles alone, also without exceptions and run-time type information, and with it
# the details that it includes. None of it is run, so that the compiler need not take pains.
tallyscope_usable("${core_headers};${sink_headers}" headers header_libraries)
set(header_checks "")
set(lean_header_checks "")
set(everything "")
foreach(header IN LISTS headers)
  string(REGEX REPLACE ".*/(include|sinks)/tallyscope/" "" name "${header}")
  set(check "${CMAKE_CURRENT_BINARY_DIR}/header_checks/${name}.cpp")
  file(CONFIGURE OUTPUT "${check}" CONTENT "#include <tallyscope/${name}>\n" @ONLY)
  if(name MATCHES "detail/")
    continue()
  endif()
  list(APPEND header_checks "${check}")
  # A library from elsewhere may insist on exceptions: only what includes nothing foreign promises to do without.
  tallyscope_includes("${header}" included)
  set(foreign FALSE)
  foreach(file IN LISTS included)
    file(STRINGS "${file}" needs REGEX "^// Needs: <" LIMIT_COUNT 1)
    if(needs)
      set(foreign TRUE)
    endif()
  endforeach()
  if(NOT foreign)
    list(APPEND lean_header_checks "${check}")
  endif()
  string(APPEND everything "#include <tallyscope/${name}>\n")
endforeach()
if(header_checks)
  add_library(header_checks OBJECT ${header_checks})
  target_link_libraries(header_checks PRIVATE tallyscope_development)
  target_compile_options(header_checks PRIVATE -O0 -g0)
endif()
if(lean_header_checks)
  add_library(header_checks_without_exceptions OBJECT ${lean_header_checks})
  target_link_libraries(header_checks_without_exceptions PRIVATE tallyscope_development)
  target_compile_options(header_checks_without_exceptions PRIVATE -O0 -g0 -fno-exceptions -fno-rtti)
endif()

# Two translation units that include everything link into one program.
file(CONFIGURE OUTPUT link/everything.hpp CONTENT "#pragma once\n${everything}" @ONLY)
if(EXISTS "${PROJECT_SOURCE_DIR}/include/tallyscope/tallyscope.hpp")
  add_executable(link_test ${link_sources})
  target_include_directories(link_test PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/link")
  target_link_libraries(link_test PRIVATE tallyscope_development ${header_libraries})
  add_house_test("two translation units with every header link" link_test)
endif()

# What must not compile, what must, and what must compile to the same instructions.
foreach(compiler IN LISTS compilers)
  cmake_path(GET compiler FILENAME compiler_name)
  set(flags "-std=c++20 ${include_flags}")
  foreach(source IN LISTS compile_fail_sources)
    cmake_path(GET source STEM stem)
    add_house_test("${stem} does not compile with ${compiler_name}" "${TALLYSCOPE_BASH}"
      "${CMAKE_CURRENT_SOURCE_DIR}/compile_fail/run.sh" "${compiler}" "${flags}" "${source}")
  endforeach()
  foreach(source IN LISTS compile_pass_sources)
    cmake_path(GET source STEM stem)
    add_house_test("${stem} compiles with ${compiler_name}" "${TALLYSCOPE_BASH}"
      "${CMAKE_CURRENT_SOURCE_DIR}/compile_pass/run.sh" "${compiler}" "${flags}" "${source}")
  endforeach()
  foreach(source IN LISTS object_code_sources)
    cmake_path(GET source STEM stem)
    add_house_test("${stem} leaves no instruction with ${compiler_name}" "${TALLYSCOPE_BASH}"
      "${CMAKE_CURRENT_SOURCE_DIR}/object_code/run.sh" "${compiler}" "${flags}" "${source}")
  endforeach()
endforeach()

# What the documents show is compiled, and where it is a program, run.
string(REPLACE ";" " " document_libraries "${header_libraries}")
foreach(document IN LISTS readme documents)
  cmake_path(RELATIVE_PATH document BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE name)
  add_house_test("the code in ${name}" "${TALLYSCOPE_BASH}" "${CMAKE_CURRENT_SOURCE_DIR}/docs/run.sh"
    "${document}" "${CMAKE_CXX_COMPILER}" "${include_flags} -pthread" "-Wl,--as-needed ${document_libraries}")
endforeach()
if(readme)
  add_house_test("the commands in README.md" "${TALLYSCOPE_BASH}" "${CMAKE_CURRENT_SOURCE_DIR}/docs/commands.sh"
    "${readme}" "${PROJECT_SOURCE_DIR}/dev")
endif()

# Projects that use this one.
foreach(consumer IN LISTS consumers)
  cmake_path(GET consumer PARENT_PATH folder)
  cmake_path(GET folder FILENAME name)
  add_house_test("a consumer by ${name}" "${TALLYSCOPE_BASH}" "${CMAKE_CURRENT_SOURCE_DIR}/consumers/run.sh"
    "${folder}" "${PROJECT_SOURCE_DIR}" "${CMAKE_COMMAND}" "${CMAKE_CXX_COMPILER}")
endforeach()

# What is not there, or is no image, cannot be embedded: one sentence and what mends it.
foreach(case IN ITEMS "not installed" "no image")
  set(file "")
  if(case STREQUAL "no image")
    set(file FILE "${CMAKE_CURRENT_LIST_FILE}")
  endif()
  file(CONFIGURE OUTPUT "embed ${case}.cmake" @ONLY CONTENT
    "set(TALLYSCOPE_VOCABULARY_FORMAT ${TALLYSCOPE_VOCABULARY_FORMAT})\n\
include(\"${PROJECT_SOURCE_DIR}/packaging/tallyscopeEmbed.cmake\")\n\
tallyscope_embed_vocabulary(my_service o200k_base @file@)\n")
  add_house_test("a vocabulary to embed that is ${case} is told of with the command that mends it"
    "${CMAKE_COMMAND}" -E env "XDG_DATA_HOME=${CMAKE_CURRENT_BINARY_DIR}/no vocabularies"
    "${CMAKE_COMMAND}" -P "${CMAKE_CURRENT_BINARY_DIR}/embed ${case}.cmake")
  set_tests_properties("house.a vocabulary to embed that is ${case} is told of with the command that mends it"
    PROPERTIES PASS_REGULAR_EXPRESSION "\n *tallyscope vocab install o200k_base\n")
endforeach()
