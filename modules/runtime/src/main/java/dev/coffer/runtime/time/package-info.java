/** Waiting for what the kernel and other processes finish without telling anybody. */
package dev.coffer.runtime.time;
