using NLog;
using NLog.Config;
using OneRec.Core;

namespace OneRec.Cli.Output;

/// <summary>Starts NLog with the user's file, else <c>conf/nlog.config</c> beside the program, else the embedded default.</summary>
internal static class Logging
{
    /// <summary>The environment variable that names the user's file.</summary>
    public const string Variable = "ONEREC_NLOG";

    /// <summary>Starts logging.</summary>
    /// <param name="lines">Standard error.</param>
    /// <param name="verbose">Whether debug lines are written too.</param>
    /// <param name="file">The user's file, or null.</param>
    /// <exception cref="OneRecException">The file is not a valid NLog configuration (exit 2).</exception>
    public static void Start(ErrorLines lines, bool verbose, string? file)
    {
        StandardErrorTarget.Lines = lines;
        LogManager.Setup().SetupExtensions(e => e.RegisterTarget<StandardErrorTarget>("StandardError"));
        string beside = Path.Combine(AppContext.BaseDirectory, "conf", "nlog.config");
        string? chosen = !string.IsNullOrEmpty(file) ? file : File.Exists(beside) ? beside : null;
        LoggingConfiguration configuration;
        try
        {
            configuration = chosen is not null ? new XmlLoggingConfiguration(chosen) : BuiltIn();
        }
        catch (Exception e) when (e is NLogConfigurationException or IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Configuration(
                "log.config", $"{chosen}: not a valid NLog configuration: {e.GetBaseException().Message}", e);
        }

        if (verbose)
        {
            configuration.Variables["level"] = "Debug";
        }

        LogManager.Configuration = configuration;
    }

    private static XmlLoggingConfiguration BuiltIn()
    {
        using Stream text = typeof(Logging).Assembly.GetManifestResourceStream("nlog.config")!;
        using var reader = new StreamReader(text);
        return XmlLoggingConfiguration.CreateFromXmlString(reader.ReadToEnd());
    }
}
