namespace OneRec.Pipeline.Inputs;

/// <summary>How a change of input files is seen.</summary>
public enum InputHash
{
    /// <summary>Relative path, size and modification time in whole seconds.</summary>
    Stat,

    /// <summary>Relative path and the SHA-256 of the bytes.</summary>
    Content,
}
