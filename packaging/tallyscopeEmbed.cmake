# tallyscope_embed_vocabulary(TARGET ENCODING [FILE IMAGE])
#
# Makes the image of a vocabulary a part of TARGET, which links tallyscope::tallyscope: its code includes
# <tallyscope/vocabularies/ENCODING.hpp> and calls tallyscope::vocabularies::ENCODING(). The image is IMAGE, else the one
# that `tallyscope vocab install ENCODING` has installed.
#
# TALLYSCOPE_EMBED_BY says how: incbin (the assembler reads the image), embed (the compiler does, by #embed) or literal
# (CMake writes it down as a string); by default the first of these that works here. Where compilers run on other
# machines than the one that has the image, choose literal.
set(TALLYSCOPE_EMBED_BY "" CACHE STRING "How vocabularies are embedded: incbin, embed, literal, or empty to try")
set_property(CACHE TALLYSCOPE_EMBED_BY PROPERTY STRINGS "" incbin embed literal)

# Where the library looks for it too: vocabulary_path() in vocabulary_file.hpp.
function(_tallyscope_installed_vocabulary encoding result)
  set(folder "$ENV{HOME}/.local/share")
  if("$ENV{XDG_DATA_HOME}" MATCHES "^/")
    set(folder "$ENV{XDG_DATA_HOME}")
  endif()
  set(${result} "${folder}/tallyscope/vocabularies/${encoding}.vocab" PARENT_SCOPE)
endfunction()

# Stops with what to do where the file is no image for the machines that we compile for.
function(_tallyscope_check_image encoding image)
  if(NOT EXISTS "${image}" OR IS_DIRECTORY "${image}")
    message(FATAL_ERROR "The vocabulary ${encoding} cannot be embedded: there is no file\n  ${image}\n"
      "Install a published one with\n  tallyscope vocab install ${encoding}\n"
      "or name the file of another: tallyscope_embed_vocabulary(... FILE image).")
  endif()
  if(image MATCHES "[\"\\\n]")
    message(FATAL_ERROR "A vocabulary cannot be embedded from a path with quotes, backslashes or line ends:\n  ${image}")
  endif()
  file(READ "${image}" beginning LIMIT 16 HEX)
  set(wanted "5453564f4341420a0${TALLYSCOPE_VOCABULARY_FORMAT}00000004030201")  # the magic, the format, the byte order
  if(CMAKE_CXX_BYTE_ORDER STREQUAL "BIG_ENDIAN")
    set(wanted "5453564f4341420a0000000${TALLYSCOPE_VOCABULARY_FORMAT}01020304")
  endif()
  file(SIZE "${image}" size)
  math(EXPR rest "${size} % 8")
  if(NOT beginning STREQUAL wanted OR NOT rest EQUAL 0)
    message(FATAL_ERROR "This is no vocabulary image that this version of Tallyscope can use:\n  ${image}\n"
      "Make it anew with\n  tallyscope vocab install ${encoding}\nor `tallyscope vocab build`.")
  endif()
endfunction()

# Sets `result` to whether the compiler takes a definition of `image` in this way.
function(_tallyscope_compiles way definition result)
  if(NOT DEFINED TALLYSCOPE_EMBEDS_BY_${way})
    set(folder "${CMAKE_BINARY_DIR}/CMakeFiles/tallyscope_embeds_by_${way}")
    file(WRITE "${folder}/probe.cpp" "${definition}\nint main() { return image[0] == 0; }\n")
    try_compile(works "${folder}" "${folder}/probe.cpp" CXX_STANDARD 20)
    message(STATUS "Vocabularies can be embedded by ${way}: ${works}")
    set(TALLYSCOPE_EMBEDS_BY_${way} ${works} CACHE INTERNAL "")
  endif()
  set(${result} ${TALLYSCOPE_EMBEDS_BY_${way}} PARENT_SCOPE)
endfunction()

