/* Writes plans into the directory that is named, for the fuzzer to start from. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../tests/builder.h"
#include "../tests/harness.h"
#include "kernel.h"

static void save(const struct builder *b, const char *directory, const char *name)
{
	char path[4096];
	size_t size;
	uint8_t *file = image(b, &size);
	int fd;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
	CHECK(fd >= 0);
	CHECK_EQUAL(write(fd, file, size), (ssize_t)size);
	CHECK_EQUAL(close(fd), 0);
	free(file);
}

static struct builder *every_special(void)
{
	struct builder *b = builder();
	int64_t arguments, environment;

	stage(b, "fuzz:0");
	CALL(b, pipe2, POOL(space(b, 8)), INT(O_CLOEXEC));
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_LOAD, .slot = 11, .at = 4 });
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_SLOT_INT, .slot = 11, .at = 0, .width = 4 });
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_SLOT_TEXT, .slot = 11, .at = 0, .width = 3 });
	on(b, WIRE_ERRNO_ANY, WIRE_ON_JUMP, 2);
	SPECIAL(b, CLONE, INT(1), INT(CLONE_NEWPID), INT(17), SLOT(3), INT(12));
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_SEND), INT(1), INT(12));
	SPECIAL(b, GRAB_FD, SLOT(12));
	arguments = VECTOR_OF(b, "a", "b");
	environment = VECTOR_OF(b, "c=d");
	SPECIAL(b, HOOK, POOL(text(b, "/bin/true")), POOL(arguments), POOL(environment), POOL(text(b, "{}")), NONE, INT(9));
	SPECIAL(b, OPEN_IN, SLOT(3), POOL(text(b, "/a")), INT(WIRE_OPEN_IN_LIKE_SLOT), SLOT(4), INT(0755), INT(O_PATH));
	SPECIAL(b, EXPECT, SLOT(3), INT(0), INT(-1), INT(0));
	SPECIAL(b, WRITE_ALL, SLOT(3), POOL(text(b, "x")), INT(1));
	SPECIAL(b, BARRIER, SLOT(3));
	stage(b, "fuzz:1");
	SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_RECEIVE), INT(1), INT(12));
	SPECIAL(b, CLONE, INT(2), INT(0), INT(17), NONE, NONE);
	SPECIAL(b, REAP, INT(2));
	stage(b, "fuzz:2");
	SPECIAL(b, ARRANGE_FDS, POOL(bytes(b, (int32_t[]){ 1, -1, 2, 0 }, 16)), INT(4));
	arguments = VECTOR_OF(b, "a");
	environment = NO_STRINGS(b);
	SPECIAL(b, EXEC_SEARCH, POOL(text(b, "a")), POOL(arguments), POOL(environment), POOL(text(b, "/bin")));
	return b;
}

int main(int argc, char **argv)
{
	struct builder *small = builder();
	struct builder *all = every_special();

	if (argc != 2)
		return 1;
	stage(small, "fuzz:0");
	CALL(small, getpid, INT(0));
	save(small, argv[1], "small");
	save(all, argv[1], "all");
	free(small);
	free(all);
	return 0;
}
