using System.Text.Json;
using ParquetSharp;

namespace OneRec.Delta.Tests;

/// <summary>
/// A second reading of tables that our transactions wrote, sharing no code with ours: JSON lines replayed by hand, ids by
/// Parquet's column reader. Fails where a log breaks a rule of the protocol.
/// </summary>
internal static class LogOracle
{
    /// <summary>(id, part) of a table of <see cref="Tables.IdsByPart"/> at a version; there may be no checkpoint.</summary>
    public static List<(long Id, string? Part)> Rows(string folder, long version)
    {
        var rows = new List<(long, string?)>();
        foreach ((string path, JsonElement add) in Files(folder, version))
        {
            JsonElement part = add.GetProperty("partitionValues").GetProperty("part");
            string full = Path.Combine(folder, Uri.UnescapeDataString(path));
            Assert.Equal(new FileInfo(full).Length, add.GetProperty("size").GetInt64());
            long[] ids = Ids(full);
            using JsonDocument stats = JsonDocument.Parse(add.GetProperty("stats").GetString()!);
            Assert.Equal(ids.Length, stats.RootElement.GetProperty("numRecords").GetInt32());
            rows.AddRange(ids.Select(id => (id, part.GetString())));
        }

        rows.Sort();
        return rows;
    }

    /// <summary>The live files of a version by path.</summary>
    public static Dictionary<string, JsonElement> Files(string folder, long version)
    {
        var live = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        for (long v = 0; v <= version; v++)
        {
            var touched = new HashSet<string>(StringComparer.Ordinal);
            foreach (string line in File.ReadAllLines(Path.Combine(folder, "_delta_log", $"{v:D20}.json")))
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonProperty action = Assert.Single(document.RootElement.EnumerateObject());
                if (action.Name is "add" or "remove")
                {
                    string path = action.Value.GetProperty("path").GetString()!;
                    Assert.True(touched.Add(path), $"version {v} has two actions of {path}");
                    if (action.Name == "add")
                    {
                        live.Add(path, action.Value.Clone());
                    }
                    else
                    {
                        Assert.True(live.Remove(path), $"version {v} removes {path}, which is not there");
                    }
                }
            }
        }

        return live;
    }

    private static long[] Ids(string path)
    {
        using var reader = new ParquetFileReader(path);
        var ids = new List<long>();
        for (int i = 0; i < reader.FileMetaData.NumRowGroups; i++)
        {
            using RowGroupReader group = reader.RowGroup(i);
            Assert.Equal("id", reader.FileMetaData.Schema.Column(0).Name);
            using ColumnReader column = group.Column(0);
            using LogicalColumnReader<long> values = column.LogicalReader<long>();
            ids.AddRange(values.ReadAll((int)group.MetaData.NumRows));
        }

        return [.. ids];
    }
}
