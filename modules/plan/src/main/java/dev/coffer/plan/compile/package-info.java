/** Compilers: a spec and the facts of the host become a plan. Pure functions. */
package dev.coffer.plan.compile;
