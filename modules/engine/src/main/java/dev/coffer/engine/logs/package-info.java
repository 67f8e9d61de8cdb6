/** Reading back what containers wrote. The monitor alone writes logs. */
package dev.coffer.engine.logs;
