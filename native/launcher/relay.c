#include "relay.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "relay_state.h"
#include "runner.h"
#include "sink.h"
#include "terminal.h"
#include "text.h"
#include "signals.h"
#include "util.h"

/* What may wait for a peer that does not read before the terminal is not read either. */
#define TYPED_AHEAD 4096

static void finish(struct relay *relay, enum relay_result result, int code)
{
	relay->over = true;
	relay->result = result;
	relay->code = code;
}

static void die_of(struct relay *relay, int number)
{
	terminal_restore();
	signals_die(number);
	finish(relay, RELAY_EXIT, 128 + number);
}

static void send_to(struct sink *sink, uint16_t type, const void *payload, size_t length)
{
	bool idle = sink_is_idle(sink);
	/* A peer that is gone is noticed where it is read; what was for it has no other place to go. */
	if (sink->fd >= 0 && frame_queue(&sink->queue, type, payload, length) && idle)
		sink_flush(sink);
}

/* Who reads what is typed: the container, once there is one. */
static struct sink *listener_of(struct relay *relay)
{
	return relay->to_monitor.fd >= 0 ? &relay->to_monitor : &relay->to_engine;
}

static void send_size(struct relay *relay)
{
	uint8_t payload[4];
	if (terminal_size(payload))
		send_to(listener_of(relay), FRAME_RESIZE, payload, sizeof payload);
}

/* Stopped, and on again: the shell has used the terminal meanwhile, and its size may be another. */
static void go_on(struct relay *relay)
{
	terminal_resume();
	send_size(relay);
	send_to(&relay->to_engine, FRAME_CONTINUED, NULL, 0);
}

static void stop(struct relay *relay, int number)
{
	terminal_restore();
	signals_stop(number);
	go_on(relay);
}

static void handle_signal(struct relay *relay, int number)
{
	uint32_t payload = (uint32_t)number;
	if (number == SIGWINCH) {
		send_size(relay);
		return;
	}
	if (number == SIGTSTP) {
		stop(relay, SIGTSTP);
		return;
	}
	if (number == SIGCONT)
		go_on(relay);
	if (relay->proxy && !signals_is_local(number))
		send_to(listener_of(relay), FRAME_SIGNAL, &payload, sizeof payload);
	else if (number != SIGCONT)
		die_of(relay, number);
}

/* A description of our own, which may be non-blocking: else a stalled terminal would hold up signals and keys. */
static int output_of(struct relay *relay, int fd)
{
	int *own = &relay->output[fd - 1];
	if (*own < 0 && signals_fd() >= 0)
		*own = reopen_nonblocking(fd, O_WRONLY);
	return *own >= 0 ? *own : fd;
}

static void write_pending(struct relay *relay)
{
	struct relay_output *pending = &relay->pending;
	while (pending->length > 0) {
		ssize_t written = write(output_of(relay, pending->fd), pending->data, pending->length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0 && errno == EAGAIN)
			return;
		if (written < 0)
			break;
		pending->data += written;
		pending->length -= (size_t)written;
	}
	if (pending->length == 0)
		return;
	pending->length = 0;
	if (errno == EPIPE) {
		die_of(relay, SIGPIPE);
		return;
	}
	say("coffer: cannot write output: ", error_text(errno));
	finish(relay, RELAY_FAILED, 0);
}

static void output(struct relay *relay, int fd, const struct frame *frame)
{
	relay->pending = (struct relay_output){ .fd = fd, .data = frame->payload, .length = frame->length };
	write_pending(relay);
}

static void set_mode(struct relay *relay, enum terminal_mode mode)
{
	/* Who cannot type needs no other mode, and could not leave it by a key. */
	if (relay->caller->streams[0].kind != STDIO_TTY)
		mode = TERMINAL_AS_FOUND;
	relay->typing = mode != TERMINAL_AS_FOUND;
	signals_take(mode == TERMINAL_RAW || mode == TERMINAL_SILENT, relay->proxy);
	terminal_set(mode);
}

static void take_monitor(struct relay *relay, const struct frame *frame)
{
	struct cursor payload = cursor_over(frame->payload, frame->length);
	bool raw = cursor_u8(&payload) != 0;
	relay->proxy = cursor_u8(&payload) != 0;
	uint8_t attach = cursor_u8(&payload);
	int fd = frame_take_fd(&relay->engine);
	if (payload.bad || fd < 0 || relay->monitor.fd >= 0) {
		close_fd(&fd);
		return;
	}
	relay->monitor.fd = fd;
	relay->to_monitor = (struct sink){ .fd = fd, .kind = SINK_SOCKET };
	relay->had_monitor = true;
	set_mode(relay, raw ? TERMINAL_RAW : TERMINAL_AS_FOUND);
	relay->typing = (attach & ATTACH_STDIN) && relay->caller->streams[0].kind == STDIO_TTY;
	/* The window may have changed between the request and now. */
	if (raw)
		send_size(relay);
}

