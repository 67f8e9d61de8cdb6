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
 *       dev.coffer.kernel.Directory}, {@link dev.coffer.kernel.Flock}, {@link
 *       dev.coffer.kernel.Memfd}, {@link dev.coffer.kernel.Pipe}, {@link
 *       dev.coffer.kernel.ProcFile}
 *   <li>mounts: {@link dev.coffer.kernel.Overlay}, {@link dev.coffer.kernel.FileSystemContext},
 *       {@link dev.coffer.kernel.Mounts}
 *   <li>sockets: {@link dev.coffer.kernel.UnixSocket}, {@link dev.coffer.kernel.SocketMessage}
 *   <li>waiting: {@link dev.coffer.kernel.Epoll}, {@link dev.coffer.kernel.Poll}, {@link
 *       dev.coffer.kernel.EventFd}
 *   <li>processes: {@link dev.coffer.kernel.Spawner}, {@link dev.coffer.kernel.Pidfd}, {@link
 *       dev.coffer.kernel.CurrentProcess}, {@link dev.coffer.kernel.Namespaces}, {@link
 *       dev.coffer.kernel.Host}
 * </ul>
 *
 * <p>Names are strings of the form that {@link dev.coffer.kernel.NativeText} defines. A call pins a
 * virtual thread for as long as it lasts: what may block belongs on a platform thread.
 */
package dev.coffer.kernel;
