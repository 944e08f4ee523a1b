using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;

namespace OneRec.Engines.Tests.Seam;

/// <summary>Small relations that tests make.</summary>
public static class Batches
{
    public static readonly ListType Floats = new(new Field("element", FloatType.Default, nullable: false));

    public static CommitNote Note(string step = "test", string fingerprint = "f") => new(step, "run", fingerprint);

    public static TableDefinition Table(string name, IReadOnlyList<string> partitions, params (string Name, IArrowType Type)[] columns) =>
        new(name, new Schema(columns.Select(c => new Field(c.Name, c.Type, nullable: true)), null), partitions);

    /// <summary>Rows of BIGINT columns.</summary>
    public static IRelation Longs(IEngine engine, string[] columns, params long?[][] rows)
    {
        var schema = new Schema(columns.Select(c => new Field(c, Int64Type.Default, nullable: true)), null);
        IEnumerable<IArrowArray> arrays = columns.Select((_, c) =>
        {
            var builder = new Int64Array.Builder();
            foreach (long?[] row in rows)
            {
                builder.Append(row[c]);
            }

            return (IArrowArray)builder.Build();
        });
        return engine.FromRows(schema, [new RecordBatch(schema, arrays, rows.Length)]);
    }

    /// <summary>Rows of STRING columns.</summary>
    public static IRelation Texts(IEngine engine, string[] columns, params string?[][] rows)
    {
        var schema = new Schema(columns.Select(c => new Field(c, StringType.Default, nullable: true)), null);
        IEnumerable<IArrowArray> arrays = columns.Select((_, c) =>
        {
            var builder = new StringArray.Builder();
            foreach (string?[] row in rows)
            {
                builder.Append(row[c]);
            }

            return (IArrowArray)builder.Build();
        });
        return engine.FromRows(schema, [new RecordBatch(schema, arrays, rows.Length)]);
    }

    public static IArrowArray Lists(IEnumerable<float[]?> lists)
    {
        var builder = new ListArray.Builder(Floats.ValueField);
        foreach (float[]? list in lists)
        {
            if (list is null)
            {
                builder.AppendNull();
            }
            else
            {
                builder.Append();
                ((FloatArray.Builder)builder.ValueBuilder).AppendRange(list);
            }
        }

        return builder.Build();
    }
}
