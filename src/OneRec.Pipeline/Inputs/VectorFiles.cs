using System.Globalization;
using OneRec.Core;
using OneRec.Delta;
using OneRec.Pipeline.Engine;
using ParquetSharp;

namespace OneRec.Pipeline.Inputs;

/// <summary>The files behind <c>input.tokens</c>: a Delta table, a folder of Parquet files, or one file.</summary>
/// <param name="Source">The files and the column of vectors.</param>
/// <param name="Version">
/// Of a Delta table its newest data-changing commit; of files a hash of their names, sizes and times in seconds.
/// </param>
public sealed record VectorFiles(VectorSource Source, string Version)
{
    /// <summary>Finds the files and the column: <c>tokens</c> where there is one, else <c>embedding</c>.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="clock">For the table's reader.</param>
    /// <exception cref="OneRecException">Nothing is there, or neither column is.</exception>
    public static VectorFiles Open(string path, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(Path.Combine(path, "_delta_log")))
        {
            return OfDelta(path, clock);
        }

        InputFiles files = InputFiles.Find("input.tokens", path, ".parquet");
        return new VectorFiles(new VectorSource(files.Files, ColumnOf(files.Files[0])), InputVersion.Of(files, InputHash.Stat));
    }

    private static VectorFiles OfDelta(string folder, TimeProvider clock)
    {
        DeltaTable table = DeltaTable.At(folder, clock);
        Snapshot snapshot = table.LatestSnapshot()
            ?? throw OneRecException.Input("input.no-file", $"input.tokens: {folder} holds no Delta table");
        string[] files = [.. snapshot.Files.Select(snapshot.FullPath).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
        {
            throw OneRecException.Input("input.no-file", $"input.tokens: {folder} version {snapshot.Version} is empty");
        }

        long data = table.History().FirstOrDefault(h => h.ChangesData)?.Version ?? snapshot.Version;
        return new VectorFiles(
            new VectorSource(files, ColumnOf(files[0])), data.ToString(CultureInfo.InvariantCulture));
    }

    private static string ColumnOf(string file)
    {
        string[] columns;
        try
        {
            using var reader = new ParquetFileReader(file);
            columns = [.. reader.FileMetaData.Schema.GroupNode.Fields.Select(f => f.Name)];
        }
        catch (ParquetException e)
        {
            throw OneRecException.Input(
                "input.parquet", $"{file}: cannot be read as Parquet ({e.Message.Split('\n')[0]})", e);
        }

        return columns.Contains("tokens") ? "tokens"
            : columns.Contains("embedding") ? "embedding"
            : throw OneRecException.Input(
                "input.missing-column",
                $"{file}: neither column 'tokens' nor 'embedding' (columns: {string.Join(", ", columns)})");
    }
}
