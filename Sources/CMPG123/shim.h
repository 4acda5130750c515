#pragma once
#include <mpg123.h>

// Some of these are macros for versioned names, which the importer cannot see.
static inline int parley_mpg123_set(mpg123_handle *handle, enum mpg123_parms parameter, long value) {
    return mpg123_param(handle, parameter, value, 0);
}
