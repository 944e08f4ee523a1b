using Apache.Arrow;
using OneRec.Core;
using ParquetSharp.Arrow;
namespace OneRec.Delta;
internal interface IDurableFiles;
internal sealed class DurableFiles : IDurableFiles { public static DurableFiles Instance { get; } = new(); }
/// <summary>x</summary>
public sealed record DataFile(string Path, IReadOnlyDictionary<string, string?> PartitionValues, long Size, long ModificationTime, string StatsJson, long Rows);
/// <summary>x</summary>
public abstract record CommitResult {
  /// <summary>x</summary>
  public sealed record Committed(long Version) : CommitResult;
  /// <summary>x</summary>
  public sealed record Conflict(long Version) : CommitResult; }
/// <summary>x</summary>
public sealed class Transaction(DeltaTable table, Snapshot? read, TableShape? shape)
{
    private readonly List<DataFile> _add = []; private readonly List<AddFile> _remove = [];
    /// <summary>x</summary>
    public void Add(DataFile f) => _add.Add(f);
    /// <summary>x</summary>
    public void Remove(AddFile f) => _remove.Add(f);
    /// <summary>x</summary>
    public CommitResult Commit(string operation, IReadOnlyDictionary<string, string> parameters, string? userMetadata)
    {
        long now = table.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var w = new ActionWriter();
        w.CommitInfo(now, operation, parameters, read?.Version, false, new Dictionary<string, string>(), userMetadata, "onerec");
        if (read is null) { w.Protocol(Protocol.Plain); w.Metadata(new Metadata(Guid.NewGuid().ToString(), DeltaSchema.Write(shape!.Schema), shape.PartitionColumns, shape.Configuration, now, null, null, "parquet")); }
        foreach (var r in _remove) w.Remove(r, now);
        foreach (var a in _add) w.Add(a);
        string log = System.IO.Path.Combine(table.Folder, "_delta_log"); Directory.CreateDirectory(log);
        long v = (read?.Version ?? -1) + 1; string p = System.IO.Path.Combine(log, LogPath.Commit(v));
        try { using var f = new FileStream(p, FileMode.CreateNew); f.Write(w.Bytes.Span); } catch (IOException) when (File.Exists(p)) { return new CommitResult.Conflict(v); }
        return new CommitResult.Committed(v);
    }
}
/// <summary>x</summary>
public sealed class DataFileWriter(DeltaTable table, TableShape shape)
{
    /// <summary>x</summary>
    public IEnumerable<DataFile> Write(IEnumerable<RecordBatch> batches)
    {
        var open = new Dictionary<string, (FileWriter W, string Rel, Dictionary<string, string?> Vals, long[] N)>();
        var fields = shape.Schema.FieldsList.Where(f => !shape.PartitionColumns.Contains(f.Name)).ToList(); var schema = new Schema(fields, null);
        long at = 0;
        foreach (var b in batches) { using (b) {
            string Val(string c, int r) => ((StringArray)b.Column(b.Schema.GetFieldIndex(c))).GetString(r)!;
            for (int s = 0; s < b.Length;) {
                string key = string.Join("/", shape.PartitionColumns.Select(c => c + "=" + Val(c, s))); int e = s + 1;
                while (e < b.Length && string.Join("/", shape.PartitionColumns.Select(c => c + "=" + Val(c, e))) == key) e++;
                if (!open.TryGetValue(key, out var o)) { string rel = System.IO.Path.Combine(key, $"part-{Guid.NewGuid():N}.parquet"); string full = System.IO.Path.Combine(table.Folder, rel); Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!); int ss = s; open[key] = o = (new FileWriter(full, schema), rel, shape.PartitionColumns.ToDictionary(c => c, c => (string?)Val(c, ss)), new long[1]); }
                using var run = b.SliceShared(s, e - s);
                var cols = fields.Select(f => ArrowArrayFactory.BuildArray(ColumnCast.Cast(run.Column(run.Schema.GetFieldIndex(f.Name)).Data, f, new CastPlace(ErrorKind.Input, table.Folder, "", f.Name, at)))).ToList();
                using var rb = new RecordBatch(schema, cols, e - s); o.W.WriteRecordBatch(rb, 65536); o.N[0] += e - s; s = e; }
            at += b.Length; } }
        foreach (var o in open.Values) { o.W.Close(); o.W.Dispose(); yield return new DataFile(o.Rel, o.Vals, new FileInfo(System.IO.Path.Combine(table.Folder, o.Rel)).Length, 0, $"{{\"numRecords\":{o.N[0]}}}", o.N[0]); }
    }
}
