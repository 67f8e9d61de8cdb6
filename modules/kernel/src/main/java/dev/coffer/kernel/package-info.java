/**
 * The narrow facade over the Linux kernel, by {@code java.lang.foreign}.
 *
 * <p>Small classes by group, each a handful of static calls that take and give {@link
 * dev.coffer.kernel.Fd} and fail with {@link dev.coffer.kernel.KernelException}:
 *
 * <ul>
 *   <li>files: {@link dev.coffer.kernel.FileOpen}, {@link dev.coffer.kernel.FileTree}, {@link
 *       dev.coffer.kernel.FileStat}, {@link dev.coffer.kernel.FileAttributes}, {@link
 *       dev.coffer.kernel.ExtendedAttributes}, {@link dev.coffer.kernel.FileData}, {@link
 *       dev.coffer.kernel.Directory}
 * </ul>
 *
 * <p>Names are strings of the form that {@link dev.coffer.kernel.NativeText} defines. A call pins a
 * virtual thread for as long as it lasts: what may block belongs on a platform thread.
 */
package dev.coffer.kernel;
