/**
 * Seccomp in pure Java: {@link dev.coffer.plan.seccomp.SeccompCompiler} turns the {@code
 * linux.seccomp} of a config into a filter, {@link dev.coffer.plan.seccomp.SeccompProfile} is the
 * profile format that container engines share, and {@link dev.coffer.plan.seccomp.DefaultSeccomp}
 * is the profile of containers that ask for none.
 */
package dev.coffer.plan.seccomp;
