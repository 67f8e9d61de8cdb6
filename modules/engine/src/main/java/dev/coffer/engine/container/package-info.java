/** Containers in memory: their index, their states, and what each verb may do in which state. */
package dev.coffer.engine.container;
