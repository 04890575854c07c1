// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/log_line.hpp>

#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include <unistd.h>

namespace tallyscope::inline v0 {

/// Lines of a LogSink go to a file descriptor, each in one write(2). It stays the host's to close.
class LogDescriptor {
 public:
  LogDescriptor(int descriptor = STDERR_FILENO) noexcept : descriptor_{descriptor} {}

  /// The error is that of write(2).
  std::error_code write_line(std::string_view line) const noexcept {
    while (!line.empty()) {
      const ssize_t written = ::write(descriptor_, line.data(), line.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return {written < 0 ? errno : EIO, std::generic_category()};
      line.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }
  std::error_code flush() const noexcept { return {}; }

 private:
  int descriptor_;
};

/// Lines of a LogSink go to a stream of the C library, which buffers them as it is set to and locks itself. It stays
/// the host's to close.
class LogStream {
 public:
  LogStream(std::FILE* stream) noexcept : stream_{stream} {}

  std::error_code write_line(std::string_view line) const noexcept {
    return answer(std::fwrite(line.data(), 1, line.size(), stream_) == line.size());
  }
  std::error_code flush() const noexcept { return answer(std::fflush(stream_) == 0); }

 private:
  static std::error_code answer(bool good) noexcept {
    if (good) return {};
    return {errno != 0 ? errno : EIO, std::generic_category()};
  }

  std::FILE* stream_;
};

namespace detail {

template <class Target>
concept LogFile = std::same_as<Target, LogDescriptor> || std::same_as<Target, LogStream>;

}  // namespace detail

/// Shows each record as a line for people, while it happens:
///   2026-03-01T09:30:00.000Z chat model=gpt-4.1-mini in=1000 out=~500 cost=~$0.00114 success duration=1840ms
///   2026-03-01T09:30:02.000Z execute_tool name=search server=jira in=- out=~80 error error_type=Timeout
///   duration=30000ms
///
///   LogSink sink;                                             to stderr
///   LogSink sink{descriptor};                                 to a file descriptor
///   LogSink sink{stream};                                     to a std::FILE*
///   LogSink sink{[](std::string_view line) { ... }};          to a function of yours, without the newline
///
/// `~` marks an estimate and `-` what is not known; a cost is exact, or says why there is none. A text that is not a
/// plain word stands in quotation marks. Control characters, those that turn the direction of reading and bytes that
/// are not UTF-8 read \xNN, so that no name moves a cursor, begins a line or passes for another field. Programs read
/// JsonlSink's files instead: this line may change.
///
/// Any thread may write at any time. A line is one call of the target and at most 4,096 bytes, which a pipe takes in
/// one piece; nothing is allocated. A function runs in the thread whose call has ended, so from many threads at once.
/// It returns nothing, or a std::error_code that says the line was not taken; what it throws is the caller's to catch,
/// as a Tracker does. For POSIX systems.
template <class Target = LogDescriptor>
class LogSink {
  static_assert(detail::LogFile<Target> || std::invocable<Target&, std::string_view>,
                "a LogSink writes to a file descriptor, a std::FILE* or a function that takes a std::string_view");

 public:
  LogSink() requires std::default_initializable<Target>
  = default;
  LogSink(Target target) : target_(std::move(target)) {}

  std::error_code write(const Record& record) noexcept(detail::LogFile<Target>) {
    char bytes[detail::log_line_room + 1];
    char* const end = detail::write_log_line(bytes, record);
    *end = '\n';
    const std::string_view line{bytes, static_cast<std::size_t>(end - bytes)};
    if constexpr (detail::LogFile<Target>)
      return target_.write_line({line.data(), line.size() + 1});
    else
      return call(line);
  }
  /// Asks a stream to write what it holds back; there is nothing else to do.
  std::error_code flush() noexcept {
    if constexpr (detail::LogFile<Target>)
      return target_.flush();
    else
      return {};
  }

 private:
  std::error_code call(std::string_view line) {
    using Answer = std::invoke_result_t<Target&, std::string_view>;
    static_assert(std::is_void_v<Answer> || std::same_as<Answer, std::error_code>,
                  "the function of a LogSink returns nothing or a std::error_code");
    if constexpr (std::is_void_v<Answer>)
      return target_(line), std::error_code{};
    else
      return target_(line);
  }

  Target target_;
};

LogSink()->LogSink<LogDescriptor>;
LogSink(int)->LogSink<LogDescriptor>;
LogSink(std::FILE*)->LogSink<LogStream>;

static_assert(Sink<LogSink<LogDescriptor>> && Sink<LogSink<LogStream>>);

}  // namespace tallyscope::inline v0
