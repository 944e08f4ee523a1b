using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;

namespace OneRec.Inputs.Sources;

/// <summary>The columns that Parquet files share, and why the others cannot be read.</summary>
internal sealed class ParquetColumns
{
    private readonly List<SourceColumn> _read = [];
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Determines the shared columns from the files' schemas.</summary>
    /// <param name="schemas">Schema of each file, at least one.</param>
    /// <param name="declared">Types that options declare.</param>
    /// <exception cref="OneRecException">Names of two columns differ only in letter case, or a declared type does not fit.</exception>
    public ParquetColumns(IReadOnlyList<(string File, Schema Columns)> schemas, IReadOnlyDictionary<string, ColumnType> declared)
    {
        (string first, Schema columns) = schemas[0];
        if (columns.FieldsList.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw OneRecException.Input(
                "input.header", $"{first} has column '{twice.Key}' twice (names are case-insensitive); rename one");
        }

        foreach (Field field in columns.FieldsList)
        {
            if (Problem(field, schemas) is { } problem)
            {
                _unreadable[field.Name] = problem;
                continue;
            }

            IArrowType native = ColumnTypes.Native(field.DataType)!;
            bool given = declared.TryGetValue(field.Name, out ColumnType type);
            if (given)
            {
                ColumnTypes.RequireFit(field.Name, native, type, first);
            }

            _read.Add(new SourceColumn(field.Name, native, given ? type : ColumnTypes.Of(native), given));
        }

        foreach ((string file, Schema other) in schemas.Skip(1))
        {
            foreach (Field field in other.FieldsList.Where(f => !Has(columns, f.Name)))
            {
                _unreadable.TryAdd(field.Name, Missing(first, field.Name, file));
            }
        }
    }

    /// <summary>Columns with the same type in every file.</summary>
    public IReadOnlyList<SourceColumn> Read => _read;

    /// <summary>Names of the other columns.</summary>
    public IEnumerable<string> UnreadableColumns => _unreadable.Keys;

    /// <summary>The types to read them as.</summary>
    public Schema Schema => new(_read.Select(c => new Field(c.Name, c.Native, nullable: true)), null);

    /// <summary>Throws the reason if a column exists but cannot be read.</summary>
    /// <exception cref="OneRecException">Input error <c>input.schema</c> with the reason (exit 3).</exception>
    public void ThrowIfUnreadable(string column)
    {
        if (_unreadable.TryGetValue(column, out string? why))
        {
            throw OneRecException.Input("input.schema", why);
        }
    }

    private static string? Problem(Field field, IReadOnlyList<(string File, Schema Columns)> schemas)
    {
        string first = schemas[0].File;
        IArrowType? native = ColumnTypes.Native(field.DataType);
        if (native is null)
        {
            return $"{first}: column '{field.Name}' has type {field.DataType.Name}, which is not supported; convert it to columns of other types";
        }

        foreach ((string file, Schema columns) in schemas.Skip(1))
        {
            if (!Has(columns, field.Name))
            {
                return Missing(file, field.Name, first);
            }

            IArrowType other = columns.GetFieldByName(field.Name).DataType;
            if (ColumnTypes.Native(other) is not { } there || ColumnTypes.Name(there) != ColumnTypes.Name(native))
            {
                string type = ColumnTypes.Native(other) is { } known ? ColumnTypes.Name(known) : other.Name;
                return $"{file}: column '{field.Name}' is {type}, but {ColumnTypes.Name(native)} in {first}; "
                    + "make the columns of the files the same";
            }
        }

        return null;
    }

    private static bool Has(Schema columns, string name) => columns.FieldsList.Any(f => f.Name == name);

    private static string Missing(string file, string column, string there) =>
        $"{file} has no column '{column}', but {there} has; make the columns of the files the same";
}
