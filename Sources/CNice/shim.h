#pragma once
#include <glib-object.h>
#include <nice/agent.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>

// g_object_set is variadic, which the importer cannot see.
static inline void parley_g_object_set_int(gpointer object, const char *name, int value) {
    g_object_set(object, name, value, NULL);
}
static inline void parley_g_object_set_string(gpointer object, const char *name, const char *value) {
    g_object_set(object, name, value, NULL);
}

// pthread_setname_np is hidden behind _GNU_SOURCE in the Glibc module.
int pthread_setname_np(pthread_t thread, const char *name);
static inline void parley_set_thread_name(pthread_t thread, const char *name) {
    pthread_setname_np(thread, name);
}

// Processor time of a thread that lives, in ns; 0 when the system does not say. Here, since a timespec is named by more than
// one module.
static inline int64_t parley_thread_time(pthread_t thread) {
    clockid_t clock;
    struct timespec time;
    if (pthread_getcpuclockid(thread, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// <nice/interfaces.h> includes <address.h> without its directory, so its one function we need is declared here.
GList *nice_interfaces_get_local_ips(gboolean include_loopback);
