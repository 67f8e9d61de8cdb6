package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;

/**
 * One operation of a plan. It knows what it does and why it is there, in the user's words, and
 * lowers itself to the instructions that do it.
 */
public sealed interface Op
    permits AddAddress,
        ArrangeDescriptors,
        AttachDeviceFilter,
        AttachIn,
        AttachMount,
        AttachOnHost,
        AwaitProcess,
        AwaitScope,
        AwaitStage,
        Barrier,
        BecomeMappedRoot,
        BindConsole,
        BindDevice,
        BringUpLoopback,
        ChangeDirectory,
        ChangeOwner,
        ChangeRoot,
        ChangeTerminalOwner,
        CloneForeignTree,
        CloneOnCpus,
        CloneStage,
        CloneTree,
        CloseSlots,
        ConnectSocket,
        CopyUp,
        CoverRoot,
        DelegateCgroup,
        DropListener,
        EnableControllers,
        EnterNamespace,
        Execute,
        ExpectChild,
        FindProgram,
        GrabDescriptor,
        Hook,
        JoinCgroup,
        JoinKeyring,
        KeepDescriptor,
        KeepLineFeeds,
        LearnPid,
        LeaveNamespace,
        MakeCgroup,
        MakeDevice,
        MakeDirectory,
        MakeResourceClass,
        MapIds,
        MarkWithPid,
        MaskPath,
        MoveIntoCgroup,
        MoveNetworkDevice,
        NewNamespace,
        NewSession,
        NoNewPrivileges,
        OpenCgroup,
        OpenDirectory,
        OpenFilesystem,
        OpenHostDirectory,
        OpenNamespace,
        OpenNetlink,
        OpenNode,
        OpenProcess,
        OpenTerminal,
        OwnNullDevice,
        PivotRoot,
        RaiseNetworkDevice,
        ReadMarkedPid,
        ReadonlyPath,
        Reap,
        ReleaseCpus,
        Remount,
        RestrictCapabilities,
        RestrictMount,
        RunProgram,
        Seccomp,
        SendDescriptor,
        SetCapabilities,
        SetCpuAffinity,
        SetDomainname,
        SetDumpable,
        SetExecLabel,
        SetHostname,
        SetIoPriority,
        SetMemoryPolicy,
        SetOomScore,
        SetPersonality,
        SetPropagation,
        SetRlimit,
        SetScheduler,
        SetSysctl,
        SetUser,
        Symlink,
        Sync,
        TakeRoot,
        TakeTerminal,
        Umask,
        WriteFile {

  /** What it does: verb, object, identifier; the first half of an error message. */
  String describe();

  /** Why it is there, such as {@code --volume} or {@code process.user}. */
  String why();

  /** What an error means here. */
  default String cause(Errno error) {
    return error.text();
  }

  /** Appends the instructions that do it. */
  void lower(Lowering lowering);
}
