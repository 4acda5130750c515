#pragma once
#include <glib-object.h>
#include <nice/agent.h>
#include <pthread.h>

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

// <nice/interfaces.h> includes <address.h> without its directory, so its one function we need is declared here.
GList *nice_interfaces_get_local_ips(gboolean include_loopback);
