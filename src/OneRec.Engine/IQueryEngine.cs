using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Sources;
using OneRec.Kernels.Batches;

namespace OneRec.Engine;

/// <summary>
/// What makes relations and brings them to the driver: relational work is SQL, numeric work is a kernel. It knows no table
/// of the run, so that who holds it alone reads nothing but what it was given.
/// </summary>
/// <remarks>Relations are lazy. Rows have no order but where a method says so.</remarks>
public interface IQueryEngine
{
    /// <summary>How much it does at once.</summary>
    EngineScale Scale { get; }

    /// <summary>Records of CSV files as the request types them; a record that cannot be read is a row that tells why.</summary>
    /// <returns>Rows of <see cref="Csv.Columns.CsvRequest.Schema"/>. The files are read anew whenever they are asked for.</returns>
    IRelation ReadCsv(CsvFiles source);

    /// <summary>The parts that rows of CSV files were numbered in, by the columns that tell a bad row's place.</summary>
    IReadOnlyList<CsvPart> CsvParts(CsvFiles source);

    /// <summary>Parquet files by column name, cast to the types asked for.</summary>
    IRelation ReadParquet(ParquetFiles source);

    /// <summary>A Delta table that is not of this run, cast to the types asked for.</summary>
    IRelation ReadDelta(DeltaFiles source);

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
    /// Rows of <see cref="VectorFiles.Places"/>, one for each row of the source; none from an engine that cannot tell.
    /// </returns>
    IRelation VectorPlaces(VectorFiles source, IArrowType id);

    /// <summary>Adds the vectors of a source to rows by <c>item_id</c>, without passing them through SQL.</summary>
    /// <param name="rows">
    /// Rows with a column <c>item_id</c>; where they have <see cref="VectorFiles.PlaceColumn"/> too, nothing else of the
    /// source need be read.
    /// </param>
    /// <param name="source">Where the vectors are; rows without a partner get null.</param>
    /// <returns>
    /// The rows with one more column, <see cref="VectorFiles.Column"/>: array&lt;array&lt;float or float16&gt;&gt;; or, of
    /// <see cref="VectorKind.HalfBytes"/>, with three: the bytes (binary) and their two numbers (long).
    /// </returns>
    IRelation AttachVectors(IRelation rows, VectorFiles source);

    /// <summary>Where images lie in a source, as <see cref="VectorPlaces"/> tells of vectors; an item has a row an image.</summary>
    IRelation ImagePlaces(ImageFiles source, IArrowType id);

    /// <summary>Adds the images of a source to rows by <c>item_id</c>, without passing them through SQL.</summary>
    /// <param name="rows">Rows with a column <c>item_id</c>.</param>
    /// <param name="source">Where the images are; those whose id or position is null belong to no item.</param>
    /// <returns>
    /// The rows with one more column, <c>images</c>: array&lt;binary&gt; in order of position, null where an item has none.
    /// </returns>
    IRelation AttachImages(IRelation rows, ImageFiles source);

    /// <summary>Computes a relation once and keeps it in scratch until the engine is disposed.</summary>
    /// <param name="rows">What to keep.</param>
    /// <param name="layout">How it is laid out, so that a part can be read alone.</param>
    IKeptRelation Keep(IRelation rows, ScratchLayout layout = default);

    /// <summary>Brings rows to the driver as a stream of batches, in the relation's order where it has one.</summary>
    /// <returns>Batches that the caller disposes.</returns>
    IEnumerable<RecordBatch> Collect(IRelation rows);
}
