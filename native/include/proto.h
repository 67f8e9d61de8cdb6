/* Generated from dev.coffer.runtime.protocol by `make headers`. Do not edit.
 * Frames between launcher, engine and monitor; docs/contributors/protocols.md says what they mean. */
#ifndef COFFER_PROTO_H
#define COFFER_PROTO_H

#include <stdint.h>

#define PROTO_VERSION 1
#define PROTO_MAX_FRAME 4194304u
#define PROTO_MAX_DATA 65536u
#define PROTO_MAX_FDS 64u

struct proto_frame {
	uint32_t length;
	uint16_t type;
	uint16_t reserved;
};

/* launcher -> engine */
#define FRAME_HELLO 1
#define FRAME_REQUEST 2
#define FRAME_STDIN 3
#define FRAME_STDIN_EOF 4
#define FRAME_RESIZE 5
#define FRAME_SIGNAL 6
#define FRAME_CONTINUED 7
#define FRAME_HANDOVER 8

/* engine -> launcher */
#define FRAME_HELLO_REPLY 32
#define FRAME_OUT 33
#define FRAME_ERR 34
#define FRAME_EXIT 35
#define FRAME_RAISE 36
#define FRAME_RAW 37
#define FRAME_RESTORE 38
#define FRAME_STOP 39
#define FRAME_MONITOR 40
#define FRAME_RECONNECT 41
#define FRAME_RUN 42
#define FRAME_WAIT 43

/* engine -> monitor */
#define FRAME_SETUP 64
#define FRAME_ADD_CLIENT 65
#define FRAME_ROTATE_LOG 66
#define FRAME_CLOSE_STDIN 67
#define FRAME_QUERY 68

/* monitor -> engine */
#define FRAME_STARTED 96
#define FRAME_FAILED 97
#define FRAME_EXITED 98
#define FRAME_STATUS 99

/* client -> monitor (also: STDIN, STDIN_EOF, RESIZE, SIGNAL) */
#define FRAME_ATTACH 128
#define FRAME_DETACH 129

/* monitor -> client (also: OUT, ERR, EXIT, RAISE) */
#define FRAME_DETACHED 160

/* what a launcher's descriptor 0-2 is */
#define STDIO_CLOSED 0
#define STDIO_TTY 1
#define STDIO_PIPE 2
#define STDIO_FILE 3
#define STDIO_SOCKET 4
#define STDIO_NULL 5
#define STDIO_OTHER 6

/* RAW's payload: how a terminal is read */
#define TYPING_KEYS 0
#define TYPING_LINES 1
#define TYPING_SILENT 2

/* tags of SETUP's records */
#define SETUP_FD_ROLES 1
#define SETUP_ID 2
#define SETUP_STDIO 3
#define SETUP_LOG 4
#define SETUP_DETACH_KEYS 5
#define SETUP_EXIT_RECORD 6
#define SETUP_OOM_FILE 7
#define SETUP_ENGINE_COMMAND 8
#define SETUP_LISTEN 9

/* roles of the descriptors that come with SETUP */
#define ROLE_PLAN 1
#define ROLE_STATE_DIR 2
#define ROLE_RUN_DIR 3
#define ROLE_CLIENT 4
#define ROLE_CLIENT_STDIN 5
#define ROLE_CLIENT_STDOUT 6
#define ROLE_CLIENT_STDERR 7
#define ROLE_REPORT 8
#define ROLE_INPUT 16

/* how the container's stdio is made */
#define MODE_NULL 0
#define MODE_PIPES 1
#define MODE_TERMINAL 2

/* what the standard streams of RUN's program are */
#define STREAMS_CALLERS 0
#define STREAMS_TERMINAL 1
#define STREAMS_ELSEWHERE 2

/* log formats */
#define LOG_NONE 0
#define LOG_JSON_FILE 1
#define LOG_CRI 2

/* bits of ATTACH */
#define ATTACH_STDIN 1
#define ATTACH_STDOUT 2
#define ATTACH_STDERR 4

/* the stage of a FAILED that is the monitor's own */
#define STAGE_MONITOR 0xffffffffu

/* well-known slots of a plan that a monitor runs */
#define SLOT_STDIN 0
#define SLOT_STDOUT 1
#define SLOT_STDERR 2
#define SLOT_TERMINAL 3
#define SLOT_INIT_PID 4
#define SLOT_INIT_PIDFD 5
#define SLOT_FIRST_INPUT 6

#endif
