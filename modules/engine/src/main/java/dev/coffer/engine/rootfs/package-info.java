/** What the engine puts into root file systems that strangers wrote, and copies out of them. */
package dev.coffer.engine.rootfs;
