/* The report page: who failed first, and what became of a process that says nothing any more. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>

#include "kernel.h"
#include "plan.h"
#include "text.h"
#include "util.h"

/*
 * A process closes its descriptors shortly before it has its new name (exec) or is a zombie (exit). In that moment
 * neither shows; this is how long it is waited for, in steps.
 */
#define SETTLE_STEPS 200
#define SETTLE_STEP_MS 1

/* How a failure is packed: bit 63 set, 7 bits of stage, 8 of signal, 16 of errno, 32 of instruction. */
#define FAILED (1ull << 63)

void report_failure(struct plan *plan, uint32_t stage, uint32_t insn, int error, int signal)
{
	uint64_t none = 0;
	uint64_t word = FAILED | (uint64_t)stage << 56 | (uint64_t)(signal & 0xff) << 48 | (uint64_t)(error & 0xffff) << 32 | insn;

	/* The first one counts. */
	atomic_compare_exchange_strong(&plan->report->failure, &none, word);
}

/* Every process of the plan may write to the page, those in the container too: no number in it is taken at its word. */
bool report_read(const struct plan *plan, struct plan_failure *out)
{
	uint64_t word = atomic_load(&plan->report->failure);

	if (!(word & FAILED))
		return false;
	*out = (struct plan_failure){
		.stage = (uint32_t)(word >> 56) & 0x7f,
		.signal = (int32_t)(word >> 48) & 0xff,
		.error = (int32_t)(word >> 32) & 0xffff,
		.insn = (uint32_t)word,
	};
	if (out->stage >= plan->tables.header->stage_count || out->insn >= plan->tables.header->insn_count)
		*out = (struct plan_failure){ .error = EPROTO };
	out->op = plan->tables.insns[out->insn].op;
	return true;
}

static bool is_exec(const struct plan *plan, uint32_t at)
{
	const struct wire_insn *insn;

	if (at >= plan->tables.header->insn_count)
		return false;
	insn = &plan->tables.insns[at];
	return insn->code == WIRE_EXEC_SEARCH
		|| (insn->code == WIRE_SYSCALL && (insn->nr == SYS_execve || insn->nr == SYS_execveat));
}

bool process_name(pid_t pid, char name[WIRE_STAGE_NAME])
{
	char path[32];
	struct text text = text_over(path, sizeof path);
	autoclose int fd = NO_FD;
	ssize_t length;

	if (pid <= 0)
		return false;
	text_add(&text, "/proc/");
	text_add_decimal(&text, (uint64_t)pid);
	text_add(&text, "/comm");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, name, WIRE_STAGE_NAME);
	if (length <= 0)
		return false;
	/* The kernel ends it with a newline. */
	name[length - 1] = '\0';
	return true;
}

/* The signal that ended a process, 0 when it left by itself or it is not ours to know; false: it is alive. */
static bool has_ended(pid_t pid, int *signal)
{
	siginfo_t info = { .si_pid = 0 };
	autoclose int pidfd = NO_FD;
	struct pollfd ended = { .events = POLLIN };

	*signal = 0;
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0) {
		if (info.si_pid == 0)
			return false;
		if (info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED)
			*signal = info.si_status;
		return true;
	}
	pidfd = call_pidfd_open(pid);
	if (pidfd < 0)
		return true;
	ended.fd = pidfd;
	return poll(&ended, 1, 0) == 1;
}

static enum fate fate_now(struct plan *plan, uint32_t stage, int *signal)
{
	struct wire_stage_report *report = &plan->report->stages[stage];
	uint32_t at = atomic_load(&report->insn);
	pid_t pid = atomic_load(&report->pid);
	char name[WIRE_STAGE_NAME];

	if (atomic_load(&report->state) != STAGE_RUNNING)
		return FATE_STARTED;
	/* Without a name (no /proc here, or reaped already) the position has to do. */
	if (is_exec(plan, at)
	    && (!process_name(pid, name) || strcmp(name, plan->tables.stages[stage].name) != 0))
		return FATE_STARTED;
	return has_ended(pid, signal) ? FATE_DIED : FATE_RUNNING;
}

enum fate stage_fate(struct plan *plan, uint32_t stage, int *signal)
{
	enum fate fate = fate_now(plan, stage, signal);

	for (int step = 0; step < SETTLE_STEPS && fate == FATE_RUNNING; step++) {
		(void)poll(NULL, 0, SETTLE_STEP_MS);	/* a sleep; cut short it is only another look */
		fate = fate_now(plan, stage, signal);
	}
	return fate;
}
