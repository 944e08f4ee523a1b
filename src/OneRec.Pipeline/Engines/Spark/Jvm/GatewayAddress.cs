namespace OneRec.Pipeline.Engines.Spark.Jvm;

/// <summary>Where a JVM's gateway listens on loopback, and the secret that it asks for.</summary>
public sealed record GatewayAddress(int Port, string Secret)
{
    /// <summary>Without the secret: an address may reach a log.</summary>
    public override string ToString() => $"127.0.0.1:{Port}";
}
