namespace OneRec.Engine;

/// <summary>How a process uses the tables that it opens an engine on.</summary>
public enum EngineAccess
{
    /// <summary>It runs steps: a folder of tables has one such process at a time.</summary>
    Run,

    /// <summary>It writes beside other processes, a run among them: every commit must stand up to theirs.</summary>
    Share,

    /// <summary>It reads: nothing is written, so that tables can be read during a run.</summary>
    Read,

    /// <summary>It reads whole tables: as <see cref="Read"/>, but by the engine that was asked for, which then is worth its start.</summary>
    ReadAll,
}
