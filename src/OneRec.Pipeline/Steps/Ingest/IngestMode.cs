namespace OneRec.Pipeline.Steps.Ingest;

/// <summary>What an item's absence from the catalogue means.</summary>
public enum IngestMode
{
    /// <summary>Nothing: rows are added or renewed, and what is absent stays.</summary>
    Upsert,

    /// <summary>The catalogue is whole: an item that is absent is taken down.</summary>
    Snapshot,
}
