/* What the engine asks of a monitor: the SETUP frame. */
#ifndef COFFER_SETUP_H
#define COFFER_SETUP_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"
#include "keys.h"
#include "must_check.h"

struct setup {
	char *id;
	uint8_t mode;			/* MODE_NULL, MODE_PIPES or MODE_TERMINAL */
	bool stdin_open, stdin_once;
	uint8_t client_attach;		/* of the client that comes with it */
	uint16_t rows, columns;

	uint8_t log_format;
	uint32_t log_files;
	uint64_t log_bytes;
	char *log_name, *log_attributes;

	struct keys detach_keys;
	bool exit_sync;
	char *exit_name;
	char *oom_path;
	char **engine_command;		/* ended by a NULL; NULL: none */
	bool listen;

	int plan, state_directory, run_directory;
	int client, client_stdio[3];
	int inputs[PROTO_MAX_FDS];
	uint32_t input_count;
};

/* Reads the first frame, waiting for it, and decodes it. 0, or -1 and errno; *tag is the record at fault, 0: the frame. */
must_check int setup_receive(struct setup *setup, struct frame_reader *reader, uint32_t *tag);

/* Which client's descriptors come with a frame: one role byte for each. Takes them from the reader. */
struct client_fds {
	int socket, stdio[3];
};

/* Takes a client's descriptors; those in other roles are closed. -1 and EPROTO when one is missing. */
must_check int client_fds_take(struct client_fds *fds, struct frame_reader *reader, const uint8_t *roles, size_t count);

#endif
