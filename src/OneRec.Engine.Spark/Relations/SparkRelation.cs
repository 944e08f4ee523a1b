using Apache.Arrow;
using OneRec.Engine.Spark.Jvm;

namespace OneRec.Engine.Spark.Relations;

/// <summary>A data frame. Its rows are computed where they are asked for.</summary>
internal class SparkRelation : IRelation
{
    private readonly Lazy<Schema> _schema;

    /// <summary>A data frame whose schema Spark knows.</summary>
    public SparkRelation(JvmObject frame)
    {
        Frame = frame;
        _schema = new Lazy<Schema>(() => ReadSchema(frame));
    }

    /// <summary>A data frame whose schema we know better: a file source forgets what is non-null.</summary>
    protected SparkRelation(JvmObject frame, Schema schema)
    {
        Frame = frame;
        _schema = new Lazy<Schema>(schema);
    }

    /// <summary>The <c>Dataset</c> of rows.</summary>
    public JvmObject Frame { get; }

    /// <summary>Most rows of a batch while its rows are made, for rows that are large; null: as Spark has it.</summary>
    public int? BatchRows { get; init; }

    /// <inheritdoc/>
    public Schema Schema => _schema.Value;

    /// <summary>A relation of ours.</summary>
    /// <exception cref="ArgumentException">Another engine made it.</exception>
    public static SparkRelation Of(IRelation relation) => relation as SparkRelation
        ?? throw new ArgumentException("a relation of another engine", nameof(relation));

    private static Schema ReadSchema(JvmObject frame)
    {
        using JvmObject type = frame.Get("schema");
        return SparkTypes.FromJson((string)type.Call("json")!);
    }
}
