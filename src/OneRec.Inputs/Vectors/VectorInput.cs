using System.Globalization;
using OneRec.Core;
using OneRec.Delta;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Parquet;
using ParquetSharp;

namespace OneRec.Inputs.Vectors;

/// <summary>The files of <c>input.tokens</c>: a Delta table, a folder of Parquet files, or one file.</summary>
/// <param name="Source">The files, the vector column and its kind.</param>
/// <param name="Version">
/// For a Delta table, its newest data-changing commit; for files, a hash of their names and, as <c>input.hash</c> says, their
/// sizes and times in seconds or their bytes. A hash of it with the names of the columns where these are given.
/// </param>
public sealed record VectorInput(VectorFiles Source, string Version)
{
    /// <summary>The files as found by path; null for a Delta table.</summary>
    public InputFiles? Files { get; init; }

    /// <summary>Finds the files and the column: that of the options, else <c>tokens</c> if it exists, otherwise <c>embedding</c>.</summary>
    /// <param name="store">The file systems of the engine.</param>
    /// <param name="input">Section <c>input</c>, with <c>tokens</c>.</param>
    /// <param name="clock">For the table's reader.</param>
    /// <exception cref="OneRecException">
    /// There are no files, the first file is not Parquet, or it has no vector column (exit 3).
    /// </exception>
    public static VectorInput Open(IInputStore store, InputOptions input, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(input);
        VectorInput found = Find(store, input, clock);
        InputColumns columns = input.Columns;

        // Another column of the same files is another source.
        bool named = columns.Vector is not null || columns.VectorItem != new InputColumns().VectorItem;
        return found with
        {
            Source = found.Source with { LeavesOutNullIds = input.BadRows == BadRows.Quarantine },
            Version = named ? StableHash.Sha256($"{found.Version}\n{columns.VectorItem}\n{found.Source.Column}") : found.Version,
        };
    }

    /// <summary>Checks the pages of the files before vectors are read.</summary>
    /// <exception cref="OneRecException">A page inflates to far more than its size (exit 3).</exception>
    public void RequireNoBombs()
    {
        foreach (string file in Source.IdFile is null ? Files?.Files ?? [] : [])
        {
            Files!.RequireNoBombs(file);
        }
    }

    /// <summary>The rows without an id, for quarantine; none if they are not left out.</summary>
    public IEnumerable<BadRow> RowsWithoutId() => !Source.LeavesOutNullIds || Source.IdFile is not null ? [] : NullIds
        .Rows(Source.Files, Source.IdColumn, Files is { AreLocal: false } files ? file => files.Source(file)!() : null)
        .Select(r => new BadRow(r.File, r.Row, $"{Source.IdColumn} is null", null));

    private static VectorInput Find(IInputStore store, InputOptions input, TimeProvider clock)
    {
        string path = input.Tokens!;
        string local = SourceName.Plain(path);
        if (!SourceName.IsUri(local) && InputFiles.IsDelta(store, local))
        {
            return OfDelta(local, input.Columns, clock);
        }

        if (!SourceName.IsUri(local) && local.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return OfMatrix(store, input);
        }

        InputFiles files = InputFiles.Find(store, "input.tokens", path, ".parquet");
        return InputFiles.IsDelta(store, files.Root)
            ? throw OneRecException.Input(
                "input.format", $"input.tokens: {files.Root} is a Delta table, but vectors at a URI are read from Parquet files only; name a folder of them")
            : new VectorInput(SourceOf(files.Files, input.Columns, files.Source(files.First)), InputVersion.Of(files, input.Hash)) { Files = files };
    }

    // A matrix has no ids: they are in a file beside it.
    private static VectorInput OfMatrix(IInputStore store, InputOptions input)
    {
        InputFiles matrix = InputFiles.Find(store, "input.tokens", input.Tokens, ".npy");
        string? beside = input.TokensIds ?? NumPyIds.Beside(matrix.First);
        if (beside is null)
        {
            throw OneRecException.Input(
                "input.missing-file",
                $"input.tokens: there is no file of ids beside {matrix.First}, such as {NumPyIds.Names(Path.GetFileNameWithoutExtension(matrix.First)).First()}; "
                    + "write one, an id for each row, or set input.tokensIds");
        }

        InputFiles ids = InputFiles.Find(store, "input.tokensIds", beside, ".npy");
        using var array = NumPyFile.Open(matrix.First);
        int count = NumPyIds.Read(ids.First).Count;
        VectorKind kind = array.Type switch
        {
            { Kind: 'f', Size: 2 } => VectorKind.Halves,
            { Kind: 'f', Size: 4 } => VectorKind.Floats,
            { Kind: 'f', Size: 8 } => VectorKind.Doubles,
            _ => throw NumPyFile.Problem(matrix.First, $"holds {array.Type}; vectors are float16, float32 or float64"),
        };
        if (array.Shape.Count is not (2 or 3) || array.Shape.Skip(1).Any(n => n is 0 or > 1 << 20))
        {
            throw NumPyFile.Problem(
                matrix.First, $"has the shape ({string.Join(", ", array.Shape)}); vectors are a matrix of items and values, or of items, vectors and values");
        }

        return count == array.Shape[0]
            ? new VectorInput(
                new VectorFiles(matrix.Files, "embedding", kind) { IsSingle = array.Shape.Count == 2, IdFile = ids.First },
                StableHash.Sha256($"{InputVersion.Of(matrix, input.Hash)}\n{InputVersion.Of(ids, input.Hash)}"))
            { Files = matrix }
            : throw NumPyFile.Problem(matrix.First, $"has {array.Shape[0]} rows, but {ids.First} has {count} ids; write an id for each row");
    }

    private static VectorInput OfDelta(string folder, InputColumns columns, TimeProvider clock)
    {
        DeltaTable table = DeltaTable.At(folder, clock);
        try
        {
            Snapshot snapshot = table.LatestSnapshot()
                ?? throw OneRecException.Input("input.no-file", $"input.tokens: {folder} is not a Delta table");
            string[] files = [.. snapshot.Files.Select(snapshot.FullPath).Order(StringComparer.Ordinal)];
            if (files.Length == 0)
            {
                throw OneRecException.Input("input.no-file", $"input.tokens: {folder} version {snapshot.Version} is empty");
            }

            long data = table.History().FirstOrDefault(h => h.ChangesData)?.Version ?? snapshot.Version;
            return new VectorInput(SourceOf(files, columns, null), data.ToString(CultureInfo.InvariantCulture));
        }
        catch (OneRecException e) when (e.Kind == ErrorKind.Table)
        {
            throw OneRecException.Input(e.Code, $"input.tokens: {e.Message}", e);
        }
    }

    // All files of a source have the same layout, so the first one is enough.
    private static VectorFiles SourceOf(IReadOnlyList<string> files, InputColumns columns, Func<Stream>? first)
    {
        VectorLayout layout = ParquetError.Wrap(files[0], () =>
        {
            using ParquetFileReader reader = first is null ? new ParquetFileReader(files[0]) : new ParquetFileReader(first());
            return VectorLayout.Of(files[0], reader.FileMetaData.Schema, columns.VectorItem, columns.Vector);
        });
        return new VectorFiles(files, layout.Column, layout.Kind) { IdColumn = columns.VectorItem, IsSingle = layout.IsSingle };
    }
}
