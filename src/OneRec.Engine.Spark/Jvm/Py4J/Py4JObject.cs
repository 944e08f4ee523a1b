namespace OneRec.Engine.Spark.Jvm.Py4J;

/// <summary>A handle by Py4J's id. The JVM keeps the object until it is told to forget the id.</summary>
public sealed class Py4JObject : JvmObject
{
    private readonly Py4JGateway _gateway;
    private int _released;

    internal Py4JObject(Py4JGateway gateway, string id)
    {
        _gateway = gateway;
        Id = id;
    }

    /// <summary>Collected unseen: the id is queued for the next call.</summary>
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
