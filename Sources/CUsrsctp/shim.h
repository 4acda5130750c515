#pragma once
#include <sys/socket.h>
#include <usrsctp.h>

// SOCK_STREAM is an enumerator that the importer shows differently with and without the Glibc module.
static const int parley_SOCK_STREAM = SOCK_STREAM;
