/* A plan's life in the process that runs stage 0. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <string.h>

#include "kernel.h"
#include "plan.h"
#include "util.h"

#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK)

/* Only a sealed file stays what was checked: private pages follow the file until they are written. */
static int map_file(int fd, uint8_t **base, size_t *size, const char **why)
{
	struct stat stat;
	int seals = fcntl(fd, F_GET_SEALS);

	/* EINVAL: a file of a kind that has no seals. */
	if (seals < 0 && errno != EINVAL)
		return -errno;
	if (seals < 0 || (seals & SEALS) != SEALS) {
		*why = "not sealed";
		return -EBADMSG;
	}
	if (fstat(fd, &stat) < 0)
		return -errno;
	if (stat.st_size < (off_t)sizeof(struct wire_header) || stat.st_size > WIRE_MAX_SIZE) {
		*why = "too small or too large";
		return -EBADMSG;
	}
	*size = (size_t)stat.st_size;
	*base = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	return *base == MAP_FAILED ? -errno : 0;
}

/* In memory alone, or in an empty file, where others can read it when this process has gone. */
static int make_report(struct plan *plan, int fd)
{
	int flags = MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0);

	if (fd >= 0 && ftruncate(fd, sizeof *plan->report) < 0)
		return -errno;
	plan->report = mmap(NULL, sizeof *plan->report, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (plan->report == MAP_FAILED)
		return -errno;
	atomic_store(&plan->report->published, NONE_PUBLISHED);
	return 0;
}

int plan_open(int fd, int report, struct plan **out, const char **why)
{
	struct plan *plan = malloc(sizeof *plan);
	uint8_t *base = NULL;
	size_t size = 0;
	int error;

	*why = NULL;
	if (!plan)
		return -ENOMEM;
	error = map_file(fd, &base, &size, why);
	if (error < 0) {
		free(plan);
		return error;
	}
	if (!tables_verify(&plan->tables, base, size, why))
		error = -EBADMSG;
	else
		error = make_report(plan, report);
	if (error < 0) {
		(void)munmap(base, size);	/* of a mapping of ours this cannot fail */
		free(plan);
		return error;
	}
	plan->stage = 0;
	plan->upstream_count = 0;
	for (size_t i = 0; i < WIRE_MAX_STAGES; i++)
		plan->channels[i] = NO_FD;
	/* Only those that the plan has: the memory of the others is never touched. */
	for (uint32_t i = 0; i < plan->tables.header->slot_count; i++)
		plan->slots[i] = -1;
	*out = plan;
	return 0;
}

static bool has_slot(const struct plan *plan, int slot)
{
	return slot >= 0 && (uint32_t)slot < plan->tables.header->slot_count;
}

int plan_set_slot(struct plan *plan, int slot, int64_t value)
{
	if (!has_slot(plan, slot))
		return -EINVAL;
	plan->slots[slot] = value;
	return 0;
}

int64_t plan_slot(const struct plan *plan, int slot)
{
	return has_slot(plan, slot) ? plan->slots[slot] : -1;
}

int plan_run(struct plan *plan, struct plan_failure *out)
{
	int status = stage_run(plan);

	if (status < 0 && !report_read(plan, out)) {
		/* Stage 0 gave up because of a child whose end is not known in full; its own position has to do. */
		report_failure(plan, 0, atomic_load(&plan->report->stages[0].insn), EPIPE, 0);
		status = report_read(plan, out) ? -1 : status;
	}
	return status;
}

int plan_pending(const struct plan *plan, int *fds, int max)
{
	int count = 0;

	for (size_t i = 0; i < WIRE_MAX_STAGES && count < max; i++)
		if (plan->channels[i] != NO_FD)
			fds[count++] = plan->channels[i];
	return count;
}

/* True when the channel has ended. What stage 0 never asked for is thrown away; its descriptors are not even received. */
static bool channel_ended(int fd)
{
	uint8_t tag;

	for (;;) {
		ssize_t length = recv(fd, &tag, sizeof tag, MSG_DONTWAIT);

		if (length == 0)
			return true;
		if (length < 0 && errno != EINTR)
			return errno != EAGAIN;
	}
}

/* All channels have ended: did every stage get where it should? */
static int judge(struct plan *plan)
{
	bool reaper = false;
	int verdict = 1;

	for (uint32_t i = 1; i < plan->tables.header->stage_count; i++) {
		struct wire_stage_report *report = &plan->report->stages[i];
		int signal = 0;

		reaper = reaper || atomic_load(&report->state) == STAGE_REAPING;
		switch (stage_fate(plan, i, &signal)) {
		case FATE_STARTED:
			break;
		case FATE_RUNNING:
			verdict = 0;
			break;
		case FATE_DIED:
			/* Of a reaper's child only the reaper knows how it ended. */
			if (signal == 0 && reaper)
				return 0;
			report_failure(plan, i, atomic_load(&report->insn), signal ? 0 : ECHILD, signal);
			return -1;
		}
	}
	for (uint32_t i = 1; i < plan->tables.header->stage_count && verdict == 1; i++) {
		struct wire_stage_report *report = &plan->report->stages[i];

		if (atomic_load(&report->state) == STAGE_ABANDONED) {
			report_failure(plan, i, atomic_load(&report->insn), EPIPE, 0);
			return -1;
		}
	}
	return verdict;
}

int plan_progress(struct plan *plan, struct plan_failure *out)
{
	bool pending = false;
	int verdict;

	for (size_t i = 0; i < WIRE_MAX_STAGES; i++) {
		if (plan->channels[i] == NO_FD)
			continue;
		if (channel_ended(plan->channels[i]))
			close_fd(&plan->channels[i]);
		else
			pending = true;
	}
	if (report_read(plan, out))
		return -1;
	if (pending)
		return 0;
	verdict = judge(plan);
	/* Between the look and the judgement another process may have failed. */
	return report_read(plan, out) ? -1 : verdict;
}

int plan_child_died(struct plan *plan, pid_t pid, int wait_status, struct plan_failure *out)
{
	char name[WIRE_STAGE_NAME];

	if (report_read(plan, out))
		return 1;
	if (!process_name(pid, name))
		return 0;
	for (uint32_t i = 1; i < plan->tables.header->stage_count; i++) {
		struct wire_stage_report *report = &plan->report->stages[i];

		if (atomic_load(&report->state) != STAGE_RUNNING || strcmp(name, plan->tables.stages[i].name) != 0)
			continue;
		report_failure(plan, i, atomic_load(&report->insn), WIFSIGNALED(wait_status) ? 0 : ECHILD,
			       WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0);
		return report_read(plan, out);
	}
	return 0;
}

void plan_close(struct plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < WIRE_MAX_STAGES; i++)
		close_fd(&plan->channels[i]);
	(void)munmap(plan->report, sizeof *plan->report);	/* of mappings of ours these cannot fail */
	(void)munmap(plan->tables.base, plan->tables.size);
	free(plan);
}
