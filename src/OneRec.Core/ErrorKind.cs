namespace OneRec.Core;

/// <summary>The kind of an error. The numbers are the exit codes of the command.</summary>
public enum ErrorKind
{
    /// <summary>A bug in OneRec: exit 1.</summary>
    Bug = 1,

    /// <summary>A bad command line or configuration: exit 2.</summary>
    Configuration = 2,

    /// <summary>Bad input data: exit 3.</summary>
    Input = 3,

    /// <summary>A table conflict, a table with the wrong shape, or a folder that another run has locked: exit 4.</summary>
    Table = 4,

    /// <summary>An engine or a model failed: exit 5.</summary>
    Engine = 5,
}
