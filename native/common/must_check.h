/* A result that must not be ignored: the compiler refuses to. */
#ifndef COFFER_MUST_CHECK_H
#define COFFER_MUST_CHECK_H

#define must_check __attribute__((warn_unused_result))

#endif
