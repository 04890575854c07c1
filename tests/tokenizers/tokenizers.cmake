# Our tokenizer against npm's tiktoken, on the same texts, for each encoding that its package has. The packages are
# installed by `./dev test` below build/; without them, or without node, the tests are there but disabled.
set(TALLYSCOPE_TOKENIZER_PACKAGES "${PROJECT_SOURCE_DIR}/build/tokenizer_packages" CACHE PATH
  "Where `npm ci` has put the packages of tests/tokenizers/package.json")
list(APPEND picked_up "${CMAKE_CURRENT_LIST_DIR}/compare.cpp")
if(TALLYSCOPE_SANITIZE STREQUAL "thread")
  return()  # one thread alone
endif()
find_program(TALLYSCOPE_NODE node)
set(modules "${TALLYSCOPE_TOKENIZER_PACKAGES}/node_modules")
set(missing "")
if(NOT TALLYSCOPE_NODE)
  set(missing "node")
elseif(NOT EXISTS "${modules}/tiktoken/package.json")
  set(missing "the packages of tests/tokenizers/package.json: ./dev test installs them")
endif()
if(missing)
  message(STATUS "Disabled: tests/tokenizers (needs ${missing})")
endif()

add_executable(tokenizer_comparison "${CMAKE_CURRENT_LIST_DIR}/compare.cpp")
target_link_libraries(tokenizer_comparison PRIVATE tallyscope_development)
set(texts 100000)
if(TALLYSCOPE_SANITIZE)
  set(texts 50000)
endif()
foreach(encoding IN ITEMS r50k_base p50k_base cl100k_base o200k_base)  # p50k_edit has the tokens of p50k_base
  set(name "tokenizers.${encoding} gives the tokens of tiktoken for ${texts} texts, whole and as streams")
  add_test(NAME "${name}" COMMAND "${TALLYSCOPE_NODE}" "${CMAKE_CURRENT_LIST_DIR}/oracle.mjs"
    $<TARGET_FILE:tokenizer_comparison> "${modules}" ${encoding} ${texts})
  set_tests_properties("${name}" PROPERTIES LABELS tokenizers TIMEOUT 600 COST 60 DISABLED "$<BOOL:${missing}>")
endforeach()
