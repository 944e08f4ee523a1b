namespace OneRec.Pipeline.Engine;

/// <summary>A relation computed once and held in scratch. Disposing it frees the space early.</summary>
public interface IKeptRelation : IRelation, IDisposable
{
    /// <summary>Rows kept.</summary>
    long Rows { get; }

    /// <summary>The rows of one part of the layout, in its order, reading nothing else.</summary>
    /// <param name="part">A value of the layout's part column.</param>
    IRelation Part(int part);
}
