namespace OneRec.Pipeline.Inputs;

/// <summary>What happens to rows that do not parse.</summary>
public enum BadRows
{
    /// <summary>The step ends with exit 3 and names the first.</summary>
    Fail,
}
