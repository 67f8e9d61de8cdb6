/* Small things that every part of the helper needs: descriptors, clocks, whole writes. */
#ifndef COFFER_UTIL_H
#define COFFER_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "must_check.h"

#define NANOSECONDS 1000000000ull

/* Closes *fd unless it is -1, and makes it -1. errno is kept. */
void close_fd(int *fd);

#define autoclose __attribute__((cleanup(close_fd)))

/* Takes the descriptor out of *fd, which becomes -1. */
must_check int take_fd(int *fd);

/* Nanoseconds since the epoch. */
uint64_t clock_now(void);

/* Nanoseconds of the monotonic clock. */
uint64_t clock_monotonic(void);

/* Writes all or fails with -1 and errno; goes on after EINTR. */
must_check int write_whole(int fd, const void *data, size_t length);

/* Reads until the end of file or until the buffer is full; returns the bytes read, or -1 and errno. */
must_check ssize_t read_whole(int fd, void *data, size_t capacity);

/*
 * A second open file description of the same pipe or terminal, which can be made non-blocking: O_NONBLOCK
 * set on `fd` itself would be seen by everybody who shares it, the caller's shell among them. Returns -1 when
 * `fd` is something else or cannot be opened again. `access` is O_RDONLY or O_WRONLY.
 */
must_check int reopen_nonblocking(int fd, int access);

/* 0 when the peer of a connected Unix socket has our effective uid; else -1 and EPERM (or what went wrong). */
must_check int check_peer(int fd);

/* The peer's pid as it was when it connected or listened, or -1. */
must_check pid_t peer_pid(int fd);

#endif
