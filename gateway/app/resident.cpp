#include "app/resident.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace trevo::app {

namespace {

// Whether the loader wrote addresses into its code; rare, and then its code is not what the file holds.
bool hasTextRelocations(const dl_phdr_info& object) {
    for (int i = 0; i < object.dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = object.dlpi_phdr[i];
        if (segment.p_type != PT_DYNAMIC) continue;
        const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(object.dlpi_addr + segment.p_vaddr);
        for (; entry->d_tag != DT_NULL; ++entry) {
            const bool flagged = entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0;
            if (entry->d_tag == DT_TEXTREL || flagged) return true;
        }
    }
    return false;
}

// Of each segment that the loader maps without the right to write. What relocations wrote and then protected
// lies in segments that were mapped writable, and is left alone.
int releaseSegments(dl_phdr_info* object, std::size_t, void*) {
    if (hasTextRelocations(*object)) return 0;
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = object->dlpi_phdr[i];
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
        const std::uintptr_t from = object->dlpi_addr + segment.p_vaddr;
        const std::uintptr_t begin = (from + page - 1) / page * page;
        const std::uintptr_t end = (from + segment.p_memsz) / page * page;
        // Refused for the kernel's own object; then its pages stay.
        if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
    return 0;
}

} // namespace

void releaseStartPages() {
    ::malloc_trim(0);
    ::dl_iterate_phdr(releaseSegments, nullptr);
}

} // namespace trevo::app
