package dev.coffer.engine.command;

/**
 * One request to the engine, from whichever front door it came (command line, library, Docker API,
 * CRI). The type is closed: what a container may be asked in which state is decided once, behind
 * {@link dev.coffer.engine.Engine#execute}, and each new command makes the compiler list every
 * place that must know it.
 *
 * @param <R> what the command answers
 */
public sealed interface Command<R>
    permits ContainerCommand,
        ExecCommand,
        ImageCommand,
        NetworkCommand,
        RegistryCommand,
        SystemCommand,
        TransferCommand {}
