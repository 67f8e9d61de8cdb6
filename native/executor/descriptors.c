/* Specials on descriptors: EXPECT, WRITE_ALL, ARRANGE_FDS. */
#include <errno.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "kernel.h"
#include "plan.h"
#include "util.h"

int special_expect(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	int fd = (int)argument(plan, insn, 0);
	int64_t magic = insn->arg[1], device = insn->arg[2], type = insn->arg[3];
	struct statfs filesystem;
	struct stat stat;

	*result = 0;
	if (fstat(fd, &stat) < 0 || fstatfs(fd, &filesystem) < 0)
		return errno;
	/* A magic number is 32 bits, which some architectures extend with its sign. */
	if (magic != 0 && (uint32_t)filesystem.f_type != (uint32_t)magic)
		return EBADMSG;
	if (device != -1 && stat.st_rdev != (dev_t)device)
		return EBADMSG;
	if (type != 0 && (stat.st_mode & S_IFMT) != (mode_t)type)
		return EBADMSG;
	return 0;
}

int special_write_all(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	size_t size = (size_t)insn->arg[2];
	ssize_t written;

	/* One call: files of /proc and cgroups take a value whole or not at all. */
	do
		written = write((int)argument(plan, insn, 0), pool_at(plan, insn->arg[1]), size);
	while (written < 0 && errno == EINTR);
	*result = written;
	if (written < 0)
		return errno;
	return (size_t)written == size ? 0 : EIO;
}

/* Moves a descriptor to `first` or above when it lies below. */
static int move_up(int *fd, int first)
{
	int moved;

	if (*fd == NO_FD || *fd >= first)
		return 0;
	moved = fcntl(*fd, F_DUPFD_CLOEXEC, first);
	if (moved < 0)
		return errno;
	*fd = moved;
	return 0;
}

/* The executor's own channels must not be overwritten; what they leave below is closed or overwritten with the rest. */
static int move_channels_up(struct plan *plan, int first)
{
	int error = 0;

	for (size_t i = 0; i < WIRE_MAX_STAGES && error == 0; i++)
		error = move_up(&plan->channels[i], first);
	for (int i = 0; i < plan->upstream_count && error == 0; i++)
		error = move_up(&plan->upstream[i], first);
	return error;
}

static int slot_at(const struct plan *plan, const struct wire_insn *insn, int i)
{
	int32_t slot;

	memcpy(&slot, pool_at(plan, insn->arg[0]) + (size_t)i * sizeof slot, sizeof slot);
	/* Checked when the plan was decoded; a patch may have changed it since. */
	return slot >= 0 && slot < (int32_t)plan->tables.header->slot_count ? slot : WIRE_NO_SLOT;
}

/* Sources first move out of the way, so no order of the final steps can overwrite one that is still needed. */
static int place(struct plan *plan, const struct wire_insn *insn, int count, int *sources)
{
	int error = 0;

	for (int i = 0; i < count && error == 0; i++) {
		int slot = slot_at(plan, insn, i);

		sources[i] = slot == WIRE_NO_SLOT ? NO_FD : (int)plan->slots[slot];
		if (slot != WIRE_NO_SLOT && sources[i] < 0)
			return EBADF;
		error = move_up(&sources[i], count);
	}
	for (int i = 0; i < count && error == 0; i++) {
		if (sources[i] == NO_FD) {
			if (close(i) < 0 && errno != EBADF)
				error = errno;
		} else if (dup2(sources[i], i) < 0) {
			error = errno;
		}
	}
	return error;
}

int special_arrange_fds(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	int count = (int)insn->arg[1];
	int *sources = malloc(sizeof(int) * ((size_t)count + 1));
	int error;

	*result = 0;
	if (!sources)
		return ENOMEM;
	error = move_channels_up(plan, count);
	if (error == 0)
		error = place(plan, insn, count, sources);
	free(sources);
	if (error)
		return error;
	for (int i = 0; i < count; i++) {
		int slot = slot_at(plan, insn, i);

		if (slot != WIRE_NO_SLOT)
			plan->slots[slot] = -1;
	}
	return call_close_range((unsigned)count, ~0u, CLOSE_RANGE_CLOEXEC) < 0 ? errno : 0;
}
