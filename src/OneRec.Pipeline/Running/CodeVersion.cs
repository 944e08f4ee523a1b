using System.Reflection;

namespace OneRec.Pipeline.Running;

/// <summary>The version of this program, as written to table <c>runs</c> and shown by <c>--version</c>.</summary>
public static class CodeVersion
{
    /// <summary>Product version, with the commit if the build knew it.</summary>
    public static string Text { get; } =
        typeof(CodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";
}
