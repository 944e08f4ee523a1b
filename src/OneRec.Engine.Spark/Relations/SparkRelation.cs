using Apache.Arrow;
using OneRec.Engine.Spark.Jvm;

namespace OneRec.Engine.Spark.Relations;

/// <summary>A data frame. Its rows are computed when they are requested.</summary>
internal class SparkRelation : IRelation
{
    private readonly Lazy<Schema> _schema;

    /// <summary>A data frame with the schema that Spark reports.</summary>
    public SparkRelation(JvmObject frame)
    {
        Frame = frame;
        _schema = new Lazy<Schema>(() => ReadSchema(frame));
    }

    /// <summary>A data frame with a given schema, because a file source of Spark makes every column nullable.</summary>
    protected SparkRelation(JvmObject frame, Schema schema)
    {
        Frame = frame;
        _schema = new Lazy<Schema>(schema);
    }

    /// <summary>The <c>Dataset</c> of rows.</summary>
    public JvmObject Frame { get; }

    /// <summary>Maximum rows per batch while it is computed, for large rows; null: Spark's setting.</summary>
    public int? BatchRows { get; init; }

    /// <inheritdoc/>
    public Schema Schema => _schema.Value;

    /// <summary>The relation as one of this engine.</summary>
    /// <exception cref="ArgumentException">Another engine made it.</exception>
    public static SparkRelation Of(IRelation relation) => relation as SparkRelation
        ?? throw new ArgumentException("the relation belongs to another engine", nameof(relation));

    private static Schema ReadSchema(JvmObject frame)
    {
        using JvmObject type = frame.Get("schema");
        return SparkTypes.FromJson((string)type.Call("json")!);
    }
}
