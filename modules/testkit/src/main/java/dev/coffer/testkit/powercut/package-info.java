/**
 * What a power cut may leave of a program's files: its system calls are recorded by {@code strace},
 * and every state that a POSIX file system may be in after each of them is made again.
 */
package dev.coffer.testkit.powercut;
