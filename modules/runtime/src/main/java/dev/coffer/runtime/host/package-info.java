/** The facts of this host, which plans are compiled for. */
package dev.coffer.runtime.host;
