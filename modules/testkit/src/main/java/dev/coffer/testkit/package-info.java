/**
 * What tests of all modules share: a root file system to run ({@link
 * dev.coffer.testkit.BusyboxRootfs}), waiting ({@link dev.coffer.testkit.WaitFor}), proof that
 * nothing is left behind ({@link dev.coffer.testkit.LeakCheck}), and hand-written fakes.
 */
package dev.coffer.testkit;
