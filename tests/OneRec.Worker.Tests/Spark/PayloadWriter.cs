using System.Text;

namespace OneRec.Worker.Tests.Spark;

/// <summary>
/// Writes a task's bytes as Spark does, a method a version: an encoder of the test's own, with none of the worker's code.
/// </summary>
/// <remarks>After <c>PythonRunner.scala</c>, <c>PythonUDFRunner.scala</c> and <c>python/pyspark/worker.py</c> of each version.</remarks>
public sealed class PayloadWriter
{
    private readonly List<byte> _bytes = [];

    public int PartitionIndex { get; init; } = 3;

    public int Cpus { get; init; } = 1;

    public string? VersionText { get; init; }

    public int EvalType { get; init; } = 207;

    public IReadOnlyList<(string Key, string Name, string[] Addresses)> Resources { get; init; } = [];

    public IReadOnlyList<(long Id, string Path)> Broadcasts { get; init; } = [];

    public (int Port, string Secret, long[] Ids)? Encrypted { get; init; }

    public byte[] Command { get; init; } = [];

    /// <summary>The header that Spark 3.5.3 writes.</summary>
    public byte[] Spark35()
    {
        Head("3.5");
        Function();
        return [.. _bytes];
    }

    /// <summary>The header that Spark 4.0.5 writes: a profiling flag before the functions, and one more setting.</summary>
    public byte[] Spark40(string? profiler = null)
    {
        Head("4.0", ("spark.sql.execution.arrow.useLargeVarTypes", "false"));
        Byte(profiler is null ? 0 : 1);
        if (profiler is not null)
        {
            Text(profiler);
        }

        Function();
        return [.. _bytes];
    }

    private void Head(string release, params (string Key, string Value)[] moreSettings)
    {
        Int(PartitionIndex);
        Text(VersionText ?? $"onerec-worker 3 spark {release}");
        Byte(0);
        Int(0);
        Text("");
        Int(7);
        Int(PartitionIndex);
        Int(0);
        Long(1234567890123);
        Int(Cpus);
        Int(Resources.Count);
        foreach ((string key, string name, string[] addresses) in Resources)
        {
            Text(key);
            Text(name);
            Int(addresses.Length);
            foreach (string address in addresses)
            {
                Text(address);
            }
        }

        Int(1);
        Text("spark.job.description");
        Text("naïve ✓");
        Text(".");
        Int(1);
        Text("included.zip");
        BroadcastPart();
        Int(EvalType);
        (string Key, string Value)[] settings =
            [("spark.sql.session.timeZone", "UTC"), ("spark.sql.legacy.execution.pandas.groupedMap.assignColumnsByName", "true"), .. moreSettings];
        Int(settings.Length);
        foreach ((string key, string value) in settings)
        {
            Text(key);
            Text(value);
        }
    }

    private void BroadcastPart()
    {
        if (Encrypted is { } encrypted)
        {
            Byte(1);
            Int(encrypted.Ids.Length);
            Int(encrypted.Port);
            Text(encrypted.Secret);
            foreach (long id in encrypted.Ids)
            {
                Long(id);
            }

            return;
        }

        Byte(0);
        Int(Broadcasts.Count + 1);
        Long(-5 - 1);
        foreach ((long id, string path) in Broadcasts)
        {
            Long(id);
            Text(path);
        }
    }

    private void Function()
    {
        Int(1);
        Int(1);
        Int(0);
        Int(1);
        Int(Command.Length);
        _bytes.AddRange(Command);
    }

    private void Byte(int value) => _bytes.Add((byte)value);

    private void Int(int value)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            Byte((value >> shift) & 0xFF);
        }
    }

    private void Long(long value)
    {
        Int((int)(value >> 32));
        Int((int)value);
    }

    private void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Int(utf8.Length);
        _bytes.AddRange(utf8);
    }
}
