/* Plays the engine for a monitor that runs in a process of its own. */
#ifndef COFFER_DRIVER_H
#define COFFER_DRIVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "frame.h"

/* What a monitor is set up with; all zero is a container on pipes that logs nothing and that nobody can attach to. */
struct wish {
	int plan;			/* a memfd, which the driver closes */
	uint8_t mode;			/* 0: MODE_PIPES (use `nothing` for MODE_NULL) */
	bool nothing, stdin_open, stdin_once, listen, sync;
	uint16_t rows, columns;
	uint8_t log;
	uint32_t log_files;
	uint64_t log_bytes;
	const char *detach_keys, *oom_file, *attributes;
	const char *engine_command[4];
	bool client;			/* a foreground client comes with it */
	int stdio[3];			/* its own descriptors, passed where above 0; the driver closes them */
};

struct driven {
	pid_t pid;
	struct frame_reader engine, client;	/* our ends; fd -1: none */
};

/* The directory for state and sockets, made anew by directory_begin() and removed by directory_end(). */
extern char directory[64];
void directory_begin(void);
void directory_end(void);

/* A file's content in the directory, "" when there is none; valid until the next call. */
const char *file_text(const char *name, size_t *length);

/* A monitor on that end of a socket pair, which stays the caller's. */
pid_t fork_monitor(int socket);

struct driven drive(const struct wish *wish);

/* Waits for the monitor's end and closes our ends; its exit status. */
int driven_end(struct driven *driven);

/* Waits for a frame of that type, passing others over; the payload is valid until the next call. False: end of file, or 10 s. */
bool await_frame(struct frame_reader *reader, uint16_t type, struct frame *frame);

/* Collects OUT and ERR frames into one buffer until EXIT, DETACHED, RAISE or the end of file; returns that type, 0 for the end. */
uint16_t collect(struct frame_reader *reader, struct bytes *out, struct frame *last);

/* Collects until the text has come; false: it never did. */
bool collect_until(struct frame_reader *reader, struct bytes *out, const char *text);
void send_frame(int fd, uint16_t type, const void *payload, size_t length);

/* Asks the monitor for one more client. Returns our end. */
int add_client(struct driven *driven, uint8_t bits, bool foreground);

/* Connects to the monitor's socket; -1 when that is refused. */
int connect_monitor(void);
uint32_t payload_u32(const struct frame *frame, size_t at);
bool bytes_hold(const struct bytes *bytes, const char *text);

#endif
