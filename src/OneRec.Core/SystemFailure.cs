using System.Globalization;

namespace OneRec.Core;

/// <summary>
/// What the operating system refused, found in any exception: a full disk is the same error whichever
/// library meets it.
/// </summary>
/// <remarks>
/// .NET keeps the error number in <see cref="Exception.HResult"/>. Native libraries only give texts: their exceptions end with
/// <c>[errno 28] No space left on device</c>, or with the system's text alone.
/// </remarks>
/// <param name="Kind">Determines the exit code.</param>
/// <param name="Code">A stable dotted code, such as <c>io.disk-full</c>.</param>
/// <param name="What">What is wrong, such as <c>the disk is full</c>.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record SystemFailure(ErrorKind Kind, string Code, string What, string Cure)
{
    private const string Again = "and run the command again";

    private static readonly SystemFailure Denied = new(
        ErrorKind.Configuration, "io.denied", "permission is denied", "check the permissions of that path, or use another path");

    private static readonly SystemFailure Memory = new(
        ErrorKind.Engine, "io.memory", "the system gives no more memory", $"raise the limit (ulimit -v), lower memoryLimit or threads, {Again}");

    // Error numbers of Linux, and the texts of its C library, which those of macOS resemble.
    private static readonly (int Number, string Text, SystemFailure Failure)[] Known =
    [
        (28, "No space left on device", new(ErrorKind.Engine, "io.disk-full", "the disk is full", $"free some space {Again}")),
        (122, "Disk quota exceeded", new(ErrorKind.Engine, "io.disk-full", "the disk quota is used up", $"free some space {Again}")),
        (27, "File too large", new(
            ErrorKind.Engine, "io.file-size", "a file would become larger than is allowed", $"raise the limit (ulimit -f) {Again}")),
        (30, "Read-only file system", new(
            ErrorKind.Configuration, "io.read-only", "the file system is read-only", "use a folder that can be written")),
        (13, "Permission denied", Denied),
        (1, "Operation not permitted", Denied),
        (24, "Too many open files", new(
            ErrorKind.Engine, "io.open-files", "too many files are open", $"raise the limit (ulimit -n) {Again}")),
        (23, "Too many open files in system", new(
            ErrorKind.Engine, "io.open-files", "too many files are open", $"close other programs {Again}")),
        (12, "Cannot allocate memory", Memory),
        (12, "not enough memory", Memory),
        (5, "Input/output error", new(ErrorKind.Engine, "io.device", "the disk reports an error", "check the disk, or use another one")),
    ];

    /// <summary>Finds the refusal in an exception or its causes; null if there is none.</summary>
    public static SystemFailure? Of(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if ((OfType(e) ?? OfText(e.Message)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The error of a place that the system refused.</summary>
    /// <param name="what">What was being done with which file or table.</param>
    /// <param name="failure">The exception.</param>
    public OneRecException At(string what, Exception failure) => new(Kind, Code, $"{what}: {What}; {Cure}", failure);

    /// <summary>The line of an error: what failed, the exception's own text, and the cure if the system refused it.</summary>
    /// <param name="what">What was being done with which file or table.</param>
    /// <param name="failure">The exception.</param>
    public static string Line(string what, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        SystemFailure? known = Of(failure);
        string text = failure is IOException or UnauthorizedAccessException || known is null
            ? failure.Message.ReplaceLineEndings(" ")
            : known.What;
        return $"{what} ({text})" + (known is null ? "" : "; " + known.Cure);
    }

    private static SystemFailure? OfType(Exception e) => e switch
    {
        DllNotFoundException when e.Message.Contains("failed to map segment", StringComparison.Ordinal)
            || e.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase) => Memory with
            {
                Code = "io.native-library",
                What = "there is no memory to load a native library",
            },
        DllNotFoundException or BadImageFormatException => new SystemFailure(
            ErrorKind.Engine, "io.native-library", "a native library cannot be loaded",
            "check that this program was built for this platform and that its folder is complete"),
        OutOfMemoryException => Memory,
        UnauthorizedAccessException => Denied,
        IOException => Known.FirstOrDefault(k => k.Number == e.HResult && k.Number != 1).Failure,
        _ => null,
    };

    private static SystemFailure? OfText(string message) => Known.FirstOrDefault(k =>
        message.Contains(string.Create(CultureInfo.InvariantCulture, $"[errno {k.Number}]"), StringComparison.Ordinal)
        || message.Contains(k.Text, StringComparison.Ordinal)).Failure;
}