static enum terminal_mode mode_of(const struct frame *frame)
{
	struct cursor payload = cursor_over(frame->payload, frame->length);
	switch (cursor_u8(&payload)) {
	case TYPING_LINES:
		return TERMINAL_LINES;
	case TYPING_SILENT:
		return TERMINAL_SILENT;
	default:
		return TERMINAL_RAW;
	}
}

static void greeted(struct relay *relay, const struct frame *frame)
{
	struct cursor payload = cursor_over(frame->payload, frame->length);
	uint32_t version = cursor_u32(&payload);
	(void)cursor_u64(&payload);
	uint64_t build = cursor_u64(&payload);
	relay->greeted = true;
	if (payload.bad || frame->type != FRAME_HELLO_REPLY) {
		say("coffer: cannot talk to the engine: it answered with an unknown frame (stop it by coffer engine stop)");
		finish(relay, RELAY_FAILED, 0);
	} else if (relay->build > build) {
		send_to(&relay->to_engine, FRAME_HANDOVER, NULL, 0);
		relay->handing_over = true;
	} else if (version != PROTO_VERSION) {
		say("coffer: cannot talk to the engine: it is newer and speaks another protocol (use the coffer it came with)");
		finish(relay, RELAY_FAILED, 0);
	}
}

static int32_t number_of(const struct frame *frame)
{
	struct cursor payload = cursor_over(frame->payload, frame->length);
	return (int32_t)cursor_u32(&payload);
}

/* What the engine and a monitor may both say. Returns false for anything else. */
static bool handle_common(struct relay *relay, const struct frame *frame)
{
	switch (frame->type) {
	case FRAME_OUT:
		output(relay, 1, frame);
		return true;
	case FRAME_ERR:
		output(relay, 2, frame);
		return true;
	case FRAME_RAISE:
		die_of(relay, number_of(frame));
		return true;
	default:
		return false;
	}
}

static void handle_engine(struct relay *relay, const struct frame *frame)
{
	if (!relay->greeted) {
		greeted(relay, frame);
		return;
	}
	if (relay->handing_over || handle_common(relay, frame))
		return;
	switch (frame->type) {
	case FRAME_EXIT:
		relay->engine_exit = true;
		relay->code = number_of(frame);
		break;
	case FRAME_RAW:
		set_mode(relay, mode_of(frame));
		break;
	case FRAME_RESTORE:
		set_mode(relay, TERMINAL_AS_FOUND);
		break;
	case FRAME_STOP:
		stop(relay, SIGSTOP);
		break;
	case FRAME_MONITOR:
		take_monitor(relay, frame);
		break;
	case FRAME_RUN:
		finish(relay, RELAY_EXIT, runner_serve(&relay->engine, frame, relay->caller));
		break;
	case FRAME_RECONNECT:
		/* A container's end comes from its monitor, whatever becomes of the engine. */
		if (!relay->had_monitor)
			finish(relay, RELAY_AGAIN, 0);
		break;
	default:
		/* A newer engine's frame, which an older launcher does not need to know. */
		break;
	}
}

static void handle_monitor(struct relay *relay, const struct frame *frame)
{
	if (handle_common(relay, frame))
		return;
	if (frame->type == FRAME_EXIT) {
		relay->monitor_exit = true;
		if (!relay->engine_exit)
			relay->code = number_of(frame);
	} else if (frame->type == FRAME_DETACHED) {
		finish(relay, RELAY_EXIT, 0);
	}
}

/* Handles what has come, as far as its output can be written. */
static void handle_frames(struct relay *relay, struct frame_reader *reader,
			  void (*handle)(struct relay *, const struct frame *))
{
	struct frame frame;
	int whole = 0;
	while (!relay->over && relay->pending.length == 0 && (whole = frame_next(reader, &frame)) > 0)
		handle(relay, &frame);
	if (whole >= 0)
		return;
	say("coffer: cannot understand the engine: a malformed frame (stop it by coffer engine stop)");
	finish(relay, RELAY_FAILED, 0);
}

static void close_peer(struct frame_reader *reader, struct sink *sink)
{
	sink_close(sink);
	frame_reader_free(reader);
	reader->fd = -1;
}

/*
 * That is no end of the peer's: asked again it would say how the command ended, and what it printed would be lost. With a
 * monitor the engine is not needed any more.
 */
static void fail_to_read(struct relay *relay, const struct frame_reader *reader)
{
	if (reader == &relay->engine && relay->monitor.fd >= 0) {
		close_peer(&relay->engine, &relay->to_engine);
		return;
	}
	say("coffer: cannot read the answer: ", error_text(errno));
	finish(relay, RELAY_FAILED, 0);
}

static void read_peer(struct relay *relay, struct frame_reader *reader, struct sink *sink,
		      void (*handle)(struct relay *, const struct frame *))
{
	int got = frame_fill(reader, 0);
	if (got > 0)
		handle_frames(relay, reader, handle);
	else if (got == 0 || errno == ECONNRESET)
		close_peer(reader, sink);
	else if (errno != EAGAIN)
		fail_to_read(relay, reader);
}

