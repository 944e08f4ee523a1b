using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Core;

namespace OneRec.Cli;

/// <summary>Turns an exception into lines on standard error and an exit code.</summary>
internal static class Failure
{
    /// <summary>The exit code of an interrupted run; committed work is kept.</summary>
    public const int Interrupted = 130;

    // ENOSPC on Linux, as .NET reports it.
    private const int DiskFull = 28;

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
        if (verbose)
        {
            error.WriteLine(failure.ToString());
        }
        else if (exit == (int)ErrorKind.Bug)
        {
            error.WriteLine("This is a bug in OneRec.Spark. Please report it with the output of --verbose.");
        }

        return exit;
    }

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
            case OneRecException known:
                error.WriteLine($"error {known.Code}: {OneLine(known.Message)}");
                return (int)known.Kind;
            case var _ when cancellation.IsCancellationRequested:
                // An interrupted native call may fail with any exception of its own.
                error.WriteLine("interrupted: every table is at its last commit; run the same command again to continue");
                return Interrupted;
            case IOException { HResult: DiskFull }:
                error.WriteLine($"error io.disk-full: {OneLine(e.Message)}; free some space and run the command again");
                return (int)ErrorKind.Engine;
            case UnauthorizedAccessException:
                error.WriteLine($"error io.denied: {OneLine(e.Message)} Check the permissions of that path, or use another path.");
                return (int)ErrorKind.Configuration;
            case var _ when SystemFailure.Of(e) is { } refused:
                string text = e is IOException ? OneLine(e.Message) : refused.What;
                error.WriteLine($"error {refused.Code}: {text}; {refused.Cure}");
                return (int)refused.Kind;
            default:
                error.WriteLine($"error bug: {e.GetType().Name}: {OneLine(e.Message)}");
                return (int)ErrorKind.Bug;
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

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
