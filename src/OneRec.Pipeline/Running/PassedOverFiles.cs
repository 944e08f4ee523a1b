using OneRec.Core;
using OneRec.Inputs.Files;

namespace OneRec.Pipeline.Running;

/// <summary>Files in an input's folder that are not read because of their names.</summary>
internal static class PassedOverFiles
{
    /// <summary>Their number as a fact for the summary and table <c>runs</c>; none if every file is read.</summary>
    /// <param name="files">The input; null if it is no folder of files.</param>
    public static IEnumerable<Fact> Facts(InputFiles? files)
    {
        if (files is { PassedOver.Count: > 0 and var count })
        {
            yield return Fact.Of("files not read", count);
        }
    }
}
