using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Sources;
using OneRec.Kernels.Batches;

namespace OneRec.Engine;

/// <summary>
/// Makes relations and brings them to the driver: relational work is SQL, numeric work is a kernel. It has no access to the
/// tables of the run, so code that holds only this interface can read nothing but the relations it was given.
/// </summary>
/// <remarks>Relations are lazy. Rows are unordered unless a method says otherwise.</remarks>
public interface IQueryEngine
{
    /// <summary>The parallelism of the engine.</summary>
    EngineScale Scale { get; }

    /// <summary>What the engine can find of the user's inputs.</summary>
    IInputStore Inputs { get; }

    /// <summary>Records of CSV files as the request types them; a record that cannot be read is a row that tells why.</summary>
    /// <returns>Rows of <see cref="Csv.Columns.CsvRequest.Schema"/>. The files are read anew whenever they are asked for.</returns>
    IRelation ReadCsv(CsvFiles source);

    /// <summary>The parts that rows of CSV files were numbered in, by the columns that tell a bad row's place.</summary>
    IReadOnlyList<CsvPart> CsvParts(CsvFiles source);

    /// <summary>Parquet files by column name, cast to the requested types.</summary>
    IRelation ReadParquet(ParquetFiles source);

    /// <summary>A Delta table that does not belong to this run, cast to the requested types.</summary>
    IRelation ReadDelta(DeltaFiles source);

    /// <summary>A table that <see cref="Inputs"/> found, cast to the requested types; a Delta table at the version found.</summary>
    IRelation ReadStored(TableColumns source);

    /// <summary>Rows built in the driver. Only for small relations: they are sent from the driver.</summary>
    IRelation FromRows(Schema schema, IReadOnlyList<RecordBatch> rows);

    /// <summary>The rows of one SELECT over named relations.</summary>
    /// <param name="script">SQL in the dialect common to both engines, with typed arguments.</param>
    /// <param name="inputs">The relations that the SQL refers to by name.</param>
    IRelation Sql(SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs);

    /// <summary>Runs a kernel over a relation, a partition at a time.</summary>
    /// <param name="rows">Its input.</param>
    /// <param name="kernel">The kernel and its output schema.</param>
    /// <param name="shape">How rows are distributed over partitions and ordered within each.</param>
    /// <param name="sides">Small relations that every task gets in full, by name; their order is kept.</param>
    IRelation Map(
        IRelation rows,
        KernelCall kernel,
        PartitionShape shape,
        params ReadOnlySpan<(string Name, IRelation Relation)> sides);

    /// <summary>Runs a kernel once per numbered part, together with the rows of a second relation that have the same number.</summary>
    /// <param name="rows">Its input; the kernel runs once per part.</param>
    /// <param name="kernel">The kernel and its output schema. It reads the side input once, completely, and before its rows.</param>
    /// <param name="shape">By part (<see cref="PartitionShape.ByPart"/>).</param>
    /// <param name="side">A relation of any size that also has the part column; its rows of a part come in any order.</param>
    IRelation MapParts(IRelation rows, KernelCall kernel, PartitionShape shape, (string Name, IRelation Relation) side);

    /// <summary>The place of each item's vectors, so that items can be processed in the order of the source.</summary>
    /// <param name="source">The source; only its ids are read.</param>
    /// <param name="id">The type of the catalogue's <c>item_id</c>.</param>
    /// <returns>
    /// Rows of <see cref="VectorFiles.Places"/>, one per row of the source; no rows from an engine that does not know places.
    /// </returns>
    IRelation VectorPlaces(VectorFiles source, IArrowType id);

    /// <summary>Adds the vectors of a source to rows by <c>item_id</c>, without passing them through SQL.</summary>
    /// <param name="rows">
    /// Rows with a column <c>item_id</c>. If they also have <see cref="VectorFiles.PlaceColumn"/>, the ids of the source need
    /// not be read again.
    /// </param>
    /// <param name="source">The vectors; rows without vectors get null.</param>
    /// <returns>
    /// The rows with one more column, <see cref="VectorFiles.Column"/>: array&lt;array&lt;float or float16&gt;&gt;; or, for
    /// <see cref="VectorKind.HalfBytes"/>, with three: the bytes (binary) and their two dimensions (long).
    /// </returns>
    IRelation AttachVectors(IRelation rows, VectorFiles source);

    /// <summary>The places of images in a source, like <see cref="VectorPlaces"/>; one row per image of an item.</summary>
    IRelation ImagePlaces(ImageFiles source, IArrowType id);

    /// <summary>Adds the images of a source to rows by <c>item_id</c>, without passing them through SQL.</summary>
    /// <param name="rows">Rows with a column <c>item_id</c>.</param>
    /// <param name="source">The images; those with a null id or position belong to no item.</param>
    /// <returns>
    /// The rows with one more column, <c>images</c>: array&lt;binary&gt; ordered by position, null if an item has none.
    /// </returns>
    IRelation AttachImages(IRelation rows, ImageFiles source);

    /// <summary>Computes a relation once and keeps it in scratch until the engine is disposed.</summary>
    /// <param name="rows">What to keep.</param>
    /// <param name="layout">How the rows are stored, so that a part can be read by itself.</param>
    IMaterializedRelation Materialize(IRelation rows, ScratchLayout layout = default);

    /// <summary>Brings rows to the driver as a stream of batches, in the relation's order if it has one.</summary>
    /// <returns>Batches that the caller disposes.</returns>
    IEnumerable<RecordBatch> Collect(IRelation rows);
}
