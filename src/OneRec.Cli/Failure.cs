using OneRec.Cli.Output;
using OneRec.Core;

namespace OneRec.Cli;

/// <summary>Turns what went wrong into lines on standard error and an exit code.</summary>
internal static class Failure
{
    /// <summary>Interrupted; what was committed stays.</summary>
    public const int Interrupted = 130;

    // Linux's ENOSPC, as .NET gives it.
    private const int DiskFull = 28;

    /// <summary>Tells a failure: <c>error CODE: message</c>, details where they are wanted.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="verbose">Whether the whole exception is told too.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    public static int Tell(Exception failure, ErrorLines error, bool verbose, CancellationToken cancellation)
    {
        Exception e = Unwrap(failure);
        int exit = TellLine(e, error, cancellation);
        if (verbose)
        {
            error.WriteLine(failure.ToString());
        }
        else if (exit == (int)ErrorKind.Bug)
        {
            error.WriteLine("This is a bug of ours. Please report it with what --verbose prints.");
        }

        return exit;
    }

    private static int TellLine(Exception e, ErrorLines error, CancellationToken cancellation)
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
                // A native call that is interrupted may fail in its own words.
                error.WriteLine("interrupted: tables are at their last commit; the same command goes on from there");
                return Interrupted;
            case IOException { HResult: DiskFull }:
                error.WriteLine($"error io.disk-full: {OneLine(e.Message)}; free some space and run the command again");
                return (int)ErrorKind.Engine;
            case UnauthorizedAccessException:
                error.WriteLine($"error io.denied: {OneLine(e.Message)} Check the rights of that path, or name another.");
                return (int)ErrorKind.Configuration;
            default:
                error.WriteLine($"error bug: {e.GetType().Name}: {OneLine(e.Message)}");
                return (int)ErrorKind.Bug;
        }
    }

    /// <summary>What parallel work threw, without its wrappings.</summary>
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
