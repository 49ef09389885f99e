#include "engine/base/cpu_list.h"

#include <charconv>

namespace hearth {

namespace {

/// More processors than any kernel supports; a damaged list must not fill the memory.
constexpr unsigned kMostProcessors = 1 << 16;

} // namespace

std::vector<unsigned> parseCpuList(std::string_view text) {
    std::vector<unsigned> out;
    const char *at = text.data(), *end = at + text.size();
    while (at != end) {
        unsigned first = 0;
        auto read = std::from_chars(at, end, first);
        unsigned last = first;
        if (read.ec == std::errc() && read.ptr != end && *read.ptr == '-')
            read = std::from_chars(read.ptr + 1, end, last);
        if (read.ec != std::errc() || last < first || last >= kMostProcessors ||
            out.size() + (last - first) >= kMostProcessors)
            break;
        for (unsigned cpu = first; cpu <= last; ++cpu)
            out.push_back(cpu);
        at = read.ptr == end ? end : read.ptr + 1; // the comma, or the end of the line
    }
    return out;
}

} // namespace hearth
