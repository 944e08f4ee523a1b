using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.Pipeline.Engine;

/// <summary>
/// The seam between steps and what runs them. A step is written once against it: relational work is SQL, numeric work
/// is a kernel, tables are Delta. Nothing above this interface knows which engine runs.
/// </summary>
/// <remarks>Relations are lazy. Rows have no order but where a method says so.</remarks>
public interface IEngine : IDisposable
{
    /// <summary>The engine's name on the command line: <c>local</c> or <c>spark</c>.</summary>
    string Name { get; }

    /// <summary>How much it does at once.</summary>
    EngineScale Scale { get; }

    /// <summary>Where its time went so far, in parts that do not overlap; empty where there is nothing to tell apart.</summary>
    IReadOnlyList<TimeShare> Times { get; }

    /// <summary>The Delta tables of this run.</summary>
    ITableStore Tables { get; }

    /// <summary>What steps save on their way, to go on after a kill.</summary>
    ICheckpoints Checkpoints { get; }

    /// <summary>Where the progress of kernels goes; set by the runner for each step.</summary>
    Action<KernelProgress>? Progress { get; set; }

    /// <summary>Where a kernel's words for people go; set by the runner for each step.</summary>
    Action<string>? Told { get; set; }

    /// <summary>CSV files as text: every column a STRING, an empty field null.</summary>
    IRelation ReadText(TextSource source);

    /// <summary>Parquet files by column name, cast to the types asked for.</summary>
    IRelation ReadParquet(ParquetSource source);

    /// <summary>A Delta table that is not of this run, cast to the types asked for.</summary>
    IRelation ReadDelta(DeltaSource source);

    /// <summary>A table's rows at a version.</summary>
    /// <param name="table">Its name, such as <c>items</c>.</param>
    /// <param name="version">A version that exists; null for the newest.</param>
    IRelation ReadTable(string table, long? version = null);

    /// <summary>Rows that the driver made. Small: they travel from the driver.</summary>
    IRelation FromRows(Schema schema, IReadOnlyList<RecordBatch> rows);

    /// <summary>The rows of one SELECT over named relations.</summary>
    /// <param name="script">SQL in the dialect that both engines run, with typed arguments.</param>
    /// <param name="inputs">The relations that the SQL names in FROM.</param>
    IRelation Sql(SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs);

    /// <summary>Runs a kernel over a relation, a partition at a time.</summary>
    /// <param name="rows">Its input.</param>
    /// <param name="kernel">The kernel and its output schema.</param>
    /// <param name="shape">How rows are spread over partitions and ordered within each.</param>
    /// <param name="sides">Small relations that every task sees whole, by name, in the order they are in.</param>
    IRelation Map(
        IRelation rows,
        KernelCall kernel,
        PartitionShape shape,
        params ReadOnlySpan<(string Name, IRelation Relation)> sides);

    /// <summary>Runs a kernel over numbered parts, each beside those rows of a second relation that have its number.</summary>
    /// <param name="rows">Its input; a part is a run of its own.</param>
    /// <param name="kernel">The kernel and its output schema. It reads the side input once, to its end, and before its rows.</param>
    /// <param name="shape">By part (<see cref="PartitionShape.ByPart"/>).</param>
    /// <param name="side">A relation of any size with the part's column too; a part's rows of it come in any order.</param>
    IRelation MapParts(IRelation rows, KernelCall kernel, PartitionShape shape, (string Name, IRelation Relation) side);

    /// <summary>Where each item's vectors lie, so that rows can be worked on in the order that the source is read in.</summary>
    /// <param name="source">The source; only its ids are read.</param>
    /// <param name="id">The type of the catalogue's <c>item_id</c>.</param>
    /// <returns>
    /// Rows of <see cref="VectorSource.Places"/>, one for each row of the source; none from an engine that cannot tell.
    /// </returns>
    IRelation VectorPlaces(VectorSource source, IArrowType id);

    /// <summary>Adds the vectors of a source to rows by <c>item_id</c>, without passing them through SQL.</summary>
    /// <param name="rows">
    /// Rows with a column <c>item_id</c>; where they have <see cref="VectorSource.PlaceColumn"/> too, nothing else of the
    /// source need be read.
    /// </param>
    /// <param name="source">Where the vectors are; rows without a partner get null.</param>
    /// <returns>
    /// The rows with one more column, <see cref="VectorSource.Column"/>: array&lt;array&lt;float or float16&gt;&gt;; or, of
    /// <see cref="VectorKind.HalfBytes"/>, with three: the bytes (binary) and their two numbers (long).
    /// </returns>
    IRelation AttachVectors(IRelation rows, VectorSource source);

    /// <summary>Where images lie in a source, as <see cref="VectorPlaces"/> tells of vectors; an item has a row an image.</summary>
    IRelation ImagePlaces(ImageSource source, IArrowType id);

    /// <summary>Adds the images of a source to rows by <c>item_id</c>, without passing them through SQL.</summary>
    /// <param name="rows">Rows with a column <c>item_id</c>.</param>
    /// <param name="source">Where the images are; those whose id or position is null belong to no item.</param>
    /// <returns>
    /// The rows with one more column, <c>images</c>: array&lt;binary&gt; in order of position, null where an item has none.
    /// </returns>
    IRelation AttachImages(IRelation rows, ImageSource source);

    /// <summary>Computes a relation once and keeps it in scratch until the engine is disposed.</summary>
    /// <param name="rows">What to keep.</param>
    /// <param name="layout">How it is laid out, so that a part can be read alone.</param>
    IKeptRelation Keep(IRelation rows, ScratchLayout layout = default);

    /// <summary>Brings rows to the driver as a stream of batches, in the relation's order where it has one.</summary>
    /// <returns>Batches that the caller disposes.</returns>
    IEnumerable<RecordBatch> Collect(IRelation rows);

    /// <summary>Writes rows into a table in one commit.</summary>
    /// <returns>Committed with its version, or a conflict: losing a race is a value, not an error.</returns>
    WriteResult Write(IRelation rows, TableWrite write);
}
