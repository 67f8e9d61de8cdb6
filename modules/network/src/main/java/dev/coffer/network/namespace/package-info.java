/** Network namespaces: making them, and doing things inside of them. */
package dev.coffer.network.namespace;
