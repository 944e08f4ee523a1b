namespace OneRec.Engine.Spark.Jvm.Py4J;

/// <summary>A handle with an id of Py4J. The JVM keeps the object until the id is released.</summary>
public sealed class Py4JObject : JvmObject
{
    private readonly Py4JGateway _gateway;
    private int _released;

    internal Py4JObject(Py4JGateway gateway, string id)
    {
        _gateway = gateway;
        Id = id;
    }

    /// <summary>Queues the id for release with the next call.</summary>
    ~Py4JObject() => Dispose(disposing: false);

    /// <summary>Py4J's id, such as <c>o12</c>.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public override IJvm Jvm => _gateway;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _gateway.Forget(Id);
        }
    }
}
