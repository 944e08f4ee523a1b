using OneRec.Core;
using ParquetSharp;

namespace OneRec.Parquet;

/// <summary>The layout of a Parquet file of vectors: the columns of vectors and ids.</summary>
/// <param name="Column">The column of vectors.</param>
/// <param name="Kind">The encoding of the values.</param>
/// <param name="IsSingle">Whether a row has one vector; otherwise a list of vectors, or bytes.</param>
/// <param name="Ids">The column of ids: integers or texts.</param>
/// <param name="Vectors">The leaf of the vectors.</param>
/// <param name="Counts">For vectors as bytes, column <c>n_tokens</c>; else null.</param>
/// <param name="Lengths">For vectors as bytes, column <c>dim</c>; else null.</param>
public sealed record VectorLayout(
    string Column,
    VectorKind Kind,
    bool IsSingle,
    ParquetLeaf Ids,
    ParquetLeaf Vectors,
    ParquetLeaf? Counts,
    ParquetLeaf? Lengths)
{
    private const string Tokens = "tokens";
    private const string Embedding = "embedding";
    private const string Wanted = "lists of float, double or float16 (one vector), lists of such lists, or binary with columns n_tokens and dim";

    /// <summary>The type of the column in SQL notation.</summary>
    public string TypeText => Kind == VectorKind.HalfBytes ? "binary" : IsSingle ? $"array<{ValueText}>" : $"array<array<{ValueText}>>";

    private string ValueText => Kind switch
    {
        VectorKind.Halves => "float16",
        VectorKind.Doubles => "double",
        _ => "float",
    };

    /// <summary>The columns of a file with lists of numbers, which may be vectors.</summary>
    /// <exception cref="OneRecException">Input error <c>input.parquet</c>: the file cannot be read.</exception>
    public static IReadOnlyList<string> ListsOf(string file) => ParquetError.Wrap<IReadOnlyList<string>>(file, () =>
    {
        using var reader = new ParquetFileReader(file);
        SchemaDescriptor schema = reader.FileMetaData.Schema;
        return
        [
            .. schema.GroupNode.Fields.Select((field, at) => (field.Name, Leaf: ParquetLeaf.Of(schema, at)))
                .Where(f => f.Leaf is { ListKind: not null, Repeated.Count: 1 or 2 })
                .Select(f => f.Name),
        ];
    });

    /// <summary>Finds the layout in the schema of a file.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="schema">The schema of the file.</param>
    /// <param name="idColumn">The column of ids.</param>
    /// <param name="column">The column of vectors; null: <c>tokens</c> if it exists, otherwise <c>embedding</c>.</param>
    /// <exception cref="OneRecException">Input error: a column is missing or has a wrong type (exit 3).</exception>
    public static VectorLayout Of(string file, SchemaDescriptor schema, string idColumn, string? column)
    {
        string[] columns = [.. schema.GroupNode.Fields.Select(f => f.Name)];
        string found = column is not null
            ? columns.Contains(column) ? column : throw Missing($"has no column '{column}'")
            : columns.Contains(Tokens) ? Tokens
            : columns.Contains(Embedding) ? Embedding
            : throw Missing($"has neither a column '{Tokens}' nor a column '{Embedding}'; set input.columns.vector");
        if (!columns.Contains(idColumn))
        {
            throw Missing($"has no column '{idColumn}'; set input.columns.vectorItem");
        }

        ParquetLeaf? ids = Leaf(idColumn);
        if (ids is not { IsInteger: true } and not { IsText: true })
        {
            throw WrongType(idColumn, "BIGINT or STRING");
        }

        return Leaf(found) switch
        {
            { IsBytes: true } bytes => new VectorLayout(
                found, VectorKind.HalfBytes, false, ids, bytes, Number(VectorFiles.CountColumn), Number(VectorFiles.LengthColumn)),
            { ListKind: { } kind, Repeated.Count: 1 or 2 } lists => new VectorLayout(found, kind, lists.Repeated.Count == 1, ids, lists, null, null),
            _ => throw WrongType(found, Wanted),
        };

        ParquetLeaf? Leaf(string name) =>
            Array.IndexOf(columns, name) is >= 0 and var at ? ParquetLeaf.Of(schema, at) : null;

        ParquetLeaf Number(string name) => !columns.Contains(name)
            ? throw Missing($"has no column '{name}', which is required if {found} is binary")
            : Leaf(name) is { IsInteger: true } number ? number : throw WrongType(name, "an integer");

        OneRecException Missing(string what) => OneRecException.Input(
            "input.missing-column", $"{file}: {what} (columns: {string.Join(", ", columns)})");

        OneRecException WrongType(string name, string expected) =>
            OneRecException.Input("input.column-type", $"{file}: column '{name}' must be {expected}");
    }

    /// <summary>Requires that a further file of a source has the same column and encoding as the first file.</summary>
    /// <exception cref="OneRecException">Input error <c>input.column-type</c>: the layouts differ.</exception>
    public void Require(string file, VectorFiles source)
    {
        VectorLayout first = this with { Column = source.Column, Kind = source.Kind, IsSingle = source.IsSingle };
        if (this != first)
        {
            throw OneRecException.Input(
                "input.column-type",
                $"{file}: {Column} is {TypeText}, but {first.Column} of {source.Files[0]} is {first.TypeText}; "
                + "write all files of a source with the same type");
        }
    }
}

/// <summary>The size of the rows of a vector source, from the footers of its files.</summary>
public static class VectorRowBytes
{
    /// <summary>The largest mean row size of any row group, in bytes, uncompressed; at least 1.</summary>
    /// <param name="source">The files.</param>
    /// <param name="open">Opens a file; only its footer is read.</param>
    /// <exception cref="Core.OneRecException">Input error <c>input.parquet</c>: a file cannot be read.</exception>
    public static long Largest(VectorFiles source, Func<string, Stream> open) =>
        source.Files.Max(file => ParquetError.Wrap(file, () => Largest(open(file))));

    private static long Largest(Stream bytes)
    {
        using var file = new ParquetFileReader(bytes);
        long largest = 1;
        for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader rows = file.RowGroup(group);
            largest = Math.Max(largest, rows.MetaData.TotalByteSize / Math.Max(1, rows.MetaData.NumRows));
        }

        return largest;
    }
}
