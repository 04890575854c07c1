// SPDX-License-Identifier: MIT
// What the server offers, as it is listed. The names here are the only ones that get into records.
#pragma once

#include "json_rpc.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp_files {

struct Offer {
  std::string name;
  std::string summary;  ///< one sentence
  std::string details;
  std::vector<std::string> tags;
  json schema;  ///< of a tool: its input; of a prompt: its arguments
};

inline json property(const char* type, const char* description) {
  return {{"type", type}, {"description", description}};
}
inline json count(const char* description, int otherwise, int least = 1) {
  return {{"type", "integer"}, {"description", description}, {"default", otherwise}, {"minimum", least}};
}
inline json switched(const char* description, bool otherwise) {
  return {{"type", "boolean"}, {"description", description}, {"default", otherwise}};
}
inline json object(json properties, json required = json::array()) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

inline json type_filter() {
  return {{"type", "string"},
          {"enum", {"all", "tool", "prompt", "resource"}},
          {"default", "all"},
          {"description", "only calls of this kind"}};
}

inline std::vector<Offer> file_offers() {
  const json folder = property("string", "a folder, relative to the root; without it, the root");
  return {
      {"list_files",
       "Lists the files and folders in a folder.",
       "A line each: the path, and the size in bytes of a file or a slash for a folder.",
       {"files"},
       object({{"folder", folder}, {"recursive", switched("everything below it too", false)}})},
      {"read_file",
       "Returns the text of a file.",
       "The whole of it, or some lines. UTF-8 text of at most 16 MiB.",
       {"files", "text"},
       object({{"path", property("string", "of the file, relative to the root")},
               {"first", count("line to begin with", 1)},
               {"count", {{"type", "integer"}, {"minimum", 1}, {"description", "how many lines; without it, all"}}}},
              {"path"})},
      {"search",
       "Finds the lines that have a text.",
       "Exactly as written, in all text files below a folder: path, line number and line.",
       {"files", "text"},
       object({{"text", property("string", "what to find: a line or a part of one")},
               {"folder", folder},
               {"most", count("lines to return, at most 1000", 100)}},
              {"text"})},
      {"largest_files",
       "Lists the largest files.",
       "A line each: the path and the size in bytes, largest first.",
       {"files"},
       object({{"folder", folder}, {"count", count("how many, at most 1000", 10)}})},
  };
}

inline std::vector<Offer> usage_offers() {
  return {
      {"usage_stats",
       "Tells how often each tool and prompt of this server was called.",
       "Calls that have ended since the server started: outcomes, tokens, characters and time. The totals are those of "
       "everything that the filter leaves, whatever the limit.",
       {"usage"},
       object({{"include_zero_usage", switched("what nobody has called too", true)},
               {"type_filter", type_filter()},
               {"limit", count("rows at most; 0: all", 0, 0)}})},
      {"usage_catalog",
       "Finds tools and prompts of this server, and how often they were called.",
       "By tags, which all must be there, and by a text in the name, a tag or the description.",
       {"usage"},
       object({{"tags", {{"type", "array"}, {"items", {{"type", "string"}}}, {"description", "all of them"}}},
               {"query", property("string", "a text, whatever its case")},
               {"include_usage", switched("with the number of calls", true)},
               {"limit", count("entries at most; 0: all", 0, 0)}})},
  };
}

inline const std::vector<Offer>& offered_tools() {
  static const std::vector<Offer> tools = [] {
    std::vector<Offer> all = file_offers();
    for (const Offer& offer : usage_offers()) all.push_back(offer);
    return all;
  }();
  return tools;
}

inline json prompt_argument(const char* name, const char* description) {
  return {{"name", name}, {"description", description}, {"required", false}};
}

inline const std::vector<Offer>& offered_prompts() {
  static const std::vector<Offer> prompts{
      {"usage",
       "How this server was used.",
       "A summary to talk about: the most used, the unused, and what to look at.",
       {"usage"},
       json::array({prompt_argument("period", "what to call the time since the server started"),
                    prompt_argument("type", "all, tool, prompt or resource"),
                    prompt_argument("include_recommendations", "no leaves them out")})},
  };
  return prompts;
}

inline json listed_tools() {
  json tools = json::array();
  for (const Offer& tool : offered_tools())
    tools.push_back({{"name", tool.name},
                     {"description", tool.summary + ' ' + tool.details},
                     {"inputSchema", tool.schema},
                     {"annotations", {{"readOnlyHint", true}, {"openWorldHint", false}}}});
  return {{"tools", std::move(tools)}};
}

inline json listed_prompts() {
  json prompts = json::array();
  for (const Offer& prompt : offered_prompts())
    prompts.push_back(
        {{"name", prompt.name}, {"description", prompt.summary + ' ' + prompt.details}, {"arguments", prompt.schema}});
  return {{"prompts", std::move(prompts)}};
}

/// The offer of this name; null if there is none.
inline const Offer* find_offer(const std::vector<Offer>& offers, std::string_view name) {
  for (const Offer& offer : offers)
    if (offer.name == name) return &offer;
  return nullptr;
}

}  // namespace mcp_files
