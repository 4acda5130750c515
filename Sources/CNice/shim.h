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

// By names of our own: <poll.h> hides ppoll likewise, and <sys/epoll.h>, which is in no module of Glibc's, would make timespec ours.
int parley_ppoll_call(void *fds, unsigned long count, const long *timeout, const void *mask) __asm__("ppoll");
// GPollFD has the layout of struct pollfd. Nanoseconds below 0 are for ever.
static inline int parley_ppoll(GPollFD *fds, unsigned count, gint64 nanoseconds) {
    long time[2] = {(long)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};
    return parley_ppoll_call(fds, count, nanoseconds < 0 ? 0 : time, 0);
}

#ifdef __x86_64__
#pragma pack(push, 1)
#endif
typedef struct {
    guint32 events;
    guint64 token;
} parley_epoll_event;
#ifdef __x86_64__
#pragma pack(pop)
#endif
enum { parley_EPOLLIN = 1, parley_EPOLL_CTL_ADD = 1, parley_EPOLL_CTL_DEL = 2, parley_EPOLL_CLOEXEC = 02000000 };
int parley_epoll_create(int flags) __asm__("epoll_create1");
int parley_epoll_ctl(int epoll, int operation, int fd, parley_epoll_event *event) __asm__("epoll_ctl");
int parley_epoll_wait(int epoll, parley_epoll_event *events, int capacity, int timeoutMs) __asm__("epoll_wait");

// <nice/interfaces.h> includes <address.h> without its directory, so its one function we need is declared here.
GList *nice_interfaces_get_local_ips(gboolean include_loopback);