# Each defines `image`. The symbol of .incbin is global, so that link-time optimisation finds it, but hidden.
function(_tallyscope_image_by way encoding image result)
  set(incbin [[
extern const char image[] __asm__("tallyscope_vocabulary_@encoding@");
#if defined(__APPLE__)
__asm__(".section __TEXT,__const\n.private_extern tallyscope_vocabulary_@encoding@\n.p2align 6\n"
#else
__asm__(".pushsection .rodata,\"a\"\n.hidden tallyscope_vocabulary_@encoding@\n.p2align 6\n"
#endif
        ".globl tallyscope_vocabulary_@encoding@\n"
        "tallyscope_vocabulary_@encoding@:\n.incbin \"@image@\"\n"
#if defined(__APPLE__)
        ".text\n");
#else
        ".popsection\n");
#endif
]])
  set(embed [[
alignas(64) static const unsigned char image[] = {
#embed "@image@"
};
]])
  set(literal [[alignas(64) static const char image[] = "@bytes@";]])
  if(way STREQUAL "literal")
    file(READ "${image}" bytes HEX)
    # Eight bytes at a time, of which an image's size is a multiple: twice as fast as one by one.
    string(REGEX REPLACE "(..)(..)(..)(..)(..)(..)(..)(..)" "\\\\x\\1\\\\x\\2\\\\x\\3\\\\x\\4\\\\x\\5\\\\x\\6\\\\x\\7\\\\x\\8"
      bytes "${bytes}")
  endif()
  string(CONFIGURE "${${way}}" definition @ONLY)
  set(${result} "${definition}" PARENT_SCOPE)
endfunction()

# Sets `result` to the definition of `image`, in the way that is wanted or the first that works.
function(_tallyscope_image_definition encoding image result)
  set(chosen "${TALLYSCOPE_EMBED_BY}")
  foreach(way IN ITEMS incbin embed)
    if(NOT chosen)
      _tallyscope_image_by(${way} ${encoding} "${image}" definition)
      _tallyscope_compiles(${way} "${definition}" works)
      if(works)
        set(chosen ${way})
      endif()
    endif()
  endforeach()
  if(NOT chosen)
    set(chosen literal)
  endif()
  _tallyscope_image_by(${chosen} ${encoding} "${image}" definition)
  set(${result} "${definition}" PARENT_SCOPE)
endfunction()

# Writes the header and the source of the function that gives the vocabulary.
function(_tallyscope_write_vocabulary folder encoding image)
  _tallyscope_image_definition(${encoding} "${image}" definition)
  file(SIZE "${image}" size)
  file(CONFIGURE OUTPUT "${folder}/tallyscope/vocabularies/${encoding}.hpp" @ONLY CONTENT [[
#pragma once
#include <tallyscope/estimators/vocabulary.hpp>

namespace tallyscope::vocabularies {
/// Its image is a part of the program, and lives as long.
Vocabulary @encoding@() noexcept;
}  // namespace tallyscope::vocabularies
]])
  file(CONFIGURE OUTPUT "${folder}/${encoding}.cpp" @ONLY CONTENT [[
#include <tallyscope/vocabularies/@encoding@.hpp>

@definition@
tallyscope::Vocabulary tallyscope::vocabularies::@encoding@() noexcept {
  tallyscope::VocabularyProblem problem{};
  return tallyscope::Vocabulary::from_image({reinterpret_cast<const char*>(image), @size@}, problem);
}
]])
endfunction()

function(tallyscope_embed_vocabulary target encoding)
  cmake_parse_arguments(PARSE_ARGV 2 argument "" "FILE" "")
  if(argument_UNPARSED_ARGUMENTS OR argument_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "Write it as tallyscope_embed_vocabulary(TARGET ENCODING [FILE IMAGE]).")
  endif()
  if(NOT encoding MATCHES "^[A-Za-z][A-Za-z0-9_]*$")
    message(FATAL_ERROR "A vocabulary becomes a function and needs the name of one, unlike '${encoding}'; "
      "FILE names its image.")
  endif()
  if(NOT TALLYSCOPE_EMBED_BY MATCHES "^(incbin|embed|literal)?$")
    message(FATAL_ERROR "TALLYSCOPE_EMBED_BY is incbin, embed, literal or empty, not '${TALLYSCOPE_EMBED_BY}'.")
  endif()
  _tallyscope_installed_vocabulary(${encoding} image)
  if(argument_FILE)
    cmake_path(ABSOLUTE_PATH argument_FILE BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE image)
  endif()
  _tallyscope_check_image(${encoding} "${image}")

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/tallyscope_vocabularies/${target}")
  _tallyscope_write_vocabulary("${folder}" ${encoding} "${image}")
  set(source "${folder}/${encoding}.cpp")
  target_sources(${target} PRIVATE "${source}")
  target_include_directories(${target} PRIVATE "${folder}")
  # By itself neither CMake nor what it runs knows that the image is read. -w, since #embed and strings of this length
  # are extensions.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${image}")
  set_source_files_properties("${source}" TARGET_DIRECTORY ${target} PROPERTIES OBJECT_DEPENDS "${image}"
    COMPILE_OPTIONS -w SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON)
endfunction()
