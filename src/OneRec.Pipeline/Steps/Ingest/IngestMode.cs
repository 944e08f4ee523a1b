namespace OneRec.Pipeline.Steps.Ingest;

/// <summary>What an item's absence from the catalogue means.</summary>
public enum IngestMode
{
    /// <summary>Nothing: rows are added or renewed, and what is absent stays.</summary>
    Upsert,
}
