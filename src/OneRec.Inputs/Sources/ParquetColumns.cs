using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;

namespace OneRec.Inputs.Sources;

/// <summary>The columns that Parquet files share, and why others are not read.</summary>
internal sealed class ParquetColumns
{
    private readonly List<SourceColumn> _read = [];
    private readonly Dictionary<string, string> _unread = new(StringComparer.Ordinal);

    /// <summary>The columns of files' schemas.</summary>
    /// <param name="schemas">Each file's, at least one.</param>
    /// <param name="declared">Types that options give.</param>
    /// <exception cref="OneRecException">Two columns whose names differ in letter case alone; a declared type that does not fit.</exception>
    public ParquetColumns(IReadOnlyList<(string File, Schema Columns)> schemas, IReadOnlyDictionary<string, ColumnType> declared)
    {
        (string first, Schema columns) = schemas[0];
        if (columns.FieldsList.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw OneRecException.Input(
                "input.header", $"{first} has column '{twice.Key}' twice (letter case does not count); rename one");
        }

        foreach (Field field in columns.FieldsList)
        {
            if (Problem(field, schemas) is { } problem)
            {
                _unread[field.Name] = problem;
                continue;
            }

            IArrowType native = ColumnTypes.Native(field.DataType)!;
            bool given = declared.TryGetValue(field.Name, out ColumnType type);
            if (given)
            {
                ColumnTypes.RequireFit(field.Name, native, type, first);
            }

            _read.Add(new SourceColumn(field.Name, native, given ? type : ColumnTypes.Of(native), given, null));
        }

        foreach ((string file, Schema other) in schemas.Skip(1))
        {
            foreach (Field field in other.FieldsList.Where(f => !Has(columns, f.Name)))
            {
                _unread.TryAdd(field.Name, Missing(first, field.Name, file));
            }
        }
    }

    /// <summary>Columns that every file has alike.</summary>
    public IReadOnlyList<SourceColumn> Read => _read;

    /// <summary>Names of the others.</summary>
    public IEnumerable<string> Unread => _unread.Keys;

    /// <summary>The types to read them as.</summary>
    public Schema Schema => new(_read.Select(c => new Field(c.Name, c.Native, nullable: true)), null);

    /// <summary>Throws where a column is there but is not read.</summary>
    /// <exception cref="OneRecException">Input error <c>input.schema</c>, saying why.</exception>
    public void Refuse(string column)
    {
        if (_unread.TryGetValue(column, out string? why))
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
            return $"{first}: column '{field.Name}' is of type {field.DataType.Name}, which is not read; write it as other columns";
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
                    + "write them alike, or give them as two inputs";
            }
        }

        return null;
    }

    private static bool Has(Schema columns, string name) => columns.FieldsList.Any(f => f.Name == name);

    private static string Missing(string file, string column, string there) =>
        $"{file} has no column '{column}', but {there} has; write them alike, or give them as two inputs";
}
