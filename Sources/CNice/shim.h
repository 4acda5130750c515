#pragma once
#include <glib-object.h>
#include <nice/agent.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
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

// As the kernel lays it out (sched_setattr(2)); <sched.h> of this age does not have it.
typedef struct {
    guint32 size, policy;
    guint64 flags;
    gint32 nice;
    guint32 priority;
    guint64 runtime, deadline, period;
    guint32 utilMin, utilMax;
} parley_sched_attr;
// By a name of our own: syscall is hidden behind _DEFAULT_SOURCE.
long parley_syscall(long number, ...) __asm__("syscall");
// Asks that the calling thread run for so long at a stretch, which lets it begin the sooner when it wakes (Linux >= 6.12); whether
// the kernel does so. Its share of the processor stays what it was.
static inline int parley_ask_slice(guint64 nanoseconds) {
    parley_sched_attr attr;
    memset(&attr, 0, sizeof attr);
    if (parley_syscall(SYS_sched_getattr, 0, &attr, (unsigned)sizeof attr, 0) != 0) return 0;
    attr.runtime = nanoseconds;
    if (parley_syscall(SYS_sched_setattr, 0, &attr, 0) != 0) return 0;
    if (parley_syscall(SYS_sched_getattr, 0, &attr, (unsigned)sizeof attr, 0) != 0) return 0;
    return attr.runtime == nanoseconds;
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
enum {
    parley_EPOLLIN = 1, parley_EPOLL_CTL_ADD = 1, parley_EPOLL_CTL_DEL = 2, parley_EPOLL_CTL_MOD = 3,
    parley_EPOLL_CLOEXEC = 02000000
};
int parley_epoll_create(int flags) __asm__("epoll_create1");
int parley_epoll_ctl(int epoll, int operation, int fd, parley_epoll_event *event) __asm__("epoll_ctl");
int parley_epoll_wait(int epoll, parley_epoll_event *events, int capacity, int timeoutMs) __asm__("epoll_wait");

// Datagrams that the kernel has dropped at a socket, for want of room or since they were damaged; 0 where it does not say.
static inline uint32_t parley_socket_drops(int fd) {
    // As <linux/sock_diag.h> has it, from SK_MEMINFO_RMEM_ALLOC to SK_MEMINFO_DROPS.
    uint32_t figures[9] = {0};
    unsigned length = sizeof figures;
    if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, figures, &length) != 0 || length < sizeof figures) return 0;
    return figures[8];
}

// Lets the kernel stamp what comes in at a socket; whether it does.
static inline int parley_stamp_arrivals(int fd) {
    int on = 1;
    return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0;
}
// Copies the datagram at the head of a socket and its sender; `age` is how long it has waited there, in ns, 0 without a stamp.
static inline long parley_peek_stamped(
    int fd, void *bytes, size_t capacity, void *name, unsigned *nameLength, int64_t *age) {
    struct iovec room = {bytes, capacity};
    char control[128] __attribute__((aligned(8)));
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_name = name;
    message.msg_namelen = *nameLength;
    message.msg_iov = &room;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    long count = recvmsg(fd, &message, MSG_DONTWAIT | MSG_PEEK);
    *nameLength = message.msg_namelen;
    *age = 0;
    if (count < 0) return count;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_TIMESTAMPNS) continue;
        struct timespec stamp, now;
        memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
        if (clock_gettime(CLOCK_REALTIME, &now) != 0) continue;
        *age = (int64_t)(now.tv_sec - stamp.tv_sec) * 1000000000 + (now.tv_nsec - stamp.tv_nsec);
    }
    return count;
}

// <nice/interfaces.h> includes <address.h> without its directory, so its one function we need is declared here.
GList *nice_interfaces_get_local_ips(gboolean include_loopback);
