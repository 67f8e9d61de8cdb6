/**
 * Networks that plugins of the Container Network Interface make: configurations, the calls to
 * plugins, and what is remembered of them. Knows of no engine; who uses it says what a container
 * is.
 */
package dev.coffer.network.cni;
