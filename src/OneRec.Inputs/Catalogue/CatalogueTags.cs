using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Kernels.Texts;

namespace OneRec.Inputs.Catalogue;

/// <summary>Tags from their own source, by item.</summary>
internal static class CatalogueTags
{
    /// <summary>Joins the distinct tags of each item to one text, the most frequent first, then by text.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="id">The catalogue's id type.</param>
    /// <param name="bad">Receives bad rows if they are quarantined.</param>
    /// <returns><c>item_id</c>, <c>texts</c>; one row per item with tags.</returns>
    /// <exception cref="OneRecException">A column is missing; the first bad row, if they are not quarantined (exit 3).</exception>
    public static IRelation Read(IQueryEngine engine, InputOptions input, IArrowType id, BadRowList bad)
    {
        ColumnType idType = id is Int64Type ? ColumnType.BigInt : ColumnType.Text;
        InputSource source = InputSource.Open(
            InputFiles.OpenAll(engine.Inputs, "input.tags", input.Tags), input.Csv.Format(input.Csv.Tags, multiLine: true), input.Types);
        source.Require(input.Columns.TagItem, "input.columns.tagItem");
        source.Require(input.Columns.Tag, "input.columns.tag");
        SourceColumn item = source.Column(input.Columns.TagItem);
        SourceColumn tag = source.Column(input.Columns.Tag);
        Require(source, item, tag, idType);
        var key = new ReadColumn(item, idType, "ids");
        SourceRead read = source.Begin([key]);
        var columns = new SqlWriter("columns");
        string text = read.AsIs(columns, tag.Name);
        text = tag.Native is StringType ? text : $"CAST({text} AS STRING)";
        SqlFragment list = columns.Fragment(string.Join(", ", [
            $"{read.Typed(columns, key)} AS item_id", $"{text} AS tag", $"{read.InvalidValues(columns)} AS invalid_values", .. read.SelectDetails(columns)]));
        SqlScript script = list.Into(SqlScript.Load(typeof(CatalogueTags), "checked_tags.sql"), "columns")
            .With("details_of_bad", read.BadRowDetails("bad"));
        IMaterializedRelation kept = read.Materialize(engine, rows => engine.Sql(script, ("tags", rows)));
        read.ResolveAllBadRows(engine, kept, input.BadRows, bad);
        IRelation ordered = engine.Sql(SqlScript.Load(typeof(CatalogueTags), "read_tags.sql"), ("tags", kept));
        return engine.Map(ordered, JoinTextsKernel.Call(id, "tag", ", "), PartitionShape.ByKey("item_id", "place"));
    }

    private static void Require(InputSource source, SourceColumn item, SourceColumn tag, ColumnType idType)
    {
        ColumnType? there = ColumnTypes.Of(item.Native);
        if (there is not (ColumnType.Text or ColumnType.BigInt))
        {
            throw OneRecException.Input(
                "input.id-type",
                $"{source.Files.First}: column '{item.Name}' is {ColumnTypes.Name(item.Native)}, but item ids are "
                    + $"{idType.SqlName()} in input.items; use one type in both");
        }

        if (tag.Native is not (StringType or Int64Type or Date32Type or BooleanType))
        {
            throw OneRecException.Input(
                "input.schema",
                $"{source.Files.First}: column '{tag.Name}' is {ColumnTypes.Name(tag.Native)}, but tags must be text; set input.columns.tag");
        }
    }
}
