using System.Reflection;

namespace OneRec.Pipeline.Running;

/// <summary>The version of this code, as written into <c>runs</c> and shown by <c>--version</c>.</summary>
public static class CodeVersion
{
    /// <summary>Product version with the commit where the build knew it.</summary>
    public static string Text { get; } =
        typeof(CodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";
}
