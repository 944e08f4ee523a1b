namespace OneRec.Engines.Tests.Cases;

/// <summary>One step of a case: a command with its expected outcome, a query with its rows, or a change of files.</summary>
/// <remarks>In texts, <c>{here}</c> is the case's working folder. Paths are relative to it, and <c>*</c> in one matches one name.</remarks>
public sealed record CaseStep
{
    // A command

    /// <summary>Arguments of <c>onerec</c>, separated by blanks; <c>-c c.json</c> and the engine are added.</summary>
    public string? Run { get; init; }

    /// <summary>Further arguments of <see cref="Run"/>, each as it is.</summary>
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>Run it on the local engine, whichever engine the case is on: it only prepares.</summary>
    public bool Prepares { get; init; }

    /// <summary>Expected exit code.</summary>
    public int Exit { get; init; }

    /// <summary>The expected error lines, without <c>error</c>: code and text. <c>{any}</c> stands for any word.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>The error lines on Spark, where Delta Lake or Spark finds the fault in words of its own; null: <see cref="Errors"/>.</summary>
    public IReadOnlyList<string>? ErrorsOnSpark { get; init; }

    /// <summary>Texts that standard error has, besides.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Texts that standard output has.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Whether a command that fails may commit to tables first: the earlier steps of a whole job do.</summary>
    public bool Commits { get; init; }

    // A query

    /// <summary>A SELECT over the tables.</summary>
    public string? Sql { get; init; }

    /// <summary>The expected rows of <see cref="Sql"/> as CSV, without the header.</summary>
    public IReadOnlyList<string> Rows { get; init; } = [];

    // A change of files

    /// <summary>A file to write, with <see cref="Text"/> or <see cref="Hex"/>.</summary>
    public string? Write { get; init; }

    /// <summary>A file to append <see cref="Text"/> or <see cref="Hex"/> to.</summary>
    public string? Append { get; init; }

    /// <summary>Text in UTF-8.</summary>
    public string? Text { get; init; }

    /// <summary>Bytes as hexadecimal digits; blanks separate them.</summary>
    public string? Hex { get; init; }

    /// <summary>How often the text is repeated; <c>{n}</c> in it counts from 0.</summary>
    public int Times { get; init; } = 1;

    /// <summary>A file to replace by its gzip, named <see cref="To"/>.</summary>
    public string? Gzip { get; init; }

    /// <summary>A file to rewrite with <see cref="Text"/> replaced by <see cref="By"/>; the text must be there.</summary>
    public string? Replace { get; init; }

    /// <summary>What <see cref="Replace"/> puts in place of the text.</summary>
    public string? By { get; init; }

    /// <summary>A file or folder to copy to <see cref="To"/>.</summary>
    public string? Copy { get; init; }

    /// <summary>A symbolic link to make, to <see cref="To"/>.</summary>
    public string? Link { get; init; }

    /// <summary>A target path.</summary>
    public string? To { get; init; }

    /// <summary>A folder to make.</summary>
    public string? Folder { get; init; }

    /// <summary>A file or folder to delete.</summary>
    public string? Delete { get; init; }

    /// <summary>A file to cut to <see cref="Lines"/> or <see cref="Bytes"/>; fewer than 0 bytes: that many are cut off its end.</summary>
    public string? Cut { get; init; }

    /// <summary>Number of lines.</summary>
    public int? Lines { get; init; }

    /// <summary>Number of bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>A file of which the byte at <see cref="Bytes"/> is inverted; fewer than 0: from its end.</summary>
    public string? Flip { get; init; }

    /// <summary>How many things the step does.</summary>
    internal int Actions => new[] { Run, Sql, Write, Append, Gzip, Replace, Copy, Link, Folder, Delete, Cut, Flip }.Count(a => a is not null);
}
