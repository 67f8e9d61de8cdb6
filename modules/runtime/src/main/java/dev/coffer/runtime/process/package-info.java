/** What runs in a container, as /proc tells it. */
package dev.coffer.runtime.process;
