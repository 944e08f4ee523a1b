namespace OneRec.Benchmarks;

/// <summary>A command line that no case understands: told in one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
