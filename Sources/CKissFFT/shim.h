#pragma once
#include <kissfft/kiss_fft.h>
