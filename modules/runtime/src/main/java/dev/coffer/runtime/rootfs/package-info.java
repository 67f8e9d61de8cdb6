/** Looking into root file systems that strangers wrote. */
package dev.coffer.runtime.rootfs;
