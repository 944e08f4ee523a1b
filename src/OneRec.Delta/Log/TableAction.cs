namespace OneRec.Delta;

/// <summary>One action of a commit: a line of its JSON, or a row of a checkpoint.</summary>
public abstract record TableAction;
