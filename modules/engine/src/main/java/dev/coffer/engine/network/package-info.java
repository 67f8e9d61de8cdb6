/** Networks and the containers in them, as the engine knows them. */
package dev.coffer.engine.network;
