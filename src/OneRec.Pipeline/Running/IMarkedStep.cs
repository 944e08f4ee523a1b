using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>A step whose result is no table and carries its fingerprint itself.</summary>
public interface IMarkedStep
{
    /// <summary>The fingerprint in the result that is there; null where there is none.</summary>
    string? FingerprintOfResult(OneRecOptions options);

    /// <summary>Where the result is: a full path.</summary>
    string ResultPath(OneRecOptions options);
}