static void read_typed(struct relay *relay)
{
	uint8_t data[TYPED_AHEAD];
	struct sink *listener = listener_of(relay);
	/* In the background this stops the process by SIGTTIN, as it does anybody who reads a terminal. */
	ssize_t got = read(0, data, sizeof data);
	if (got > 0) {
		send_to(listener, FRAME_STDIN, data, (size_t)got);
	} else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
		send_to(listener, FRAME_STDIN_EOF, NULL, 0);
		relay->typing = false;
	}
}

/* Whether all has been said that will be. */
static void check_end(struct relay *relay)
{
	bool engine_gone = relay->engine.fd < 0, monitor_done = relay->monitor_exit || relay->monitor.fd < 0;
	if (relay->over || relay->pending.length > 0)
		return;
	if (relay->engine_exit && (!relay->had_monitor || monitor_done))
		finish(relay, RELAY_EXIT, relay->code);
	else if (engine_gone && relay->handing_over)
		finish(relay, RELAY_HANDOVER, 0);
	else if (engine_gone && !relay->greeted)
		finish(relay, RELAY_AGAIN, 0);
	else if (engine_gone && relay->monitor_exit)
		finish(relay, RELAY_EXIT, relay->code);
	else if (engine_gone && relay->monitor.fd < 0)
		finish(relay, RELAY_LOST, 0);
}

enum { POLL_SIGNALS, POLL_ENGINE, POLL_MONITOR, POLL_TYPED, POLL_OUTPUT, POLL_COUNT };

static short peer_events(const struct relay *relay, const struct sink *sink)
{
	return (short)((relay->pending.length ? 0 : POLLIN) | (sink_is_idle(sink) ? 0 : POLLOUT));
}

static void wait_for(struct relay *relay, struct pollfd polls[POLL_COUNT])
{
	short engine = peer_events(relay, &relay->to_engine), monitor = peer_events(relay, &relay->to_monitor);
	bool typed = relay->typing && sink_is_idle(listener_of(relay));
	polls[POLL_SIGNALS] = (struct pollfd){ .fd = signals_fd(), .events = POLLIN };
	/* A peer that hung up would wake us for ever while nothing is read from it. */
	polls[POLL_ENGINE] = (struct pollfd){ .fd = engine ? relay->engine.fd : -1, .events = engine };
	polls[POLL_MONITOR] = (struct pollfd){ .fd = monitor ? relay->monitor.fd : -1, .events = monitor };
	polls[POLL_TYPED] = (struct pollfd){ .fd = typed ? 0 : -1, .events = POLLIN };
	polls[POLL_OUTPUT] = (struct pollfd){
		.fd = relay->pending.length ? output_of(relay, relay->pending.fd) : -1, .events = POLLOUT };
	if (poll(polls, POLL_COUNT, -1) < 0)
		for (int i = 0; i < POLL_COUNT; i++)
			polls[i].revents = 0;
}

static void serve_output(struct relay *relay)
{
	write_pending(relay);
	handle_frames(relay, &relay->engine, handle_engine);
	if (relay->monitor.fd >= 0)
		handle_frames(relay, &relay->monitor, handle_monitor);
}

static void round_of(struct relay *relay)
{
	struct pollfd polls[POLL_COUNT];
	wait_for(relay, polls);
	if (polls[POLL_SIGNALS].revents)
		for (int number = signals_next(); number > 0; number = signals_next())
			handle_signal(relay, number);
	if (polls[POLL_TYPED].revents)
		read_typed(relay);
	if (polls[POLL_OUTPUT].revents)
		serve_output(relay);
	if (polls[POLL_ENGINE].revents & POLLOUT)
		sink_flush(&relay->to_engine);
	if (polls[POLL_MONITOR].revents & POLLOUT)
		sink_flush(&relay->to_monitor);
	if (relay->pending.length == 0 && polls[POLL_MONITOR].revents & ~POLLOUT && !relay->over)
		read_peer(relay, &relay->monitor, &relay->to_monitor, handle_monitor);
	if (relay->pending.length == 0 && polls[POLL_ENGINE].revents & ~POLLOUT && !relay->over)
		read_peer(relay, &relay->engine, &relay->to_engine, handle_engine);
}

enum relay_result relay_run(int engine, uint64_t build, const struct caller *caller, int *code)
{
	struct relay relay = {
		.caller = caller,
		.build = build,
		.engine = { .fd = engine },
		.to_engine = { .fd = engine, .kind = SINK_SOCKET },
		.monitor = { .fd = -1 },
		.to_monitor = { .fd = -1 },
		.output = { -1, -1 },
	};
	while (!relay.over) {
		/* Most commands are over after one answer and one wait, without poll(). */
		if (signals_fd() < 0 && !relay.typing && relay.monitor.fd < 0 && relay.pending.length == 0 &&
		    sink_is_idle(&relay.to_engine))
			read_peer(&relay, &relay.engine, &relay.to_engine, handle_engine);
		else
			round_of(&relay);
		check_end(&relay);
	}
	terminal_set(TERMINAL_AS_FOUND);
	close_peer(&relay.engine, &relay.to_engine);
	close_peer(&relay.monitor, &relay.to_monitor);
	*code = relay.code;
	return relay.result;
}
