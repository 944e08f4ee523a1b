namespace OneRec.Pipeline.Inputs;

/// <summary>What happens to rows that do not parse.</summary>
public enum BadRows
{
    /// <summary>The step ends with exit 3 and names the first.</summary>
    Fail,

    /// <summary>They go to table <c>quarantine</c> with the reason, are counted, and the step works on the others.</summary>
    Quarantine,
}
