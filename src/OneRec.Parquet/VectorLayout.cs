using OneRec.Core;
using ParquetSharp;

namespace OneRec.Parquet;

/// <summary>The layout of a Parquet file of vectors: the columns of vectors and ids.</summary>
/// <param name="Column">The column of vectors: <c>tokens</c> or <c>embedding</c>.</param>
/// <param name="Kind">The encoding of the values.</param>
/// <param name="Ids">Column <c>item_id</c>: integers or texts.</param>
/// <param name="Vectors">The leaf of the vectors.</param>
/// <param name="Counts">For vectors as bytes, column <c>n_tokens</c>; else null.</param>
/// <param name="Lengths">For vectors as bytes, column <c>dim</c>; else null.</param>
public sealed record VectorLayout(
    string Column,
    VectorKind Kind,
    ParquetLeaf Ids,
    ParquetLeaf Vectors,
    ParquetLeaf? Counts,
    ParquetLeaf? Lengths)
{
    private const string Tokens = "tokens";
    private const string Embedding = "embedding";

    /// <summary>The type of the column in SQL notation.</summary>
    public string TypeText => Kind switch
    {
        VectorKind.HalfBytes => "binary",
        VectorKind.Halves => Column == Tokens ? "array<array<float16>>" : "array<float16>",
        _ => Column == Tokens ? "array<array<float>>" : "array<float>",
    };

    /// <summary>Finds the layout in the schema of a file.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="schema">The schema of the file.</param>
    /// <exception cref="OneRecException">Input error: a column is missing or has a wrong type (exit 3).</exception>
    public static VectorLayout Of(string file, SchemaDescriptor schema)
    {
        string[] columns = [.. schema.GroupNode.Fields.Select(f => f.Name)];
        string column = columns.Contains(Tokens) ? Tokens
            : columns.Contains(Embedding) ? Embedding
            : throw Missing($"has neither a column '{Tokens}' nor a column '{Embedding}'");
        if (!columns.Contains("item_id"))
        {
            throw Missing("has no column 'item_id'");
        }

        ParquetLeaf? ids = Leaf("item_id");
        if (ids is not { IsInteger: true } and not { IsText: true })
        {
            throw WrongType("item_id", "BIGINT or STRING");
        }

        ParquetLeaf? vectors = Leaf(column);
        int depth = column == Tokens ? 2 : 1;
        if (column == Tokens && vectors is { IsBytes: true })
        {
            return new VectorLayout(
                column, VectorKind.HalfBytes, ids, vectors, Number(VectorFiles.CountColumn), Number(VectorFiles.LengthColumn));
        }

        return vectors is not null && (vectors.IsLists(depth, half: false) || vectors.IsLists(depth, half: true))
            ? new VectorLayout(
                column, vectors.IsLists(depth, half: true) ? VectorKind.Halves : VectorKind.Floats, ids, vectors, null, null)
            : throw WrongType(
                column,
                column == Tokens
                    ? "array<array<float>>, array<array<float16>>, or binary with columns n_tokens and dim"
                    : "array<float> or array<float16>");

        ParquetLeaf? Leaf(string name) =>
            Array.IndexOf(columns, name) is >= 0 and var at ? ParquetLeaf.Of(schema, at) : null;

        ParquetLeaf Number(string name) => !columns.Contains(name)
            ? throw Missing($"has no column '{name}', which is required if {Tokens} is binary")
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
        VectorLayout first = this with { Column = source.Column, Kind = source.Kind };
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
