#include "sample_plan.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "builder.h"
#include "proto.h"

#define MASTER 10
#define PEER 11
#define TERMINAL_TAG 1

static void clone_init(struct builder *b)
{
	stage(b, "sample:0");
	(void)SPECIAL(b, CLONE, INT(1), INT(0), INT(SIGCHLD), NONE, INT(SLOT_INIT_PIDFD));
	into(b, SLOT_INIT_PID);
}

static void own_terminal(struct builder *b)
{
	static const int32_t unlock;
	static const struct winsize size = { .ws_row = SAMPLE_ROWS, .ws_col = SAMPLE_COLUMNS };
	int64_t path = text(b, "/dev/ptmx"), zero = bytes(b, &unlock, sizeof unlock);
	(void)CALL(b, openat, INT(AT_FDCWD), POOL(path), INT(O_RDWR | O_NOCTTY | O_CLOEXEC));
	into(b, MASTER);
	(void)CALL(b, ioctl, SLOT(MASTER), INT(TIOCSPTLCK), POOL(zero));
	(void)CALL(b, ioctl, SLOT(MASTER), INT(TIOCGPTPEER), INT(O_RDWR | O_NOCTTY | O_CLOEXEC));
	into(b, PEER);
	(void)CALL(b, ioctl, SLOT(MASTER), INT(TIOCSWINSZ), POOL(bytes(b, &size, sizeof size)));
	(void)SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_SEND), INT(TERMINAL_TAG), INT(MASTER));
	(void)CALL(b, setsid, INT(0));
	(void)CALL(b, ioctl, SLOT(PEER), INT(TIOCSCTTY), INT(0));
}

static int sealed_plan(struct builder *b)
{
	size_t size;
	uint8_t *data = image(b, &size);
	int fd = sealed(data, size);
	free(data);
	return fd;
}

int sample_plan(const char *command, bool terminal)
{
	static const int32_t pipes[] = { 0, 1, 2 }, terminals[] = { PEER, PEER, PEER };
	struct builder *b = builder();
	clone_init(b);
	if (terminal)
		(void)SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_RECEIVE), INT(TERMINAL_TAG), INT(SLOT_TERMINAL));
	stage(b, "sample:1");
	if (terminal)
		own_terminal(b);
	else
		(void)CALL(b, setsid, INT(0));
	(void)SPECIAL(b, ARRANGE_FDS, POOL(bytes(b, terminal ? terminals : pipes, sizeof pipes)), INT(3));
	int64_t path = text(b, "/bin/sh"), arguments = VECTOR_OF(b, "sh", "-c", command);
	int64_t environment = VECTOR_OF(b, "PATH=/usr/bin:/bin");
	(void)SPECIAL(b, EXEC_SEARCH, POOL(path), POOL(arguments), POOL(environment), POOL(-1));
	return sealed_plan(b);
}

int waiting_plan(void)
{
	struct builder *b = builder();
	clone_init(b);
	stage(b, "sample:1");
	(void)SPECIAL(b, BARRIER, SLOT(SLOT_STDIN));
	return sealed_plan(b);
}

int failing_plan(void)
{
	struct builder *b = builder();
	clone_init(b);
	stage(b, "sample:1");
	(void)CALL(b, setsid, INT(0));
	(void)CALL(b, chdir, POOL(text(b, "/nonexistent")));
	return sealed_plan(b);
}
