namespace OneRec.Pipeline.Steps.Swing;

/// <summary>What becomes of an item's kept scores.</summary>
public enum SwingNormalization
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>They are divided by the best of them.</summary>
    Max,
}
