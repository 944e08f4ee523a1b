using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Pipeline.Running;

namespace OneRec.Cli;

/// <summary>Turns an exception into lines on standard error and an exit code.</summary>
internal static class Failure
{
    /// <summary>The exit code of an interrupted run; committed work is kept.</summary>
    public const int Interrupted = 130;

    /// <summary>The line of an interrupted run.</summary>
    public const string InterruptedLine = "interrupted: every table is at its last commit; run the same command again to continue";

    private const string InterruptedCode = "interrupted";

    // ENOSPC and EMFILE on Linux, as .NET reports them.
    private const int DiskFull = 28;
    private const int TooManyFiles = 24;

    /// <summary>Prints a failure as <c>error CODE: message</c>.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="verbose">Whether the whole exception is printed too.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    public static int Report(Exception failure, ErrorLines error, bool verbose, CancellationToken cancellation)
    {
        Exception e = Unwrap(failure);
        int exit = WriteError(e, error, cancellation);
        if (verbose && exit != 0)
        {
            error.WriteLines(failure.ToString());
        }
        else if (exit == (int)ErrorKind.Bug)
        {
            error.WriteLine("This is a bug in OneRec.Spark. Please report it with the output of --verbose.");
        }

        return exit;
    }

    /// <summary>What an exception is for the user: exit code, error code and line.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static FailureNote Describe(Exception failure, CancellationToken cancellation)
    {
        Exception e = Unwrap(failure);
        return e switch
        {
            OutputException output => Note(
                ErrorKind.Engine,
                "io.output",
                $"standard output cannot be written: {OneLine(output.Message)}; what was done is kept, only its result is not printed"),
            OneRecException known => Note(known.Kind, known.Code, (known.Step is null ? "" : $"{known.Step}: ") + OneLine(known.Message)),

            // An interrupted native call may fail with any exception of its own.
            _ when cancellation.IsCancellationRequested => new FailureNote(Interrupted, InterruptedCode, InterruptedLine),
            IOException { HResult: DiskFull } => Note(
                ErrorKind.Engine, "io.disk-full", $"{OneLine(e.Message)}; free some space and run the command again"),
            _ when IsTooManyFiles(e) => Describe(Descriptors.TooFew(), cancellation),
            UnauthorizedAccessException => Note(
                ErrorKind.Configuration, "io.denied", $"{OneLine(e.Message)} Check the permissions of that path, or use another path."),
            _ when SystemFailure.Of(e) is { } refused => Note(
                refused.Kind, refused.Code, $"{(e is IOException ? OneLine(e.Message) : refused.What)}; {refused.Cure}"),
            _ => Note(ErrorKind.Bug, "bug", $"{e.GetType().Name}: {OneLine(e.Message)}"),
        };
    }

    private static FailureNote Note(ErrorKind kind, string code, string message) => new((int)kind, code, message);

    private static int WriteError(Exception e, ErrorLines error, CancellationToken cancellation)
    {
        switch (e)
        {
            case CommandProblem problem:
                foreach (string line in problem.Lines)
                {
                    error.WriteLine($"error {problem.Code}: {line}");
                }

                if (problem.Hint is not null)
                {
                    error.WriteLine(problem.Hint);
                }

                return (int)ErrorKind.Configuration;
            case OutputException { IsReaderGone: true }:
                // As with '| head': what it wanted it has got.
                return 0;
            default:
                FailureNote note = Describe(e, cancellation);
                error.WriteLine(note.Code == InterruptedCode ? note.Message : $"error {note.Code}: {note.Message}");
                return note.ExitCode;
        }
    }

    /// <summary>The exception to report: the cause inside the wrappers that parallel work and reflection add.</summary>
    private static Exception Unwrap(Exception failure)
    {
        if (failure is AggregateException many)
        {
            var inner = many.Flatten().InnerExceptions;
            return inner.OfType<OneRecException>().FirstOrDefault()
                ?? inner.FirstOrDefault(e => e is not OperationCanceledException)
                ?? inner[0];
        }

        return failure is System.Reflection.TargetInvocationException or TypeInitializationException
            && failure.InnerException is not null ? Unwrap(failure.InnerException) : failure;
    }

    // An assembly that cannot be opened is told as missing.
    private static bool IsTooManyFiles(Exception e) => e is IOException { HResult: TooManyFiles }
        || e.Message.Contains("Too many open files", StringComparison.OrdinalIgnoreCase)
        || (e is FileNotFoundException or FileLoadException or DllNotFoundException && Descriptors.AreExhausted())
        || (e.InnerException is { } inner && IsTooManyFiles(inner));

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
