#pragma once
// glibc's allocator: mallopt(3).
#include <malloc.h>
