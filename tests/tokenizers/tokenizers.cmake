# Our tokenizer against npm's tiktoken and Hugging Face's library, on the same texts, for each encoding that they have;
# and our NFC against Node's. The packages are installed by `./dev test` below build/; without them, or without node,
# the tests are there but disabled.
set(TALLYSCOPE_TOKENIZER_PACKAGES "${PROJECT_SOURCE_DIR}/build/tokenizer_packages" CACHE PATH
  "Where `npm ci` has put the packages of tests/tokenizers/package.json")
foreach(program IN ITEMS compare normalize known_counts)
  list(APPEND picked_up "${CMAKE_CURRENT_LIST_DIR}/${program}.cpp")
endforeach()
if(TALLYSCOPE_SANITIZE STREQUAL "thread")
  return()  # one thread alone
endif()
find_program(TALLYSCOPE_NODE node)
set(modules "${TALLYSCOPE_TOKENIZER_PACKAGES}/node_modules")
set(no_node "")
if(NOT TALLYSCOPE_NODE)
  set(no_node "node")
endif()
set(missing "${no_node}")
if(NOT missing AND NOT EXISTS "${modules}/tiktoken/package.json")
  set(missing "the packages of tests/tokenizers/package.json: ./dev test installs them")
endif()
# Of Hugging Face's library there are packages for most machines, not for all.
set(missing_library "${missing}")
file(GLOB library "${modules}/@anush008/tokenizers-*/*.node")
if(NOT missing AND NOT library)
  set(missing_library "a package of @anush008/tokenizers for this machine")
endif()
if(missing_library)
  message(STATUS "Disabled: tests/tokenizers (needs ${missing_library})")
endif()

foreach(program IN ITEMS compare normalize)
  add_executable(tokenizer_${program} "${CMAKE_CURRENT_LIST_DIR}/${program}.cpp")
  target_link_libraries(tokenizer_${program} PRIVATE tallyscope_development)
endforeach()

# Arguments: how long it takes beside others, what is missing for it, what it says, and what node is given.
function(add_tokenizer_test cost lacking name script program)
  add_test(NAME "tokenizers.${name}" COMMAND "${TALLYSCOPE_NODE}" "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${script}"
    $<TARGET_FILE:tokenizer_${program}> ${ARGN})
  set_tests_properties("tokenizers.${name}" PROPERTIES LABELS tokenizers TIMEOUT 600 COST ${cost}
    DISABLED "$<BOOL:${lacking}>")
endfunction()

set(texts 100000)
set(characters 300000)
set(library_encodings llama3 qwen3 deepseek_v3)
set(library_texts 20000)
set(library_characters 30000)  # of each corpus: it takes long
set(normal_texts 50000)
if(TALLYSCOPE_SANITIZE)
  set(texts 50000)
  set(library_encodings llama3 qwen3)  # to build an image of each takes long
  set(library_texts 2000)
  set(library_characters 5000)
  set(normal_texts 5000)
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(library_encodings qwen3)  # g++ builds the others; they are of the code that tiktoken's are of
endif()
foreach(encoding IN ITEMS r50k_base p50k_base cl100k_base o200k_base)  # p50k_edit has the tokens of p50k_base
  add_tokenizer_test(60 "${missing}" "${encoding} gives the tokens of tiktoken for ${texts} texts, whole and as streams"
    oracle.mjs compare "${modules}" ${encoding} ${texts} ${characters})
endforeach()
foreach(encoding IN LISTS library_encodings)
  add_tokenizer_test(30 "${missing_library}"
    "${encoding} gives the tokens of Hugging Face's library for ${library_texts} texts, whole and as streams"
    oracle.mjs compare "${modules}" ${encoding} ${library_texts} ${library_characters})
endforeach()
if(NOT TALLYSCOPE_SANITIZE)  # they have nothing that the texts above have not
  add_executable(tokenizer_known_counts "${CMAKE_CURRENT_LIST_DIR}/known_counts.cpp")
  target_link_libraries(tokenizer_known_counts PRIVATE test_main)
  target_compile_definitions(tokenizer_known_counts PRIVATE "TALLYSCOPE_TOKENIZER_MODULES=\"${modules}\"")
  set(name "tokenizers.known counts and costs hold by the real vocabularies")
  add_test(NAME "${name}" COMMAND tokenizer_known_counts)
  set_tests_properties("${name}" PROPERTIES LABELS tokenizers TIMEOUT 300 DISABLED "$<BOOL:${missing}>")
endif()
add_tokenizer_test(10 "${no_node}" "NFC is that of Node for every character and ${normal_texts} texts, whole and as streams"
  nfc.mjs normalize ${normal_texts})
