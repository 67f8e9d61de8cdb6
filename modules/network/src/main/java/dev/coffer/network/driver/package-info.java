/** What an engine may ask of the host's networks, and the words it is asked in. */
package dev.coffer.network.driver;
