#include "request.h"

#include <errno.h>

#include "frame.h"

void request_send(int engine, uint64_t build, const struct caller *caller)
{
	struct bytes hello = { 0 };
	if (bytes_add_u32(&hello, PROTO_VERSION) && bytes_add_u64(&hello, 0) && bytes_add_u64(&hello, build) &&
	    frame_send(engine, FRAME_HELLO, &hello, NULL, 0, 0) == 0 &&
	    frame_send(engine, FRAME_REQUEST, &caller->request, caller->fds, caller->fd_count, 0) < 0)
		/* It may have answered all the same before it went. */
		errno = 0;
	bytes_free(&hello);
}
