// A library with the interface of libnvidia-ml, two devices and one missing function. The environment
// variable HEARTH_FAKE_NVML_INIT makes nvmlInit_v2 fail with that number.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {
int devices[2];
int indexOf(const void* device) {
    return device == &devices[0] ? 0 : 1;
}
} // namespace

extern "C" {
int nvmlInit_v2();
int nvmlShutdown();
int nvmlSystemGetDriverVersion(char* text, unsigned length);
int nvmlSystemGetCudaDriverVersion_v2(int* version);
int nvmlDeviceGetCount_v2(unsigned* count);
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device);
int nvmlDeviceGetName(void* device, char* text, unsigned length);
int nvmlDeviceGetPciInfo_v3(void* device, void* info);
int nvmlDeviceGetMemoryInfo(void* device, unsigned long long* info);
int nvmlDeviceGetCudaComputeCapability(void* device, int* major, int* minor);
int nvmlDeviceGetUUID(void* device, char* text, unsigned length);
int nvmlDeviceGetMemoryBusWidth(void* device, unsigned* bits);
int nvmlDeviceGetMaxClockInfo(void* device, int type, unsigned* mhz);
int nvmlDeviceGetCurrPcieLinkGeneration(void* device, unsigned* value);
int nvmlDeviceGetCurrPcieLinkWidth(void* device, unsigned* value);
int nvmlDeviceGetMaxPcieLinkGeneration(void* device, unsigned* value);

int nvmlInit_v2() {
    const char* fail = std::getenv("HEARTH_FAKE_NVML_INIT");
    return fail ? std::atoi(fail) : 0;
}
int nvmlShutdown() {
    return 0;
}
int nvmlSystemGetDriverVersion(char* text, unsigned length) {
    std::snprintf(text, length, "550.90.07");
    return 0;
}
int nvmlSystemGetCudaDriverVersion_v2(int* version) {
    *version = 12040;
    return 0;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
    *count = 3; // the third one has no handle
    return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
    if (index > 1)
        return 6;
    *device = &devices[index];
    return 0;
}
int nvmlDeviceGetName(void* device, char* text, unsigned length) {
    if (indexOf(device) == 0)
        std::snprintf(text, length, "NVIDIA H200");
    else
        std::memset(text, 0xFE, length); // no text at all, and no end
    return 0;
}
int nvmlDeviceGetPciInfo_v3(void* device, void* info) {
    std::memset(info, 0, 68);
    std::snprintf(static_cast<char*>(info) + 36, 32, "%08X:%02X:00.0", 0, indexOf(device) == 0 ? 0x1B : 0x43);
    return 0;
}
int nvmlDeviceGetMemoryInfo(void* device, unsigned long long* info) {
    if (indexOf(device) == 1)
        return 999;
    info[0] = 150754820096ULL;
    info[1] = 150000000000ULL;
    info[2] = 754820096ULL;
    return 0;
}
int nvmlDeviceGetCudaComputeCapability(void*, int* major, int* minor) {
    *major = 9;
    *minor = 0;
    return 0;
}
int nvmlDeviceGetUUID(void*, char* text, unsigned length) {
    std::snprintf(text, length, "GPU-0000");
    return 0;
}
int nvmlDeviceGetMemoryBusWidth(void*, unsigned* bits) {
    *bits = 6144;
    return 0;
}
int nvmlDeviceGetMaxClockInfo(void*, int type, unsigned* mhz) {
    *mhz = type == 2 ? 3201 : 1980;
    return 0;
}
int nvmlDeviceGetCurrPcieLinkGeneration(void*, unsigned* value) {
    *value = 5;
    return 0;
}
int nvmlDeviceGetCurrPcieLinkWidth(void*, unsigned* value) {
    *value = 16;
    return 0;
}
int nvmlDeviceGetMaxPcieLinkGeneration(void*, unsigned* value) {
    *value = 5;
    return 0;
}
}
