namespace OneRec.Benchmarks;

/// <summary>One thing that is timed: a file of <c>Cases</c>, listed in <c>Program.cs</c>.</summary>
internal interface ICase
{
    /// <summary>Its word on the command line.</summary>
    string Name { get; }

    /// <summary>Its arguments, then what it times: lines of the help.</summary>
    IReadOnlyList<string> Help { get; }

    /// <summary>Runs it.</summary>
    /// <param name="arguments">What follows the name on the command line.</param>
    /// <returns>Its figures, as they are known.</returns>
    /// <exception cref="UsageException">The arguments are not as <see cref="Help"/> says.</exception>
    IEnumerable<Result> Run(IReadOnlyList<string> arguments);
}
