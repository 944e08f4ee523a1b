using NLog;

namespace OneRec.Cli;

/// <summary>The log lines of a command.</summary>
internal static class Log
{
    private static readonly Logger Logger = LogManager.GetLogger("onerec");

    /// <summary>A command started.</summary>
    public static void Started(string command, string version, string engine) =>
        Logger.Debug("command {Command}, version {Version}, engine {Engine}", command, version, engine);

    /// <summary>The options in force, as one JSON object.</summary>
    public static void Options(string json) => Logger.Debug("options {Options}", json);

    /// <summary>A command ended.</summary>
    public static void Ended(int exitCode) => Logger.Debug("exit code {ExitCode}", exitCode);
}
