package dev.coffer.kernel;

/**
 * How a child ended.
 *
 * @param code 0 to 255; 128 + signal where one ended it
 * @param signal 0 where it left by itself
 */
public record WaitStatus(int code, int signal) {}
